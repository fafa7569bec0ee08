package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.MalformedFileException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever stands in a file: a model, or an error of ours that says where; and soon. */
class HuggingFaceReaderFuzzTest {
    private static final long MOST_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final List<String> CONFIGS = List.of(
            Configs.LLAMA_3_1_8B,
            Configs.MISTRAL_7B,
            Configs.MIXTRAL_8X7B,
            Configs.QWEN2_7B,
            Configs.QWEN3_30B_A3B,
            Configs.DEEPSEEK_MOE_16B,
            Configs.DEEPSEEK_V2_LITE,
            Configs.DEEPSEEK_V3);

    private static final List<String> HOSTILE = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0",
            "1",
            "-1",
            "2",
            "3",
            "0.5",
            "1e308",
            "-1e308",
            "1e400",
            "1e2147483647",
            "1e-2147483647",
            "1e99999999999",
            "2147483647",
            "2147483648",
            "1048576",
            "4294967296",
            "4294967297",
            "9223372036854775807",
            "9223372036854775808",
            "1" + "0".repeat(900),
            "1" + "0".repeat(2_000),
            "NaN",
            "\"\"",
            "\"4096\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + "x".repeat(100_000) + "\"",
            "[]",
            "{}",
            "[null]",
            "[128, 128]",
            "[-1]",
            "[[[[[]]]]]",
            "[\"sliding_attention\"]",
            "[" + "\"full_attention\", ".repeat(60) + "\"sliding_attention\"]",
            "{\"quant_method\": \"awq\", \"bits\": 1e99}",
            "{\"rope_type\": \"yarn\", \"factor\": 1e17, \"original_max_position_embeddings\": 4294967296}",
            "{\"rope_type\": \"yarn\", \"factor\": \"1e-9\", \"original_max_position_embeddings\": 1}",
            "{\"type\": \"yarn\", \"factor\": -1, \"original_max_position_embeddings\": 4096}",
            "[".repeat(5_000) + "]".repeat(5_000),
            "{\"a\":".repeat(3_000) + "1" + "}".repeat(3_000),
            "\"bfloat16\"",
            "/* none */ 1");

    /** What is done to a text: the kind of change, where, and with what. */
    private record Change(int kind, int place, String value) {
        String applied(String text) {
            List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
            int line = place % lines.size();
            String old = lines.get(line);
            int colon = old.indexOf(':');
            switch (kind) {
                case 0, 1, 2 -> lines.set(line, colon < 0 ? old : old.substring(0, colon + 1) + " " + value + ",");
                case 3 -> lines.remove(line);
                case 4 -> lines.add(line, old);
                case 5 -> {
                    return text.substring(0, place % (text.length() + 1));
                }
                case 6 -> {
                    int at = place % (text.length() + 1);
                    return text.substring(0, at) + value + text.substring(at);
                }
                default -> lines.add(1, "\"" + (place % 2 == 0 ? "layer_types" : "surprise") + "\": " + value + ",");
            }
            return String.join("\n", lines);
        }
    }

    @BeforeContainer
    static void classesAreLoadedBeforeTheClockRuns() {
        for (int i = 0; i < 20; i++) {
            for (String config : CONFIGS) {
                assertThat(read(config)).isTrue();
                assertThat(read(config.substring(5))).isFalse();
            }
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 10_000),
                        Arbitraries.of(HOSTILE))
                .as(Change::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> configs() {
        return Arbitraries.of(CONFIGS);
    }

    @Property(tries = 4_000, edgeCases = EdgeCasesMode.NONE)
    void aDamagedConfigurationIsReadOrRefusedAndNothingElse(
            @ForAll("configs") String config, @ForAll("changes") List<Change> changes) {
        String damaged = config;
        for (Change change : changes) {
            damaged = change.applied(damaged);
        }
        readInTime(damaged);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void anyTextIsReadOrRefusedAndNothingElse(@ForAll String text) {
        readInTime(text);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void anyObjectWithAnArchitectureIsReadOrRefusedAndNothingElse(@ForAll("changes") List<Change> changes) {
        StringBuilder text = new StringBuilder("{\"model_type\": \"llama\"");
        for (Change change : changes) {
            text.append(", \"")
                    .append("key")
                    .append(change.place())
                    .append("\": ")
                    .append(change.value());
        }
        readInTime(text.append('}').toString());
    }

    private static void readInTime(String text) {
        long start = THREADS.getCurrentThreadCpuTime();
        read(text);
        assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(MOST_NANOSECONDS);
    }

    /** Whether a model was read; any exception but ours goes on its way and fails the property. */
    private static boolean read(String text) {
        try {
            ModelReading reading = HuggingFaceReader.read(text, "m");
            assertThat(reading.model().parameters().total()).isPositive();
            return true;
        } catch (MalformedFileException | UnsupportedArchitectureException refused) {
            assertThat(refused.getMessage()).startsWith("config.json: ");
            return false;
        }
    }
}
