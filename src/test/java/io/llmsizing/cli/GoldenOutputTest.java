package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenOutputTest {
    private static final Pattern ARGUMENT = Pattern.compile("'([^']*)'|(\\S+)");

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of("fits.txt", 0, "fits deepseek-r1 8xH200"),
                Arguments.of("does-not-fit.txt", 1, "fits llama-3.1-70b H100"),
                Arguments.of("too-close.txt", 3, "fits llama-3.1-8b 'RTX 3090' --engine-version 0.24 --context 40000"),
                Arguments.of("two-stages.txt", 0, "fits deepseek-r1 2x8xH100 --sequences 4"),
                Arguments.of("equal-stages.txt", 0, "fits llama-3.1-70b 8xH100 --pipeline 8"),
                Arguments.of("phone.txt", 1, "fits r1-distill-qwen-7b 'phone 16 GB'"),
                Arguments.of("no-room-for-context.txt", 1, "fits llama-3.1-8b H100 --memory-fraction 1"),
                Arguments.of("other-arithmetic.txt", 0, "fits deepseek-r1 2x8xA100-80GB --engine-version 0.19.1"),
                Arguments.of("explain-no-engine.txt", 0, "explain llama-3.1-8b H100 --engine none"),
                Arguments.of("explain-llama-cpp.txt", 0, "explain gemma-3-27b-it 2xL40S --engine llama.cpp"),
                Arguments.of("explain-mixture.txt", 0, "explain deepseek-v2-lite H100 --engine-version 0.19"),
                Arguments.of("shared-prefix.txt", 0, "fits llama-3.1-8b H100 --sequences 56 --shared-prefix 1000"),
                Arguments.of("lora.txt", 0, "fits llama-3.1-8b H100 --lora-slots 8 --lora-rank 64"),
                Arguments.of("draft.txt", 0, "fits llama-3.1-70b 8xH200 --draft llama-3.1-8b --pipeline 2 --tensor 4"),
                Arguments.of("gpus.txt", 0, "gpus H200"),
                Arguments.of("gpus-sources.txt", 0, "gpus h200 --sources"),
                Arguments.of("gpus.json", 0, "gpus gb10 --json"),
                Arguments.of("models.txt", 0, "models mixtral"),
                Arguments.of("models.json", 0, "models mixtral-8x7b-v --json"),
                Arguments.of("tensors-dense.txt", 0, "tensors llama-3.1-8b"),
                Arguments.of("tensors-gguf.txt", 0, "tensors llama-3.1-8b --weights gguf:Q4_K_M"),
                Arguments.of("tensors-mixture.txt", 0, "tensors deepseek-r1 --tensor-parallel 8 --expert-parallel"),
                Arguments.of("tensors-vision.txt", 0, "tensors deepseek-vl-7b --weights int4 --pipeline 2"),
                Arguments.of("tensors.json", 0, "tensors qwen3-0.6b --tensor 2 --json"),
                Arguments.of("fits.json", 0, "fits deepseek-r1 8xH200 --json"),
                Arguments.of("explain.json", 0, "explain qwen3-8b H100 --json --tensor 1"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("outputs")
    void theOutputIsTheOneThatIsKept(String file, int code, String command) {
        Command ran = Command.of(words(command));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(code);
        GoldenFile.holds(file, ran.out());
    }

    @Test
    void everyLineEndsAndNoneEndsInBlanks() {
        outputs().map(golden -> Command.of(words((String) golden.get()[2]))).forEach(ran -> {
            assertThat(ran.out()).endsWith("\n");
            assertThat(ran.out().lines()).noneMatch(line -> line.endsWith(" "));
        });
    }

    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        ARGUMENT.matcher(command)
                .results()
                .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
        return words.toArray(String[]::new);
    }
}
