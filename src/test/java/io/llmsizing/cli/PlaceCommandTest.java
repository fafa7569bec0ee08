package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceCommandTest {
    private static final String FOLDER = "src/test/resources/io/llmsizing/cli/";

    @ParameterizedTest
    @CsvSource({
        "place-fleet.txt, 0, fleet.json",
        "place-impossible.txt, 1, fleet-impossible.json",
        "place-no-way.txt, 3, fleet-no-way.json",
        "place-too-close.txt, 3, fleet-too-close.json",
        "place-priced.txt, 0, fleet-priced.json",
        "place-inventory.txt, 0, fleet-inventory.json"
    })
    void theOutputIsTheOneThatIsKept(String golden, int code, String file) {
        Command ran = Command.of("place", FOLDER + file);
        assertThat(ran.code()).isEqualTo(code);
        GoldenFile.holds(golden, ran.err() + ran.out());
        assertThat(ran.out().lines()).noneMatch(line -> line.endsWith(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "place-priced.json, 0, fleet-priced.json, placed",
        "place-impossible.json, 1, fleet-impossible.json, impossible",
        "place-no-way.json, 3, fleet-no-way.json, no_way_of_those_tried"
    })
    void programsAreToldTheSame(String golden, int code, String file, String verdict) {
        Command ran = Command.of("place", FOLDER + file, "--json");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(code);
        assertThat(JsonReader.read(ran.out(), "answer").requiredText("verdict")).isEqualTo(verdict);
        GoldenFile.holds(golden, ran.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"cluster": "8xH100"}                                               | deployments: nothing to place; list at least one
            {"cluster": "8xH100", "deployments": []}                            | deployments: nothing to place; list at least one
            {"deployments": [{"name": "a", "model": "llama-3.1-8b"}]}           | no machines: give 'cluster'
            {"cluster": "H100", "inventory": "x", "deployments": [{"name": "a", "model": "llama-3.1-8b"}]} | both 'cluster' and 'inventory'
            {"cluster": "0xH100", "deployments": [{"name": "a", "model": "llama-3.1-8b"}]} | 1 to 1,024 allowed
            {"cluster": "70000x8xH100", "deployments": [{"name": "a", "model": "llama-3.1-8b"}]} | 1 to 65,536 allowed
            {"cluster": "H100", "fleet": 1, "deployments": [{"name": "a", "model": "llama-3.1-8b"}]} | fleet
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "acelerator": "H100"}]} | acelerator
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "accelerator": "H100"}]} | accelerator
            {"cluster": "H100", "deployments": [{"model": "llama-3.1-8b"}]}     | name
            {"cluster": "H100", "deployments": [{"name": " ", "model": "llama-3.1-8b"}]} | a deployment without a name
            {"cluster": "H100", "deployments": [{"name": "a\\u001b[2Jb", "model": "llama-3.1-8b"}]} | the character U+001B, which can't be printed; leave it out of 'a?[2Jb'
            {"cluster": "H100", "deployments": [{"name": "a\\nb"}]}  | the character U+000A
            {"cluster": "H100", "deployments": [{"name": "a\\u202eb"}]} | the character U+202E
            {"cluster": "H100", "deployments": [{"name": "a"}]}                 | deployment 'a': no model: give 'model'
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "gguf": "x"}]} | deployment 'a': the model is given by 'model' and 'gguf'
            {"cluster": "H100", "deployments": [{"name": "a", "model": "lama-3.1-8b"}]} | deployment 'a': no model
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "replicas": 0}]} | replicas
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "replicas": 100000}]} | replicas
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "replicas": 600}, {"name": "b", "model": "llama-3.1-8b", "replicas": 600}]} | 1200 replicas of all deployments; 1 to 1000 allowed
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b"}, {"name": "a", "model": "llama-3.1-8b"}]} | two deployments named 'a'
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "context_tokens": 1000000}]} | deployment 'a': a context of 1000000 tokens is beyond
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "engine": "vlm"}]} | deployment 'a':
            {"cluster": "H100", "deployments": [{"name": "a", "model": "llama-3.1-8b", "memory_fraction": 2}]} | deployment 'a': a memory fraction of 2
            {"inventory": "not-there.csv", "deployments": [{"name": "a", "model": "llama-3.1-8b"}]} | not-there.csv
            []                                                                  | not a JSON object
            """)
    void whatCanNotBeAnsweredIsRefusedWithTheReason(String json, String reason, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("fleet.json"), json);
        Command ran = Command.of("place", file.toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(ran.err()).startsWith("sizing: ").contains(reason);
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeSo(@TempDir Path folder) {
        Command ran = Command.of("place", folder.resolve("nonexistent").toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("nonexistent is not there").doesNotContain("Exception");
    }

    @Test
    void namesOfMachinesAreNoCommandsToATerminal(@TempDir Path folder) throws IOException {
        Path inventory =
                Files.writeString(folder.resolve("inventory.csv"), "node,accelerator,count\nrack\u001b[31m,H100,1\n");
        Path file = Files.writeString(
                folder.resolve("fleet.json"),
                "{\"inventory\": \"" + inventory
                        + "\", \"deployments\": [{\"name\": \"a\", \"model\": \"llama-3.1-8b\"}]}");
        assertThat(Command.of("place", file.toString()).out()).doesNotContain("\u001b");
    }

    @Test
    void anInventoryOfNothingIsRefused(@TempDir Path folder) throws IOException {
        Path inventory = Files.writeString(folder.resolve("inventory.csv"), "node,accelerator,count\n");
        Path file = Files.writeString(
                folder.resolve("fleet.json"),
                "{\"inventory\": \"" + inventory
                        + "\", \"deployments\": [{\"name\": \"a\", \"model\": \"llama-3.1-8b\"}]}");
        Command ran = Command.of("place", file.toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("inventory.csv");
        assertThat(ran.out()).isEmpty();
    }
}
