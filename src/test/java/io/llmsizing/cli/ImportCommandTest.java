package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.reader.HuggingFaceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImportCommandTest {
    private static final String SMALL = """
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 100, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16", "max_position_embeddings": 50}""";

    @TempDir
    private Path directory;

    static Stream<JsonObject> architectures() throws IOException {
        try (InputStream bytes = Objects.requireNonNull(
                ImportCommandTest.class.getResourceAsStream("/io/llmsizing/reader/architectures.jsonl"))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> JsonReader.read(line, "architectures.jsonl"))
                            .collect(Collectors.toList())
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void whatIsImportedIsReadBackFromADirectoryOfOnesOwn(JsonObject row) throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), row.requiredText("config"));
        Command imported = Command.of("import", config.toString(), "--id", "me/Mine");
        assertThat(imported.code()).isZero();
        Model read = HuggingFaceReader.read(config).model();
        Model back = shelved("me/Mine,mine,mine.json", imported.out()).model("mine");
        assertThat(back.name()).isEqualTo("me/Mine");
        assertThat(back.blocks()).isEqualTo(read.blocks());
        assertThat(back.parameters()).isEqualTo(read.parameters());
        assertThat(back.layers()).isEqualTo(read.layers());
        for (long ranks : new long[] {1, 2, 8}) {
            assertThat(back.layers().groups().stream()
                            .map(LayerGroup::attention)
                            .map(attention -> attention.cacheRows(ranks)))
                    .isEqualTo(read.layers().groups().stream()
                            .map(LayerGroup::attention)
                            .map(attention -> attention.cacheRows(ranks))
                            .collect(Collectors.toList()));
        }
        assertThat(back.weights()).isEqualTo(read.weights());
        assertThat(back.rotaryTable()).isEqualTo(read.rotaryTable());
        assertThat(back.contextTokens()).isEqualTo(read.contextTokens());
        assertThat(back.assumptions()).isEmpty();
    }

    private Catalog shelved(String line, String file) throws IOException {
        Path models = Files.createDirectories(directory.resolve("mine").resolve("models"));
        Files.writeString(models.resolve("index.csv"), "id,aliases,file\n" + line + "\n");
        Files.writeString(models.resolve("mine.json"), file);
        return Catalog.bundled().overlaidBy(directory.resolve("mine"));
    }

    @Test
    void severalEntriesMayStandInOneFile() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), SMALL);
        String a = Command.of("import", config.toString(), "--id", "me/A").out();
        String b = Command.of("import", config.toString(), "--id", "me/B").out();
        Catalog mine = shelved("me/A,,mine.json\nme/B,,mine.json", "{\"models\": [" + a + ", " + b + "]}");
        assertThat(mine.model("me/a").name()).isEqualTo("me/A");
        assertThat(mine.model("me/b").blocks()).isEqualTo(mine.model("me/a").blocks());
    }

    @Test
    void whatIsNotSaidIsTakenFromTheFileAndItsPlace() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("Small-1M"));
        Path config = Files.writeString(folder.resolve("config.json"), SMALL);
        JsonObject plain = entry("import", config.toString());
        assertThat(plain.requiredText("id")).isEqualTo("Small-1M");
        assertThat(plain.requiredText("source")).isEqualTo("config.json of Small-1M");
        assertThat(plain.has("retrieved")).isFalse();
        JsonObject full =
                entry("import", config.toString(), "--id", "me/S", "--source", "a letter", "--retrieved", "2026-11-23");
        assertThat(full.requiredText("id")).isEqualTo("me/S");
        assertThat(full.requiredText("source")).isEqualTo("a letter");
        assertThat(full.requiredText("retrieved")).isEqualTo("2026-11-23");
    }

    private static JsonObject entry(String... arguments) {
        Command ran = Command.of(arguments);
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        return JsonReader.read(ran.out(), "entry");
    }

    @Test
    void whatWasTakenForGrantedIsSaidBesideTheEntry() throws IOException {
        Path config = Files.writeString(
                directory.resolve("config.json"), SMALL.replace("\"torch_dtype\": \"bfloat16\", ", ""));
        Command ran = Command.of("import", config.toString());
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).startsWith("assumed: torch_dtype: absent").endsWith("\n");
        assertThat(JsonReader.read(ran.out(), "entry").requiredText("weights")).isEqualTo("bf16");
    }

    @Test
    void whatCantBeReadIsRefusedInOneLine() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), SMALL.replace("llama", "llama5"));
        Command ran = Command.of("import", config.toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("sizing: " + config + ": model_type").containsOnlyOnce("\n");
        assertThat(Command.of("import", config.toString(), "--retrieved", "soon")
                        .code())
                .isEqualTo(2);
        assertThat(Command.of("import", config.toString(), "--id", " ").code()).isEqualTo(2);
    }
}
