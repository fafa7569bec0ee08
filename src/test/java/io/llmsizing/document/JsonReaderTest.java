package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @TempDir
    Path folder;

    private static String nested(int depth) {
        return "{\"k\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "\"text\"",
                "1",
                "null",
                "true",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a: 1}",
                "{'a': 1}",
                "{\"a\": 01}",
                "{\"a\": 1.}",
                "{\"a\": +1}",
                "{\"a\": .5}",
                "{\"a\": [1,]}",
                "{\"a\": [1}",
                "{\"a\": \"\\x\"}",
                "{\"a\": \"line\nbreak\"}",
                "{\"a\": 1 /* why */}",
                "{\"a\": tru}"
            })
    void whatIsNotAJsonObjectIsRefusedWithItsPlace(String text) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read(text, "config.json"))
                .satisfies(thrown -> assertThat(thrown.at()).matches("line \\d+, column \\d+"))
                .withMessageStartingWith("config.json: line ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "{}]", "{}}", "{} 1", "{},", "{} x"})
    void nothingMayFollowTheObject(String text) {
        assertThatExceptionOfType(MalformedFileException.class).isThrownBy(() -> JsonReader.read(text, "config.json"));
    }

    @Test
    void blanksMayFollowTheObject() {
        assertThat(JsonReader.read(" \n{} \r\n\t", "config.json").keys()).isEmpty();
    }

    @Test
    void anErrorNamesLineAndColumn() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read("{\n  \"a\": x\n}", "config.json"))
                .satisfies(thrown -> assertThat(thrown.at()).startsWith("line 2, column "));
    }

    @Test
    void aKeyStandsOnlyOnceInAnObject() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read("{\"hidden_size\": 1, \"hidden_size\": 1}", "config.json"))
                .withMessageContaining("hidden_size");
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read("{\"o\": {\"k\": 1, \"k\": 2}}", "config.json"))
                .withMessageContaining("'k'");
        assertThat(JsonReader.read("{\"k\": {\"k\": 1}}", "config.json")
                        .requiredObject("k")
                        .whole("k", 1, 1))
                .isEqualTo(1);
    }

    @Test
    void sixtyFourLevelsAreReadAndMoreAreRefused() {
        assertThat(JsonReader.read(nested(64), "config.json").has("k")).isTrue();
        for (int depth : new int[] {65, 100, 100_000}) {
            String deep = nested(depth);
            assertThatExceptionOfType(MalformedFileException.class)
                    .isThrownBy(() -> JsonReader.read(deep, "config.json"));
        }
    }

    @Test
    void aHundredLevelsOfListsAreRefused() {
        String deep = "{\"k\": " + "[".repeat(100) + "]".repeat(100) + "}";
        assertThatExceptionOfType(MalformedFileException.class).isThrownBy(() -> JsonReader.read(deep, "config.json"));
    }

    @Test
    void aNumberHasAtMostAThousandDigits() {
        assertThat(JsonReader.read("{\"n\": " + "9".repeat(1000) + "}", "config.json")
                        .decimal("n"))
                .hasValue("9".repeat(1000));
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read("{\"n\": " + "9".repeat(1001) + "}", "config.json"));
    }

    @Test
    void aKeyHasAtMostFourThousandAndNinetySixCharacters() {
        String longest = "k".repeat(4096);
        assertThat(JsonReader.read("{\"" + longest + "\": 1}", "config.json").has(longest))
                .isTrue();
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read("{\"k" + longest + "\": 1}", "config.json"));
    }

    @Test
    void aTextHasAtMostAMebiCharacter() {
        assertThat(JsonReader.read("{\"t\": \"" + "x".repeat(1 << 20) + "\"}", "config.json")
                        .requiredText("t"))
                .hasSize(1 << 20);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read("{\"t\": \"" + "x".repeat((1 << 20) + 1) + "\"}", "config.json"));
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void aStreamIsReadInAnyUnicodeEncoding(Charset encoding) {
        byte[] bytes = "{\"t\": \"2 \u00d7 GPU\"}".getBytes(encoding);
        assertThat(JsonReader.read(new ByteArrayInputStream(bytes), "config.json")
                        .requiredText("t"))
                .isEqualTo("2 \u00d7 GPU");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] bytes = "{\"t\": \"\u00d7\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read(new ByteArrayInputStream(bytes), "config.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000fffe01020304", "007b000001020304", "0000007b00000022000061", "0000007b7fffffff"})
    void bytesOfNoUnicodeEncodingAreRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read(new ByteArrayInputStream(bytes), "config.json"))
                .withMessageContaining("config.json");
    }

    @Test
    void aFileIsReadUnderItsOwnName() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"n\": 3}");
        JsonObject object = JsonReader.read(file);
        assertThat(object.file()).isEqualTo(file.toString());
        assertThat(object.whole("n", 1, 8)).isEqualTo(3);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        Path missing = folder.resolve("missing.json");
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read(missing))
                .withMessageContaining(missing.toString())
                .withMessageContaining("can't be read");
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> JsonReader.read(folder))
                .withMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void whatPythonWritesForNoNumberIsReadAndNeverGivenOut(String token) {
        JsonObject object = JsonReader.read("{\"limit\": " + token + "}", "config.json");
        assertThat(object.has("limit")).isTrue();
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> object.whole("limit", 0, Long.MAX_VALUE))
                .withMessageContaining(token);
    }

    private static List<JsonObject> list(String text) {
        return JsonReader.readList(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "tree.json");
    }

    @Test
    void aListOfObjectsIsReadInItsOrder() {
        assertThat(list(" [] ")).isEmpty();
        List<JsonObject> objects = list("[{\"size\": 1}, {\"size\": -2, \"lfs\": {\"size\": 3}}]");
        assertThat(objects).extracting(object -> object.whole("size", -9, 9)).containsExactly(1L, -2L);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> objects.get(1).requiredObject("lfs").requiredText("oid"))
                .withMessage("tree.json: [1].lfs.oid: absent; expected a text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "1", "[", "[1]", "[null]", "[[]]", "[{}", "[{},]", "[{}] []", "[{}]]", "[{}", "<html>"
            })
    void whatIsNotAListOfObjectsIsRefusedWithItsPlace(String text) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> list(text))
                .withMessageStartingWith("tree.json: line 1, column ");
    }

    @Test
    void aListHasTheBoundsOfAnObject() {
        assertThat(list("[" + nested(63) + "]")).hasSize(1);
        for (String beyond : new String[] {
            "[" + nested(64) + "]",
            "[" + "{},".repeat(100_000) + "{}]",
            "[{\"k\": 1, \"k\": 1}]",
            "[" + " ".repeat(9 << 20) + "]"
        }) {
            assertThatExceptionOfType(MalformedFileException.class).isThrownBy(() -> list(beyond));
        }
    }
}
