package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the commands of the planner print, and what they refuse. */
class PlannerCommandsTest {
    private static final Pattern ARGUMENT = Pattern.compile("'([^']*)'|(\\S+)");

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of("plan.txt", 0, "plan deepseek-r1 2x8xH200 --top 4 --why-not tp6"),
                Arguments.of(
                        "plan-price.txt",
                        0,
                        "plan llama-3.1-70b --on h100 --weights bf16,fp8 --objective price --sequences 8 --top 5"),
                Arguments.of("plan-nothing.txt", 1, "plan llama-3.1-70b H100 --why-not 'tp2 pp2 ep'"),
                Arguments.of(
                        "plan-too-close.txt", 3, "plan llama-3.1-8b 'RTX 3090' --engine vllm:0.24 --context 40000"),
                Arguments.of("plan-constraints.txt", 0, "plan llama-3.1-8b 2x4xL40S --tensor 2 --spare-nodes 1"),
                Arguments.of("plan.json", 0, "plan llama-3.1-8b 'p5.48xlarge x 2' --kv-cache bf16,fp8 --top 2 --json"),
                Arguments.of("plan-nothing.json", 1, "plan llama-3.1-70b H100 --why-not tp2 --json"),
                Arguments.of(
                        "max-context.txt",
                        0,
                        "max-context llama-3.1-8b 'RTX 3090' --sequences 2 --engine-version 0.24"),
                Arguments.of("plan-no-room.txt", 1, "plan llama-3.1-8b 2xH200 --memory-fraction 1"),
                Arguments.of("max-context-all.txt", 0, "max-context llama-3.1-8b H200"),
                Arguments.of("max-context-nothing.txt", 1, "max-context llama-3.1-70b H100"),
                Arguments.of("max-context-too-close.txt", 3, "max-context llama-3.1-8b 'RTX 3090 (19 GiB)'"),
                Arguments.of(
                        "max-context-too-close.json",
                        3,
                        "max-context llama-3.1-8b 'RTX 3090 (20 GiB)' --engine-version 0.24 --memory-fraction 0.84 --json"),
                Arguments.of("max-context.json", 0, "max-context llama-3.1-8b 'RTX 3090' --engine-version 0.24 --json"),
                Arguments.of("max-sequences.txt", 0, "max-sequences deepseek-r1 8xH200 --context 32768"),
                Arguments.of("max-sequences-all.txt", 0, "max-sequences bge-large-en-v1.5 H200"),
                Arguments.of(
                        "max-sequences.json", 0, "max-sequences llama-3.1-8b 'RTX 3090' --engine-version 0.24 --json"),
                Arguments.of("limits.txt", 0, "limits llama-3.1-70b 2xH200 --sequences 4 --context 16384"),
                Arguments.of("limits-nothing.txt", 1, "limits deepseek-r1 'RTX 3090' --engine transformers"),
                Arguments.of("limits.json", 0, "limits llama-3.1-8b 'RTX 3090' --engine-version 0.24 --json"),
                Arguments.of("min-gpus.txt", 0, "min-gpus deepseek-r1 H100-SXM H200-SXM MI300X L4 T4"),
                Arguments.of("min-gpus-nothing.txt", 1, "min-gpus deepseek-r1 T4 --nodes 1"),
                Arguments.of("min-gpus.json", 0, "min-gpus llama-3.1-70b 'RTX 3090' T4 --per-node 2 --nodes 4 --json"),
                Arguments.of("which-models.txt", 0, "which-models 8xH200 --top 5 --context 100000"),
                Arguments.of("which-models-nothing.txt", 1, "which-models T4 --memory-fraction 0.01"),
                Arguments.of("which-models.json", 0, "which-models 'RTX 3090' --engine-version 0.24 --top 2 --json"),
                Arguments.of("which-clusters.txt", 0, "which-clusters llama-3.1-70b --top 6"),
                Arguments.of("which-clusters.json", 0, "which-clusters deepseek-r1 --nodes 2 --top 2 --json"),
                Arguments.of("heat.txt", 0, "heat llama-3.1-8b 'RTX 3090' --engine sglang"),
                Arguments.of("heat.json", 1, "heat llama-3.1-70b H100 --json"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("outputs")
    void theOutputIsTheOneThatIsKept(String file, int code, String command) {
        Command ran = Command.of(words(command));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(code);
        GoldenFile.holds(file, ran.out());
        assertThat(ran.out()).endsWith("\n");
        assertThat(ran.out().lines()).noneMatch(line -> line.endsWith(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            plan llama-3.1-8b                                          | one of: a cluster
            plan llama-3.1-8b H100 --on h200                           | one of: a cluster
            plan llama-3.1-8b --on zzz                                 | no accelerator 'zzz'
            plan llama-3.1-8b 8xH100 --tensor 3                        | sizes that work
            plan llama-3.1-8b H100 --spare-nodes 1                     | leaves none to plan on
            plan llama-3.1-8b H100 --spare-nodes -1                    | 0 or more
            plan llama-3.1-8b H100 --objective speed                   | context, devices, headroom, price, sequences
            plan llama-3.1-8b H100 --weights bf16,gguf:Q4_K_M          | can only stand alone
            plan llama-3.1-8b H100 --weights fp5                       | 'fp5'
            plan llama-3.1-8b H100 --engine vlm                        | known: none, vllm
            plan llama-3.1-8b H100 --context 200000                    | 131072
            plan llama-3.1-8b H100 --why-not 8                         | is no layout
            plan llama-3.1-8b H100 --top 0                             | --top 0
            max-context llama-3.1-8b H100 --context 5                  | leave it out
            max-sequences llama-3.1-8b H100 --sequences 5              | leave it out
            max-context llama-3.1-8b                                   | no cluster
            min-gpus llama-3.1-8b H100-SXM --usable-memory 70GiB       | leave them out
            min-gpus llama-3.1-8b H100-SXM --nodes 0                   | 1 to 128
            which-clusters llama-3.1-8b --nodes 200                    | 1 to 128
            min-gpus llama-3.1-70b H100 T4 --expert                    | has no experts; leave it off
            min-gpus llama-3.1-70b H100 --tensor 128                   | 8x8x NVIDIA H100 SXM5 80GB has 64
            which-clusters llama-3.1-70b --expert                      | has no experts; leave it off
            which-clusters llama-3.1-70b --tensor 3                    | sizes that work: 1, 2, 4
            which-models H100 --context 0                              | context tokens: 0; 1 to
            which-models H100 --memory-fraction 7                      | a memory fraction of 7; above 0
            which-models H100 --engine llama.cpp --kv-cache fp8        | keeps no cache in fp8
            which-models 8xH100 --tensor 16                            | needs 16 devices
            min-gpus llama-3.1-8b H100 --per-node 2000                 | 1 to 1024
            which-models H100 --top 0                                  | --top 0
            which-models                                               | no cluster
            """)
    void aRefusalSaysWhyInOneLine(String command, String fragment) {
        Command ran = Command.of(words(command));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(fragment).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max-sequences llama-3.1-8b H100 --context 131072                | bound by  kv cache
            max-context llama-3.1-8b H200                                   | bound by  model context
            max-sequences llama-3.1-70b H100                                | bound by  weights
            max-sequences bge-large-en-v1.5 H200                            | 2^31 is the most that is counted
            max-sequences llama-3.1-8b H200 --max-sequences 16              | a step takes no more as it is set
            max-sequences llama-3.1-8b H200 --max-sequences 16              | 16 sequences of 8,192 tokens
            max-sequences llama-3.1-8b 4xH200 --max-sequences 4 --data 2    | 8 sequences of 8,192 tokens
            """)
    void aLimitSaysWhatEndsIt(String command, String fragment) {
        assertThat(Command.of(words(command)).out()).contains(fragment);
    }

    @Test
    void theBestPlanIsWhatFitsSaysOfIt() {
        JsonObject plan = JsonReader.read(
                        Command.of("plan", "llama-3.1-70b", "4xH100", "--json").out(), "plan")
                .objects("plans")
                .get(0);
        JsonObject layout = plan.requiredObject("layout");
        JsonObject fits = JsonReader.read(
                Command.of(
                                "fits",
                                "llama-3.1-70b",
                                "4xH100",
                                "--json",
                                "--tensor",
                                "" + layout.whole("tensor_parallel", 1, 8),
                                "--pipeline",
                                "" + layout.whole("pipeline_parallel", 1, 8),
                                "--data",
                                "" + layout.whole("data_parallel", 1, 8))
                        .out(),
                "fits");
        for (String limit : List.of("max_context_tokens", "max_sequences")) {
            assertThat(plan.whole(limit, 1, 1 << 20)).isEqualTo(fits.whole(limit, 1, 1 << 20));
        }
    }

    @Test
    void aMixOfLlamaCppIsPlannedFor() {
        Command ran =
                Command.of("plan", "llama-3.1-8b", "RTX 3090", "--weights", "gguf:q4_k_m", "--engine", "llama.cpp");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("gguf:q4_k_m").contains("llama.cpp");
    }

    @Test
    void anInventoryIsPlannedOn() {
        Command ran = Command.of(
                "plan",
                "llama-3.1-8b",
                "--inventory",
                "src/test/resources/io/llmsizing/inventory/nvidia-smi-L.txt",
                "--top",
                "1");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("H100");
        assertThat(ran.err()).contains("compute instances");
    }

    @Test
    void remediesComeUnlessALineOfABatchLeavesThemOut() {
        String question =
                "{\"model\": \"llama-3.1-8b\", \"accelerator\": \"RTX 3090\", \"engine_version\": \"0.24\", \"context_tokens\": 40000";
        List<JsonObject> answers = Command.batch(question + ", \"remedies\": false}", question + "}")
                .answers();
        assertThat(answers.get(0).objects("remedies")).isEmpty();
        List<JsonObject> remedies = answers.get(1).objects("remedies");
        assertThat(remedies)
                .extracting(remedy -> remedy.requiredText("change"))
                .contains("kv_cache=fp8", "enforce_eager=true");
        assertThat(remedies).allSatisfy(remedy -> {
            assertThat(remedy.keys())
                    .containsExactly(
                            "change", "verdict", "needed_bytes", "budget_bytes", "max_context_tokens", "max_sequences");
            assertThat(remedy.requiredText("verdict")).isEqualTo("fits");
            assertThat(remedy.whole("needed_bytes", 1, 1L << 50)).isLessThan(remedy.whole("budget_bytes", 1, 1L << 50));
        });
        JsonObject single = JsonReader.read(
                Command.of(
                                "fits",
                                "llama-3.1-8b",
                                "RTX 3090",
                                "--engine-version",
                                "0.24",
                                "--context",
                                "40000",
                                "--json")
                        .out(),
                "answer");
        assertThat(single.objects("remedies")).hasSameSizeAs(remedies);
        assertThat(Command.of("fits", "llama-3.1-8b", "H100").out()).doesNotContain("make it fit");
    }

    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        ARGUMENT.matcher(command)
                .results()
                .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
        return words.toArray(String[]::new);
    }
}
