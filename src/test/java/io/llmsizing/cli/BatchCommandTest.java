package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.engine.Engines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchCommandTest {
    private static final String GOOD = "\"model\": \"llama-3.1-8b\", \"accelerator\": \"H100\"";

    @Test
    void whereTheEngineOfBatchDoesNotRunTheUsualOneIsTakenUnlessItWasStated() {
        String phone = "\"model\": \"qwen3-0.6b\", \"accelerator\": \"phone-8gb\", \"context_tokens\": 512";
        assertThat(answer("{" + phone + "}").texts("assumptions").toString())
                .contains(
                        "no engine is stated, and vllm does not run on Phone with 8 GB of memory: llama.cpp is taken");
        assertThat(answer("{" + phone + ", \"engine\": \"vllm\"}")
                        .requiredObject("error")
                        .requiredText("message"))
                .contains("does not run on Phone with 8 GB of memory", "llama.cpp");
    }

    @Test
    void answersComeInTheOrderOfTheQuestionsUnderTheirIds() {
        String[] lines = IntStream.range(0, 50)
                .mapToObj(i -> "{\"id\": \"q" + i + "\", " + GOOD + ", \"context_tokens\": " + (50 - i) + "}")
                .toArray(String[]::new);
        Command ran = Command.batch(lines);
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.answers())
                .extracting(answer -> answer.requiredText("id"))
                .containsExactly(IntStream.range(0, 50).mapToObj(i -> "q" + i).toArray(String[]::new));
    }

    @Test
    void withoutAnIdTheNumberOfTheLineStandsThereAndBlankLinesAreCountedButNotAnswered() {
        Command ran = Command.batch("{" + GOOD + "}", "", "   ", "{" + GOOD + "}", "{\"model\": \"nobody\"}");
        assertThat(ran.code()).isZero();
        assertThat(ran.answers()).extracting(answer -> answer.whole("id", 1, 9)).containsExactly(1L, 4L, 5L);
    }

    @Test
    void aMixOfLlamaCppIsBoundToTheModelWithAClusterAndWithout() {
        List<JsonObject> answers = Command.batch(
                        "{\"model\": \"llama-3.1-8b\", \"weights\": \"gguf:q4_k_m\", \"engine\": \"none\"}",
                        "{" + GOOD + ", \"weights\": \"GGUF:Q4_K_M\", \"engine\": \"none\"}")
                .answers();
        assertThat(answers).hasSize(2).allSatisfy(answer -> {
            assertThat(answer.requiredObject("weights").whole("bytes", 0, Long.MAX_VALUE))
                    .isEqualTo(4_912_898_048L);
            assertThat(answer.texts("assumptions")).anyMatch(taken -> taken.startsWith("gguf:q4_k_m: "));
        });
    }

    @Test
    void theKeysOfAnAnswerAreThoseOfTheContractInItsOrder() {
        JsonObject answer = answer("{\"id\": \"x\", " + GOOD + "}");
        assertThat(answer.keys())
                .containsExactly(
                        "id",
                        "model",
                        "parameters",
                        "weights",
                        "kv_cache",
                        "memory",
                        "verdict",
                        "shortfall_bytes",
                        "headroom_bytes",
                        "max_context_tokens",
                        "max_sequences",
                        "binding_constraint",
                        "remedies",
                        "layout",
                        "band",
                        "assumptions",
                        "lines");
        assertThat(answer.requiredObject("parameters").keys())
                .containsExactly(
                        "total",
                        "active",
                        "active_without_input_embedding",
                        "active_without_embeddings",
                        "speculative",
                        "vision");
        assertThat(answer.requiredObject("weights").keys())
                .containsExactly("bytes", "tightest_rank_bytes", "tightest_rank_loaded_bytes");
        assertThat(answer.requiredObject("kv_cache").keys())
                .containsExactly(
                        "bytes_per_token",
                        "bytes_per_token_per_rank",
                        "fixed_bytes_per_sequence",
                        "bytes_for_question",
                        "pool_bytes_per_rank",
                        "pool_tokens",
                        "max_concurrency");
        assertThat(answer.requiredObject("memory").keys())
                .containsExactly(
                        "usable_bytes_per_rank",
                        "budget_bytes_per_rank",
                        "activation_bytes",
                        "runtime_bytes",
                        "graph_bytes");
        assertThat(answer.requiredObject("layout").keys())
                .containsExactly("tensor_parallel", "pipeline_parallel", "data_parallel", "expert_parallel");
        assertThat(answer.requiredObject("band").keys()).containsExactly("low_bytes", "high_bytes");
        assertThat(answer.objects("lines")).isEmpty();
    }

    @Test
    void aQuestionWithoutAnAcceleratorIsAnsweredForTheModelAlone() {
        JsonObject answer = answer("{\"model\": \"deepseek-r1\", \"context_tokens\": 640, \"engine\": \"none\"}");
        assertThat(answer.keys()).startsWith("id", "model", "parameters", "weights", "kv_cache");
        assertThat(answer.requiredObject("weights").whole("bytes", 0, Long.MAX_VALUE))
                .isEqualTo(673_150_611_808L);
        assertThat(answer.requiredObject("kv_cache").whole("bytes_per_token", 0, Long.MAX_VALUE))
                .isEqualTo(70_272);
        assertThat(answer.requiredObject("kv_cache").whole("bytes_for_question", 0, Long.MAX_VALUE))
                .isEqualTo(640 * 70_272);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"model": "lama-3.1-8b", "accelerator": "H100"}                      | unknown_model          | meta-llama/Llama-3.1-8B
            {"model": "llama-3.1-8b", "accelerator": "H20O"}                     | unknown_accelerator    | nvidia-h200-sxm5-141gb
            {"model": "llama-3.1-8b", "accelerator": "A100"}                     | unknown_accelerator    | nvidia-a100-sxm4-80gb
            {"config": "/nowhere/config.json", "accelerator": "H100"}            | malformed_file         | /nowhere/config.json
            {"model": "llama-3.1-8b", "accelerator": "H100", "count": 3, "tensor_parallel": 3} | invalid_layout | sizes that work
            {"model": "llama-3.1-8b", "pipeline_parallel": 33}                   | invalid_layout         | 1 to 32 stages
            {"model": "llama-3.1-8b", "accelerator": "H100", "colour": "red"}    | invalid_question       | colour: unknown key; known here: accelerator
            {"model": "llama-3.1-8b", "accelerator": "H100", "tensor_parallel": 2} | invalid_question     | needs 2 devices
            {"model": "llama-3.1-8b", "accelerator": "H100", "context_tokens": 0} | invalid_question      | context_tokens: 0
            {"model": "llama-3.1-8b", "accelerator": "H100", "context_tokens": 131073} | invalid_question | 131072
            {"model": "llama-3.1-8b", "accelerator": "H100", "sequences": -1}    | invalid_question       | sequences: -1
            {"model": "llama-3.1-8b", "accelerator": "H100", "sequences": "one"} | invalid_question       | sequences: "one"
            {"model": "llama-3.1-8b", "accelerator": "H100", "memory_fraction": 1.5} | invalid_question   | above 0 and up to 1
            {"model": "llama-3.1-8b", "accelerator": "H100", "memory_fraction": []} | invalid_question    | memory_fraction
            {"model": "llama-3.1-8b", "accelerator": "H100", "weights": "fp5"}   | invalid_question       | 'fp5'
            {"model": "llama-3.1-8b", "weights": "gguf:q4_k_xl"}                 | invalid_question       | gguf:q4_k_m
            {"model": "llama-3.1-8b", "accelerator": "H100", "kv_cache": "fp5"}  | invalid_question       | 'fp5'
            {"model": "llama-3.1-8b", "accelerator": "H100", "engine": "vlm"}    | invalid_question       | known: none, vllm
            {"model": "llama-3.1-8b", "accelerator": "H100", "engine_version": "0.1"} | invalid_question  | 0.6
            {"model": "llama-3.1-8b", "accelerator": "H100", "explain": "yes"}   | invalid_question       | explain: "yes"
            {"model": "llama-3.1-8b", "accelerator": "H100", "count": 0}         | invalid_question       | count: 0
            {"model": 7, "accelerator": "H100"}                                  | invalid_question       | model: 7
            {"accelerator": "H100"}                                              | invalid_question       | no model
            {"safetensors": "src/test/resources/examples/tiny-llama", "gguf": "x.gguf"} | invalid_question | by 'safetensors' and 'gguf'
            {"safetensors": ""}                                                  | malformed_file         | expected a folder that is there
            {"gguf": "/nowhere/x.gguf"}                                          | malformed_file         | /nowhere/x.gguf is not there
            {"model": "llama-3.1-8b", "model": "r1"}                             | invalid_question       | model
            """)
    void aRefusedQuestionSaysWhy(String line, String code, String fragment) {
        Command ran = Command.batch(line.strip(), "{" + GOOD + "}");
        assertThat(ran.answers()).hasSize(2);
        JsonObject error = ran.answers().get(0).requiredObject("error");
        assertThat(ran.answers().get(0).keys()).containsExactly("id", "error");
        assertThat(error.requiredText("code")).isEqualTo(code);
        assertThat(error.requiredText("message")).contains(fragment);
        assertThat(ran.answers().get(1).has("verdict")).isTrue();
    }

    @Test
    void anArchitectureThatIsNotKnownIsSaidWithItsPlace(@TempDir Path directory) throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"nobody\"}");
        JsonObject error = answer("{\"config\": \"" + config + "\"}").requiredObject("error");
        assertThat(error.keys()).containsExactly("code", "message", "at");
        assertThat(error.requiredText("code")).isEqualTo("unsupported_architecture");
        assertThat(error.requiredText("at")).endsWith("config.json: model_type");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            not json
            {"model": "llama-3.1-8b"
            [1, 2]
            "llama-3.1-8b"
            {"model": "llama-3.1-8b"} {}
            {"model": 'llama-3.1-8b'}
            """)
    void aLineThatIsNoJsonObjectGetsAnErrorAndExitCodeTwoWhileTheRestIsAnswered(String line) {
        Command ran = Command.batch("{" + GOOD + "}", line, "{" + GOOD + "}");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).isEmpty();
        List<JsonObject> answers = ran.answers();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(1).whole("id", 2, 2)).isEqualTo(2);
        assertThat(answers.get(1).requiredObject("error").requiredText("code")).isEqualTo("invalid_question");
        assertThat(answers.get(0).has("verdict")).isTrue();
        assertThat(answers.get(2).has("verdict")).isTrue();
    }

    @Test
    void aLineOfTwoMegabytesIsRefusedAndTheRestIsAnswered() {
        String endless = "{\"model\": \"" + "x".repeat(2 << 20) + "\"}";
        Command ran = Command.batch(endless, "{" + GOOD + "}");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out().length()).isLessThan(10_000);
        assertThat(ran.answers().get(0).requiredObject("error").requiredText("message"))
                .contains("question 1")
                .contains("longer");
        assertThat(ran.answers().get(1).has("verdict")).isTrue();
    }

    @Test
    void aLongButBoundedLineIsRefusedForWhatItSays() {
        Command ran = Command.batch("{\"model\": \"" + "x".repeat(1_000_000) + "\"}");
        assertThat(ran.code()).isZero();
        assertThat(ran.answers().get(0).requiredObject("error").requiredText("code"))
                .isEqualTo("unknown_model");
    }

    @Test
    void linesThatEndAsOnWindowsAreRead() {
        Command ran = Command.batch("{" + GOOD + "}\r", "\r", "{" + GOOD + "}\r");
        assertThat(ran.code()).isZero();
        assertThat(ran.answers()).extracting(answer -> answer.whole("id", 1, 9)).containsExactly(1L, 3L);
    }

    @Test
    void withoutAFileStandardInputIsRead() {
        InputStream before = System.in;
        try {
            for (String[] arguments : new String[][] {{"batch"}, {"batch", "-"}}) {
                System.setIn(new ByteArrayInputStream(("{" + GOOD + "}").getBytes(StandardCharsets.UTF_8)));
                assertThat(Command.of(arguments).answers()).hasSize(1);
            }
        } finally {
            System.setIn(before);
        }
    }

    /** SGLang prints chunked_prefill_size=-1 for prompts that are not cut. */
    @Test
    void minusOneTokenAStepStandsForPromptsThatAreNotCutWhereTheEngineKnowsThat() {
        String sglang = "{" + GOOD + ", \"engine\": \"sglang\", \"max_batched_tokens\": ";
        for (String size : List.of("budget_bytes_per_rank", "activation_bytes", "graph_bytes")) {
            assertThat(answer(sglang + "-1}").requiredObject("memory").whole(size, 0, Long.MAX_VALUE))
                    .isEqualTo(
                            answer(sglang + "16384}").requiredObject("memory").whole(size, 0, Long.MAX_VALUE));
        }
        for (String engine : List.of("vllm", "none", "tensorrt-llm", "transformers", "llama.cpp")) {
            assertThat(answer("{" + GOOD + ", \"engine\": \"" + engine + "\", \"max_batched_tokens\": -1}")
                            .requiredObject("error")
                            .requiredText("message"))
                    .contains("max_batched_tokens: -1", engine, "leave it out");
        }
    }

    @Test
    void everyEngineAnswers() {
        for (String engine : Engines.names()) {
            JsonObject answer = answer("{" + GOOD + ", \"engine\": \"" + engine + "\", \"kv_cache\": \"bfloat16\"}");
            assertThat(answer.requiredText("verdict")).as(engine).isEqualTo("fits");
        }
    }

    @Test
    void anEmptyFileHasNoAnswers() {
        Command ran = Command.batch();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aBatchAnswersWhatTheCommandLineAnswers() {
        JsonObject line = answer("{\"model\": \"r1\", \"accelerator\": \"H200\", \"count\": 8, \"sequences\": 32,"
                + " \"context_tokens\": 32768, \"kv_cache\": \"fp8\", \"engine_version\": \"0.19\","
                + " \"memory_fraction\": \"0.9\", \"tensor_parallel\": 8, \"expert_parallel\": true}");
        String json = Command.of(
                        "fits",
                        "r1",
                        "8xH200",
                        "--sequences",
                        "32",
                        "--context",
                        "32768",
                        "--kv-cache",
                        "fp8",
                        "--engine-version",
                        "0.19",
                        "--memory-fraction",
                        "0.9",
                        "--tensor",
                        "8",
                        "--expert",
                        "--json")
                .out();
        JsonObject printed = JsonReader.read(json, "answer");
        for (String key : List.of("headroom_bytes", "max_context_tokens", "max_sequences")) {
            assertThat(line.whole(key, 0, Long.MAX_VALUE)).as(key).isEqualTo(printed.whole(key, 0, Long.MAX_VALUE));
        }
        assertThat(line.requiredText("verdict")).isEqualTo(printed.requiredText("verdict"));
        assertThat(line.requiredObject("layout").flag("expert_parallel", false)).isTrue();
    }

    @Test
    void aQuestionThatAsksForItGetsLinesThatAddUpToTheNeed() {
        JsonObject answer = answer("{" + GOOD + ", \"explain\": true}");
        JsonObject root = answer.objects("lines").get(0);
        assertThat(root.objects("lines"))
                .extracting(section -> section.requiredText("id"))
                .containsExactly("weights", "loading", "activation", "runtime", "kv_cache");
        long need = answer.requiredObject("memory").whole("budget_bytes_per_rank", 0, Long.MAX_VALUE)
                - answer.whole("headroom_bytes", 0, Long.MAX_VALUE);
        assertThat(sum(root)).isEqualTo(root.whole("bytes", 0, Long.MAX_VALUE)).isEqualTo(need);
    }

    /** The bytes of all lines that have none below them. */
    private static long sum(JsonObject line) {
        List<JsonObject> below = line.objects("lines");
        return below.isEmpty()
                ? line.whole("bytes", 0, Long.MAX_VALUE)
                : below.stream().mapToLong(BatchCommandTest::sum).sum();
    }

    private static JsonObject answer(String question) {
        Command ran = Command.batch(question);
        assertThat(ran.code()).isZero();
        return ran.answers().get(0);
    }

    @Test
    void aNumericIdIsGivenBackAsANumber() {
        assertThat(Command.batch("{\"id\": 7, " + GOOD + "}").out()).startsWith("{\"id\":7,");
    }

    @Test
    void modelAndConfigTogetherAreRefused() {
        Command ran = Command.batch("{\"config\": \"x.json\", " + GOOD + "}");
        assertThat(ran.answers().get(0).requiredObject("error").requiredText("message"))
                .contains("the model is given by 'model' and 'config'; leave all but one out");
    }

    @Test
    void aContextBeyondTheModelsIsSaidWhereNoDevicesAreAskedAbout() {
        Command ran = Command.batch("{\"model\": \"r1\", \"engine\": \"none\", \"context_tokens\": 163841}");
        assertThat(ran.answers().get(0).texts("assumptions").toString()).contains("163841 is beyond the 163840");
    }

    @Test
    void aFolderAsConfigIsAnErrorOnItsOwnLine(@TempDir Path folder) throws IOException {
        Path config = Files.createDirectory(folder.resolve("dir.json"));
        Command ran = Command.batch("{\"config\": \"" + config + "\", \"engine\": \"none\"}", "{" + GOOD + "}");
        assertThat(ran.code()).isZero();
        assertThat(ran.answers().get(0).requiredObject("error").requiredText("code"))
                .isEqualTo("malformed_file");
        assertThat(ran.answers().get(1).has("verdict")).isTrue();
    }

    @Test
    void whatIsSharedBesideTheUsualIsAskedByKeyAndAnswered() {
        String r1 =
                "{\"model\":\"deepseek-ai/DeepSeek-R1\",\"accelerator\":\"H200\",\"count\":8,\"tensor_parallel\":8,";
        JsonObject answer = Command.batch(r1
                        + "\"expert_parallel\":true,\"context_parallel\":4,\"redundant_experts\":16,\"sequences\":2,"
                        + "\"shared_prefix_tokens\":1024}")
                .answers()
                .get(0);
        assertThat(answer.requiredObject("layout").whole("context_parallel", 0, 9))
                .isEqualTo(4);
        assertThat(answer.requiredObject("layout").whole("redundant_experts", 0, 99))
                .isEqualTo(16);
        assertThat(answer.requiredObject("kv_cache").whole("shared_prefix_tokens", 0, 9_999))
                .isEqualTo(1_024);
        assertThat(Command.batch(r1 + "\"prefill_context_parallel\":2}").out())
                .contains("prefill context parallel: 2; it is not counted here, 1 is allowed");
    }

    @Test
    void adaptersAreAskedByKey() {
        String llama = "{\"model\":\"meta-llama/Llama-3.1-8B\",\"accelerator\":\"H200\",";
        long without = headroom(llama + "\"max_sequences\":256}");
        assertThat(headroom(llama + "\"lora_slots\":4,\"max_sequences\":256}")).isEqualTo(without - 335_544_320);
        assertThat(headroom(llama + "\"lora_slots\":4,\"lora_rank\":32,\"max_sequences\":256}"))
                .isEqualTo(without - 2 * 335_544_320);
        assertThat(headroom(llama + "\"lora_slots\":0,\"lora_rank\":32,\"max_sequences\":256}"))
                .isEqualTo(without);
        assertThat(Command.batch(llama + "\"lora_rank\":32}").out())
                .contains("LoRA rank: 32, but no LoRA slots; say how many, or leave it out");
        assertThat(Command.batch("{\"model\":\"meta-llama/Llama-3.1-8B\",\"lora_slots\":1}")
                        .out())
                .contains("LoRA slots without a cluster; say on what, or leave them out");
    }

    @Test
    void anEngineMayBeNamedWithItsVersionAndInShort() {
        String llama = "{\"model\":\"meta-llama/Llama-3.1-8B\",\"accelerator\":\"H200\",\"engine\":";
        assertThat(headroom(llama + "\"vllm:0.19\"}"))
                .isEqualTo(headroom(llama + "\"vllm\",\"engine_version\":\"0.19\"}"));
        assertThat(headroom(llama + "\"trtllm\"}")).isEqualTo(headroom(llama + "\"tensorrt-llm\"}"));
    }

    private static long headroom(String question) {
        return Command.batch(question).answers().get(0).whole("headroom_bytes", 0, Long.MAX_VALUE);
    }
}
