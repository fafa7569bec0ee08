package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class MainTest {
    @ParameterizedTest
    @CsvSource({
        "llama-3.1-8b, H100, 8192, 0, FITS",
        "llama-3.1-70b, H100, 8192, 1, DOES NOT FIT",
        "llama-3.1-8b, RTX 3090, 48000, 3, TOO CLOSE TO CALL",
        "deepseek-r1, 2xH100, 1, 1, DOES NOT FIT"
    })
    void theExitCodeSaysTheVerdict(String model, String cluster, String context, int code, String headline) {
        for (String command : new String[] {"fits", "explain"}) {
            Command ran = Command.of(command, model, cluster, "--context", context);
            assertThat(ran.code()).isEqualTo(code);
            assertThat(ran.err()).isEmpty();
        }
        assertThat(Command.of("fits", model, cluster, "--context", context).out())
                .startsWith(headline + "  ");
    }

    /** Arguments divided by semicolons, and what the complaint must name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fits;lama-3.1-8b;H100                                       | meta-llama/Llama-3.1-8B
            fits;llama-3.1-8b;H20O                                      | nvidia-h200-sxm5-141gb
            fits;llama-3.1-8b;8xA100                                    | nvidia-a100-pcie-80gb
            fits;llama-3.1-8b;H100;--context;0                          | context tokens: 0; 1 to
            fits;llama-3.1-8b;H100;--context;-5                         | -5
            fits;llama-3.1-8b;H100;--context;131073                     | ask for 1 to 131072
            fits;llama-3.1-8b;H100;--context;many                       | '--context': 'many' is not a whole number; at most 9223372036854775807, in digits, such as 8192
            fits;llama-3.1-8b;H100;--context;8k                         | in digits: 8192, or 8000
            fits;llama-3.1-8b;H100;--context;1M                         | in digits: 1048576, or 1000000
            fits;llama-3.1-8b;H100;--context;8,192                      | in digits alone: 8192
            fits;llama-3.1-8b;H100;--context;8.5                        | '8.5' is not a whole number
            fits;llama-3.1-8b;H100;--context;99999999999999999999       | 99999999999999999999 is out of range; at most 9223372036854775807
            fits;llama-3.1-8b;H100;--tensor;x                           | 'x' is not a whole number; at most 2147483647
            fits;llama-3.1-8b;8xH100;--tensor;4294967298                | 4294967298 is out of range; at most 2147483647
            fits;llama-3.1-8b;H100;--lora-slots;-1                      | LoRA slots: -1; 0 to 1024 allowed
            plan;llama-3.1-8b;H100;--top;few                            | '--top': 'few' is not a whole number
            min-gpus;llama-3.1-8b;H100;--nodes;''                       | '--nodes': '' is not a whole number
            fits;llama-3.1-8b;H100;--engine;ollama                      | ollama runs on llama.cpp
            fits;llama-3.1-8b;H100;--engine;vllm:0.19;--engine-version;0.20 | leave one of them out
            fits;llama-3.1-8b;H100;--sequences;-1                       | sequences: -1; 1 to
            fits;llama-3.1-8b;H100;--sequences;0                        | sequences: 0; 1 to
            fits;llama-3.1-8b;H100;--sequences;9223372036854775807      | sequences: 9223372036854775807; 1 to
            fits;llama-3.1-8b;H100;--max-batched-tokens;0               | 0; 1 to
            fits;llama-3.1-8b;H100;--max-sequences;-1                   | -1; 1 to
            fits;llama-3.1-8b;8xH100;--tensor;3                         | sizes that work: 1, 2, 4, 8, 16, 32
            fits;llama-3.1-8b;8xH100;--tensor;0                         | tensor parallel 0; 1 to
            fits;llama-3.1-8b;4xH100;--tensor;8                         | needs 8 devices
            fits;llama-3.1-8b;8xH100;--tensor;4;--pipeline;4            | needs 16 devices
            fits;llama-3.1-8b;64xH100;--pipeline;33                     | 1 to 32 stages allowed
            fits;llama-3.1-8b;8xH100;--expert                           | has no experts
            fits;llama-3.1-8b;H100;--speculative-tokens;1               | no multi-token prediction
            fits;llama-3.1-8b;''                                        | '' is not a cluster
            fits;llama-3.1-8b;0xH200                                    | 0 devices in a node; 1 to
            fits;llama-3.1-8b;0x8xH200                                  | 0 nodes; 1 to
            fits;llama-3.1-8b;1025xH200                                 | 1025 devices in a node
            fits;llama-3.1-8b;99999999999xH200                          | 99999999999xH200
            fits;llama-3.1-8b;8xH100 + 4xL4OS                           | no accelerator 'L4OS'
            fits;llama-3.1-8b;8xH100 + 0xL40S                           | 0 devices in a node
            fits;llama-3.1-8b;H100;--colour;red                         | --colour
            fits;llama-3.1-8b;H100;--weights;gguf:q4_k_xl               | 'gguf:q4_k_xl' is not a mix of llama.cpp; known: gguf:f32
            fits;llama-3.1-8b;H100;--weights;fp5                        | 'fp5' is not a weight format; known: bf16
            fits;llama-3.1-8b;H100;--kv-cache;fp5                       | 'fp5' is not a cache format; known: bf16
            fits;llama-3.1-8b;H100;--usable-memory;80G                  | write GiB
            fits;llama-3.1-8b;H100;--usable-memory;0 GiB                | 1 B to 16 TiB allowed
            fits;llama-3.1-8b;H100;--memory-fraction;0                  | above 0 and up to 1
            fits;llama-3.1-8b;H100;--memory-fraction;1.5                | above 0 and up to 1
            fits;llama-3.1-8b;H100;--memory-fraction;-0.5               | negative
            fits;llama-3.1-8b;H100;--memory-fraction;most               | 'most' is not a decimal
            fits;llama-3.1-8b;H100;--memory-fraction;1e999999999        | 1e999999999
            fits;llama-3.1-8b;H100;--engine;vlm                         | known: none, vllm
            fits;llama-3.1-8b;H100;--engine;none;--engine-version;0.19  | 0.19
            fits;llama-3.1-8b;H100;--engine-version;0.5                 | 0.6
            fits;llama-3.1-8b;H100;--engine-version;new                 | 'new' is not a version
            fits;llama-3.1-8b;H100;--catalog;/nowhere/at/all            | holds none of accelerators.csv
            fits;/nowhere/config.json;H100                              | /nowhere/config.json
            fits;llama-3.1-8b;H100;--sequences;2147483648;--context;40000 | beyond 2^63
            fits;llama-3.1-8b                                           | no cluster: write one
            fits                                                        | MODEL
            fits;llama-3.1-8b;H100;H200                                 | H200
            explain;llama-3.1-8b                                        | no cluster: write one
            explain;lama-3.1-8b;H100                                    | meta-llama/Llama-3.1-8B
            batch;/nowhere/questions.jsonl                              | /nowhere/questions.jsonl
            tensors                                                     | MODEL
            tensors;lama-3.1-8b                                         | meta-llama/Llama-3.1-8B
            tensors;llama-3.1-8b;--tensor-parallel;3                    | sizes that work: 1, 2, 4, 8, 16, 32
            tensors;llama-3.1-8b;--pipeline-parallel;33                 | 1 to 32 stages allowed
            tensors;llama-3.1-8b;--expert-parallel                      | has no experts
            tensors;llama-3.1-8b;--weights;fp5                          | 'fp5' is not a weight format
            import                                                      | CONFIG
            import;/nowhere/config.json                                 | /nowhere/config.json
            import;/nowhere/config.json;--retrieved;soon                | soon
            gpus;--catalog;/nowhere/at/all                              | /nowhere/at/all
            inspect                                                     | CHECKPOINT
            inspect;''                                                  | expected a folder that is there
            inspect;llama-3.1-8b                                        | or on the command line an id of the Hub: org/name
            inspect;README.md                                           | 'README.md': path: no folder, nor called like a checkpoint
            inspect;/nowhere/model.gguf                                 | sizing: /nowhere/model.gguf is not there
            inspect;nowhere/model.gguf                                  | nowhere/model.gguf is not there
            fits;./nowhere;H100                                         | and no file or folder is there
            fits;'';H100                                                | no model ''
            divine                                                      | divine
            --divine                                                    | --divine
            """)
    void aBadInputIsOneLineOfComplaintAndExitCodeTwo(String arguments, String fragment) {
        String[] words = Arrays.stream(arguments.split(";"))
                .map(word -> word.equals("''") ? "" : word)
                .toArray(String[]::new);
        Command ran = Command.of(words);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("sizing: ")
                .endsWith("\n")
                .containsOnlyOnce("\n")
                .contains(fragment);
    }

    @Test
    void withoutArgumentsTheUsageIsShownAndTheCodeIsTwo() {
        Command ran = Command.of();
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("Usage: sizing")
                .contains("fits", "explain", "models", "gpus", "batch", "tensors", "import");
    }

    @Test
    void noSlotsForAdaptersIsWhatIsMeantWithoutTheOption() {
        assertThat(Command.of("fits", "llama-3.1-8b", "H100", "--lora-slots", "0"))
                .isEqualTo(Command.of("fits", "llama-3.1-8b", "H100"));
    }

    @Test
    void everyOptionThatTakesAWholeNumberSaysWhatIsOne() {
        for (CommandLine command : Main.line().getSubcommands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (Set.of(int.class, long.class, Integer.class, Long.class).contains(option.type())) {
                    Command ran = Command.of(command.getCommandName(), option.longestName(), "some");
                    assertThat(ran.err()).as(option.longestName()).contains("'some' is not a whole number; at most ");
                }
            }
        }
    }

    @Test
    void helpAndVersionAreNoErrors() {
        assertThat(Stream.of("--help", "--version", "fits --help", "batch --help"))
                .allSatisfy(line -> {
                    Command ran = Command.of(line.split(" "));
                    assertThat(ran.code()).isZero();
                    assertThat(ran.err()).isEmpty();
                    assertThat(ran.out()).isNotBlank();
                });
    }

    @Test
    void aListIsNarrowedByAnySpellingOfAName() {
        assertThat(Command.of("gpus", "RTX3090").out())
                .isEqualTo(Command.of("gpus", "rtx 3090").out())
                .contains("NVIDIA GeForce RTX 3090 Ti");
    }

    @Test
    void aListThatMatchesNothingIsAnsweredWithTheNearestNames() {
        for (String[] asked : new String[][] {
            {"models", "lamma-3.1-8b"},
            {"gpus", "H100O"},
            {"gpus", "H100O", "--json"},
            {"gpus", "H100O", "--sources"},
            {"nodes", "p5.49xlarge"},
            {"nodes", "p5.49xlarge", "--sources"}
        }) {
            Command ran = Command.of(asked);
            assertThat(ran.code()).as(String.join(" ", asked)).isEqualTo(ExitCodes.BAD_INPUT);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).contains("'" + asked[1] + "'; nearest: ");
        }
    }

    @Test
    void aListKnowsNamesThatAreNoPartOfAListedOne() {
        assertThat(Command.of("gpus", "NVIDIA GeForce H100 NVL").out()).contains("NVIDIA H100 NVL");
    }

    /** Nobody has to know that 0 would mean unknown. */
    @Test
    void noFigureInAListIsZero() {
        for (String list : new String[] {"gpus", "nodes"}) {
            assertThat(Command.of(list, "--json").out().lines()).noneMatch(line -> line.matches(".*: 0,?"));
        }
        assertThat(Command.of("gpus", "nvidia-gb10", "--json").out()).contains("\"bandwidth_bytes_per_second\" : ");
    }

    @Test
    void theModelMayBeTheFileOfItsConfiguration(@TempDir Path directory) throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), """
                {"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 128256,
                "tie_word_embeddings": false, "torch_dtype": "bfloat16", "max_position_embeddings": 131072}""");
        Command fromFile = Command.of("fits", config.toString(), "H100", "--json");
        Command fromName = Command.of("fits", "llama-3.1-8b", "H100", "--json");
        assertThat(fromFile.code()).isZero();
        assertThat(fromFile.out().lines().skip(2))
                .isEqualTo(fromName.out().lines().skip(2).toList());
        Files.writeString(config, "{\"model_type\": \"llama\"}");
        Command refused = Command.of("fits", config.toString(), "H100");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).startsWith("sizing: " + config).contains("absent; expected a whole number");
    }

    @Test
    void aDirectoryOfOnesOwnExtendsTheCatalogue(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("models"));
        Files.writeString(directory.resolve("models").resolve("index.csv"), "id,aliases,file\nme/R1,my-r1,mine.json\n");
        Files.writeString(
                directory.resolve("models").resolve("mine.json"),
                "{\"models\": [{\"id\": \"me/R1\", \"shape_of\": \"deepseek-ai/DeepSeek-R1\", \"weights\": \"int4\","
                        + " \"source\": \"a test\"}]}");
        String own = directory.toString();
        assertThat(Command.of("models", "me/r1", "--catalog", own).out()).contains("me/R1", "int4-g128");
        assertThat(Command.of("fits", "my-r1", "8xA100-80GB", "--catalog", own).code())
                .isZero();
        assertThat(Command.of("fits", "my-r1", "8xA100-80GB").code()).isEqualTo(2);
    }

    @Test
    void moreUsableMemoryThanTheCatalogueKnowsMayBeGiven() {
        String json = Command.of("fits", "llama-3.1-8b", "H100", "--usable-memory", "96.5 GiB", "--json")
                .out();
        assertThat(JsonReader.read(json, "answer").requiredObject("memory").whole("usable_bytes_per_rank", 0, 1L << 40))
                .isEqualTo(103_616_086_016L);
    }
}
