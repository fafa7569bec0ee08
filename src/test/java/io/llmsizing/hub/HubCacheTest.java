package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmsizing.checkpoint.ByteSource;
import io.llmsizing.checkpoint.LocalFolder;
import io.llmsizing.checkpoint.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The folder is laid out as huggingface_hub 2.4.0 lays it out. */
class HubCacheTest {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String TWO_SHARDS = "{\"metadata\": {\"total_size\": 2}, \"weight_map\": {"
            + "\"a\\\".safetensors\": \"model-00001-of-00002.safetensors\", \"b\": \"model-00002-of-00002.safetensors\"}}";

    @TempDir
    Path home;

    private final FakeHub hub = new FakeHub().with("config.json", new byte[] {'{', '}'});
    private Path model;

    @BeforeEach
    void makeTheFolder() throws IOException {
        model = home.resolve("hub/models--org--model");
        Files.createDirectories(model.resolve("blobs"));
        Files.createDirectories(model.resolve("refs"));
        Files.createDirectories(snapshot());
        Files.writeString(model.resolve("refs/main"), FakeHub.COMMIT);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Path snapshot() {
        return model.resolve("snapshots").resolve(FakeHub.COMMIT);
    }

    private void put(String name, String content) throws IOException {
        Path blob = Files.writeString(model.resolve("blobs").resolve(name.replace('/', '_')), content);
        Path link = snapshot().resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(blob));
    }

    private void putLinkToNothing(String name) throws IOException {
        Files.createSymbolicLink(snapshot().resolve(name), Path.of("../../blobs/none"));
    }

    private Repository open(String id, boolean offline) throws IOException {
        Map<String, String> environment = hub.environment(home);
        environment.put("HF_HUB_OFFLINE", offline ? "1" : "0");
        return hub.client(environment, HubProgress.NONE).open(id);
    }

    private void assertTakenFromTheCache(String id) throws IOException {
        for (boolean offline : new boolean[] {false, true}) {
            Repository repository = open(id, offline);
            assertThat(repository).isInstanceOf(LocalFolder.class);
            assertThat(repository.modelName()).isEqualTo("org/model");
        }
        assertThat(hub.seen()).isEmpty();
    }

    private void assertNotEnough(String missing) throws IOException {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> open(FakeHub.MODEL, true))
                .withMessageContaining("org/model: HF_HUB_OFFLINE is set, and ")
                .withMessageContaining(missing)
                .withMessageEndingWith("; unset it, or load the model with the Hub's own tools first");
        assertThat(hub.seen()).isEmpty();
        assertThat(open(FakeHub.MODEL, false)).isInstanceOf(HubRepository.class);
        assertThat(hub.seen()).isNotEmpty();
    }

    @Test
    void aWholeModelIsReadFromTheCacheAndNobodyIsAsked() throws IOException {
        put("config.json", "{}");
        put("model.safetensors", "12345678");
        assertTakenFromTheCache(FakeHub.MODEL);
        Repository repository = open(FakeHub.MODEL, false);
        assertThat(repository.files()).containsEntry("model.safetensors", 8L);
        try (ByteSource source = repository.open("config.json")) {
            byte[] target = new byte[2];
            source.read(0, target, 0, 2);
            assertThat(new String(target, StandardCharsets.US_ASCII)).isEqualTo("{}");
        }
    }

    @Test
    void aCommitAndAnotherRevisionAreFoundToo() throws IOException {
        put("config.json", "{}");
        put("model.safetensors", "12345678");
        Files.createDirectories(model.resolve("refs/refs/pr"));
        Files.writeString(model.resolve("refs/refs/pr/1"), FakeHub.COMMIT + "\n");
        assertTakenFromTheCache("org/model@" + FakeHub.COMMIT);
        assertTakenFromTheCache("org/model@refs/pr/1");
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> open("org/model@v2", true))
                .withMessageContaining(home.resolve("hub") + " holds nothing of it");
    }

    @Test
    void everyShardOfTheIndexMustBeThere() throws IOException {
        put("config.json", "{}");
        put(INDEX, TWO_SHARDS);
        put("model-00001-of-00002.safetensors", "1");
        putLinkToNothing("model-00002-of-00002.safetensors");
        assertNotEnough(snapshot() + " lacks model-00002-of-00002.safetensors;");
        Files.delete(snapshot().resolve("model-00002-of-00002.safetensors"));
        put("model-00002-of-00002.safetensors", "2");
        hub.seen().clear();
        assertTakenFromTheCache(FakeHub.MODEL);
    }

    @Test
    void shardsThatAnIndexNamesNeedNoNumbers() throws IOException {
        put("config.json", "{}");
        put(INDEX, "{\"weight_map\": {\"a\": \"sub\\/first.safetensors\", \"b\": \"second.safetensors\"}}");
        put("sub/first.safetensors", "1");
        assertNotEnough("lacks second.safetensors;");
    }

    @Test
    void anIndexMayBeLongerThanADocument() throws IOException {
        String tensors = IntStream.range(0, 150_000)
                .mapToObj(i -> "\"model.layers." + i + ".mlp.experts.weight\" : \"model-0000" + (1 + i % 2)
                        + "-of-00002.safetensors\"")
                .collect(Collectors.joining(",\n"));
        put("config.json", "{}");
        put(INDEX, "{\"weight_map\": {" + tensors + ", \"" + "x".repeat(5000) + "\\\".safetensors\":1}}");
        put("model-00001-of-00002.safetensors", "1");
        assertNotEnough("lacks model-00002-of-00002.safetensors;");
        put("model-00002-of-00002.safetensors", "2");
        hub.seen().clear();
        assertTakenFromTheCache(FakeHub.MODEL);
    }

    @Test
    void withoutAnIndexTheNumbersTell() throws IOException {
        put("config.json", "{}");
        put("model-00002-of-00005.safetensors", "1");
        assertNotEnough("lacks model-00001-of-00005.safetensors, model-00003-of-00005.safetensors,"
                + " model-00004-of-00005.safetensors and 1 more;");
    }

    @Test
    void aConfigAloneIsNotEnough() throws IOException {
        put("config.json", "{}");
        put("onnx/model.safetensors", "1");
        assertNotEnough("lacks its weights (.safetensors or .gguf);");
    }

    @Test
    void weightsAloneAreNotEnough() throws IOException {
        put("model.safetensors", "1");
        assertNotEnough("lacks config.json;");
    }

    @Test
    void anEmptySnapshotLacksBoth() throws IOException {
        assertNotEnough("lacks config.json and its weights (.safetensors or .gguf);");
    }

    @Test
    void oneGgufFileIsEnoughOnlyWhereTheHubCannotBeAskedForOthers() throws IOException {
        put("Q8_0/model-00001-of-00002.gguf", "1");
        assertNotEnough("lacks Q8_0/model-00002-of-00002.gguf, config.json;");
        put("Q8_0/model-00002-of-00002.gguf", "2");
        hub.seen().clear();
        assertThat(open(FakeHub.MODEL, true)).isInstanceOf(LocalFolder.class);
        assertThat(hub.seen()).isEmpty();
        assertThat(open(FakeHub.MODEL, false)).isInstanceOf(HubRepository.class);
    }

    @ParameterizedTest
    @CsvSource({"../../../../etc", "''", "main", "0123456789abcdef0123456789abcdef0123456"})
    void aReferenceThatHoldsNoCommitCounts(String content) throws IOException {
        put("config.json", "{}");
        put("model.safetensors", "1");
        Files.writeString(model.resolve("refs/main"), content);
        assertNotEnough("holds nothing of it");
    }

    @Test
    void offlineNobodyIsAskedEvenIfNothingIsThere() {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> open("org/other", true))
                .withMessageContaining(
                        "org/other: HF_HUB_OFFLINE is set, and " + home.resolve("hub") + " holds nothing");
        assertThat(hub.seen()).isEmpty();
    }
}
