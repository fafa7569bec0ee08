package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line in a process of its own, whose environment names a Hub of this machine. */
class HubCommandTest {
    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16", "hidden_size": 16,
             "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8,
             "intermediate_size": 32, "vocab_size": 64, "tie_word_embeddings": true, "max_position_embeddings": 4096,
             "attention_bias": false, "mlp_bias": false}
            """;

    private final FakeHub hub = new FakeHub();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        hub.close();
    }

    private record Ran(int code, String out, String err) {}

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("temp")),
                "-cp",
                System.getProperty("java.class.path"),
                "io.llmsizing.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(Files.createDirectories(folder.resolve("here")).toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        process.environment().putAll(environment);
        return process.start();
    }

    private Ran ended(int code) throws IOException {
        return new Ran(code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Ran run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return ended(start(environment, arguments).waitFor());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static byte[] safetensors() {
        StringBuilder header = new StringBuilder("{");
        long at = 0;
        for (String tensor : List.of(
                "model.embed_tokens.weight 64 16",
                "model.layers.0.input_layernorm.weight 16 1",
                "model.layers.0.post_attention_layernorm.weight 16 1",
                "model.layers.0.self_attn.q_proj.weight 16 16",
                "model.layers.0.self_attn.k_proj.weight 8 16",
                "model.layers.0.self_attn.v_proj.weight 8 16",
                "model.layers.0.self_attn.o_proj.weight 16 16",
                "model.layers.0.mlp.gate_proj.weight 32 16",
                "model.layers.0.mlp.up_proj.weight 32 16",
                "model.layers.0.mlp.down_proj.weight 16 32",
                "model.norm.weight 16 1")) {
            String[] words = tensor.split(" ", -1);
            long end = at + 2 * Long.parseLong(words[1]) * Long.parseLong(words[2]);
            header.append(at == 0 ? "" : ",").append('"').append(words[0]).append("\":{\"dtype\":\"BF16\",\"shape\":[");
            header.append(words[1]).append(',').append(words[2]).append("],\"data_offsets\":[");
            header.append(at).append(',').append(end).append("]}");
            at = end;
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + json.length + (int) at)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @Test
    void aModelThatTheCatalogueLacksIsReadFromTheHub() throws Exception {
        hub.with("config.json", CONFIG.getBytes(StandardCharsets.US_ASCII)).with("model.safetensors", safetensors());
        Ran ran = run(hub.environment(folder), "fits", FakeHub.MODEL, "L40S");
        assertThat(ran.err().lines()).allMatch(line -> line.startsWith("sizing: reading "));
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .startsWith("FITS")
                .contains("org/model  (weights bf16")
                .contains("of org/model");
        assertThat(hub.seen()).isNotEmpty();
        Ran inspected = run(hub.environment(folder), "inspect", FakeHub.MODEL);
        assertThat(inspected.out())
                .containsPattern("org/model  \\(safetensors, model\\.safetensors, commit [0-9a-f]{40}\\)")
                .contains("equal to the byte");
    }

    @Test
    void aSilentHubIsToldWhileItIsSilent() throws Exception {
        hub.on("/api/models/", exchange -> {
            try {
                Thread.sleep(1_500);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return false;
        });
        hub.with("config.json", CONFIG.getBytes(StandardCharsets.US_ASCII)).with("model.safetensors", safetensors());
        Ran ran = run(hub.environment(folder), "inspect", FakeHub.MODEL);
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).contains("sizing: reading the commit of main: 0 answers of 0 B so far");
    }

    @Test
    void aModelOfTheCatalogueIsNeverAskedFor() throws Exception {
        Ran ran = run(hub.environment(folder), "fits", "meta-llama/Llama-3.1-8B", "L40S");
        assertThat(ran.code()).isZero();
        assertThat(hub.seen()).isEmpty();
    }

    @Test
    void whatTheHubDoesNotHaveIsSaidInOneLine() throws Exception {
        Ran ran = run(hub.environment(folder), "fits", "org/another", "L40S");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines().filter(line -> !line.startsWith("sizing: reading ")))
                .hasSize(1);
        assertThat(ran.err())
                .contains("sizing: no model 'org/another'; none has a name like it")
                .contains("; and on the Hub: org/another")
                .doesNotContain(FakeHub.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/models/org/model/revision", "/api/models/org/model/tree", "/blobs/model.safetensors"})
    void aCommandThatIsCancelledMeanwhileLeavesNothingBehind(String slow) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        hub.with("config.json", CONFIG.getBytes(StandardCharsets.US_ASCII)).with("model.safetensors", safetensors());
        hub.on(slow, exchange -> {
            exchange.sendResponseHeaders(slow.startsWith("/blobs") ? 206 : 200, 1000);
            exchange.getResponseBody().write('[');
            exchange.getResponseBody().flush();
            asked.countDown();
            return Uninterruptibles.awaitUninterruptibly(cancelled, 1, TimeUnit.MINUTES);
        });
        Map<String, String> environment = new HashMap<>(hub.environment(folder.resolve("hf")));
        for (String place : List.of("HOME", "XDG_CACHE_HOME", "TMPDIR")) {
            environment.put(place, folder.resolve(place).toString());
        }
        Process process = start(environment, "fits", FakeHub.MODEL, "L40S");
        try {
            assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
            process.destroy();
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
            cancelled.countDown();
        }
        Ran ran = ended(process.exitValue());
        assertThat(ran.code()).isNotZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).doesNotContain(FakeHub.TOKEN);
        assertThat(files()).containsExactly("err", "out");
    }
}
