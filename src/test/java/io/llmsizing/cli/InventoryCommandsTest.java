package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands about the machines that people have, and about what the host takes. Arguments are divided by semicolons. */
class InventoryCommandsTest {
    private static final String FOLDER = "src/test/resources/io/llmsizing/inventory/";

    private static Command ran(String arguments) {
        return Command.of(Arrays.stream(arguments.split(";"))
                .map(word -> word.replace("@", FOLDER))
                .toArray(String[]::new));
    }

    /** What is said to the side stands in front of what is printed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodes.txt               | 0 | nodes;p5
            nodes-sources.txt       | 0 | nodes;p6e-gb200-36xlarge;--sources
            nodes.json              | 0 | nodes;p5en;--json
            detect-nvidia-smi.txt   | 0 | detect;@nvidia-smi-query.csv
            detect-kubernetes.txt   | 0 | detect;@kubernetes-nodes.json
            detect-own-table.json   | 0 | detect;@inventory.csv;--json
            fits-inventory.txt      | 0 | fits;llama-3.1-70b;--inventory;@scontrol-nodes.txt
            fits-unlike.txt         | 0 | fits;llama-3.1-70b;4xL40S + 2xA100-80GB
            offload-dense.txt       | 0 | offload;llama-3.1-70b;RTX 4090;--weights;gguf:q4_k_m
            offload-mixture.txt     | 0 | offload;mixtral-8x7b-v0.1;RTX 4090;--weights;gguf:q4_k_m
            offload-mixture.json    | 0 | offload;mixtral-8x7b-v0.1;RTX 4090;--weights;gguf:q4_k_m;--json
            offload-nothing.txt     | 0 | offload;llama-3.1-8b;RTX 4090;--weights;gguf:q4_k_m
            offload-too-small.txt   | 1 | offload;llama-3.1-70b;RTX 4090;--weights;gguf:q4_k_m;--host-memory;4 GiB
            offload-too-small.json  | 1 | offload;llama-3.1-70b;RTX 4090;--weights;gguf:q4_k_m;--host-memory;4 GiB;--json
            offload-no-room.txt     | 1 | offload;llama-3.1-70b;RTX 4090 (2 GiB);--weights;gguf:q4_k_m
            offload-inventory.txt   | 0 | offload;deepseek-r1;--inventory;@offload-host.csv;--weights;gguf:q4_k_m
            """)
    void theOutputIsTheOneThatIsKept(String file, int code, String arguments) {
        Command ran = ran(arguments);
        assertThat(ran.code()).isEqualTo(code);
        GoldenFile.holds(file, ran.err() + ran.out());
    }

    /** Each kind of device, with a rank on each. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RTX 4090 & RTX 3060 12GB           | (usable 23.6 GiB of each NVIDIA GeForce RTX 4090, 11.6 GiB of each NVIDIA GeForce RTX 3060 12GB)
            RTX 4090 & RTX 5090                | (usable 23.6 GiB of each NVIDIA GeForce RTX 4090, 31.4 GiB of each NVIDIA GeForce RTX 5090)
            RTX 4090 (20 GiB) & RTX 4090       | (20.0 GiB to 23.6 GiB usable each)
            RTX 4090 (20 GiB) & L4 (20 GiB)    | (20.0 GiB usable each)
            2xRTX 4090                         | (23.6 GiB usable each)
            """)
    void whatIsUsableIsSaidOfEachKindOfDevice(String cluster, String said) {
        for (String engine : new String[] {"vllm", "llama.cpp"}) {
            Command ran = ran("fits;qwen3-0.6b;" + cluster + ";--pipeline;2;--engine;" + engine);
            assertThat(ran.out().lines().filter(line -> line.startsWith("cluster ")))
                    .singleElement()
                    .asString()
                    .endsWith(said);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fits;llama-3.1-8b;H100;--inventory;@inventory.csv    | both a cluster and --inventory: leave one out
            fits;llama-3.1-8b                                    | no cluster: write one, such as 8xH200, or give --inventory FILE
            offload;llama-3.1-8b                                 | no cluster: write one
            fits;llama-3.1-8b;H100;--host-layers;3               | computes on devices alone; leave them out, or use llama.cpp
            offload;llama-3.1-8b;H100;--engine;vllm              | computes on devices alone; use llama.cpp
            fits;llama-3.1-8b;H100;--engine;llama.cpp;--host-layers;33 | 33 layers and the experts of 0 on the host
            fits;llama-3.1-8b;H100;--engine;llama.cpp;--host-layers;-1 | -1 layers
            offload;llama-3.1-8b;H100;--host-memory;80G          | write GiB
            offload;llama-3.1-8b;H100;--host-layers;3            | leave them out, or ask fits
            offload;mixtral-8x7b-v0.1;H100;--host-expert-layers;3 | leave them out, or ask fits
            fits;llama-3.1-8b;H100;--engine;llama.cpp;--host-expert-layers;4 | has no routed experts
            fits;llama-3.1-405b;DGX Spark;--weights;gguf:q4_k_m;--host-layers;62 | one pool
            offload;llama-3.1-8b;0xH100                          | 0 devices in a node; 1 to
            offload;llama-3.1-8b;8xH100 + 0x8xL40S               | 0 nodes; 1 to
            offload;llama-3.1-8b;H100O                           | no accelerator 'H100O'
            detect;/nowhere/at/all                               | /nowhere/at/all
            detect;@README.md                                    | README.md
            fits;llama-3.1-8b;--inventory;@README.md             | README.md
            """)
    void aBadInputIsOneLineOfComplaintAndExitCodeTwo(String arguments, String fragment) {
        Command ran = ran(arguments);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("sizing: ")
                .endsWith("\n")
                .containsOnlyOnce("\n")
                .contains(fragment);
    }

    @ParameterizedTest
    @CsvSource({"fits;llama-3.1-8b;--inventory;!", "detect;!", "detect;!;--json", "offload;llama-3.1-8b;--inventory;!"})
    void anInventoryOfWhichNothingCanBeUsedIsRefusedBehindItsFindings(String arguments, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("fleet.txt"), """
                NodeName=n1 Gres=gpu:h100:4 State=DOWN RealMemory=1000
                NodeName=n2 Gres=gpu:z900:4 State=IDLE RealMemory=1000
                """);
        Command ran = ran(arguments.replace("!", file.toString()));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).hasSize(3).allMatch(line -> line.startsWith("sizing: " + file + ": "));
        assertThat(ran.err())
                .contains("line 1, n1: state DOWN; left out", "no accelerator 'z900'")
                .endsWith(": machines: none has devices that can be used, for the reasons above; write the cluster,"
                        + " such as 8xH200\n");
    }

    @Test
    void whatAnInventoryIsTakenForReachesTheVerdict(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.csv"), "accelerator,count\nH100,8\n");
        JsonObject answer = JsonReader.read(
                ran("fits;llama-3.1-8b;--json;--inventory;" + file).out(), "answer");
        assertThat(answer.texts("assumptions"))
                .anyMatch(assumption ->
                        assumption.startsWith("cluster: " + file + ": line 2: 'H100' is taken as NVIDIA H100 SXM5"));
        List<JsonObject> findings =
                JsonReader.read(ran("detect;--json;" + file).out(), "answer").objects("findings");
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.requiredText("place")).isEqualTo("line 2");
            assertThat(finding.requiredText("problem")).startsWith("'H100' is taken as");
            assertThat(finding.flag("assumed", false)).isTrue();
        });
    }
}
