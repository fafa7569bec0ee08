package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    private static JsonObject object(String text) {
        return JsonReader.read(text, "config.json");
    }

    private static void refused(String text, Consumer<JsonObject> reading, String at, String... said) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> reading.accept(object(text)))
                .satisfies(thrown -> {
                    assertThat(thrown.file()).isEqualTo("config.json");
                    assertThat(thrown.at()).isEqualTo(at);
                    assertThat(thrown).hasMessageStartingWith("config.json: " + at + ": ");
                    assertThat(thrown).hasMessageContainingAll(said);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "4096.0, 4096",
        "1e3, 1000",
        "4.096E3, 4096",
        "-7, -7",
        "0, 0",
        "-0.0, 0",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void aWholeNumberIsReadHoweverItIsWritten(String written, long value) {
        assertThat(object("{\"n\": " + written + "}").whole("n", Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(value);
    }

    @Test
    void zerosBehindThePointAreNoFractionUpToFourHundredOfThem() {
        assertThat(object("{\"n\": 7." + "0".repeat(400) + "}").whole("n", 1, 8))
                .isEqualTo(7);
        refused("{\"n\": 7." + "0".repeat(401) + "}", o -> o.whole("n", 1, 8), "n", "expected a whole number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "1e308",
                "1e999999999",
                "1e-999999999",
                "1e2147483647",
                "0.1e-2147483647",
                "9223372036854775808",
                "\"4096\"",
                "true",
                "[1]",
                "{}",
                "1e19"
            })
    void whatIsNotAWholeNumberOfALongIsRefusedUnexpanded(String written) {
        refused(
                "{\"n\": " + written + "}",
                o -> o.whole("n", Long.MIN_VALUE, Long.MAX_VALUE),
                "n",
                "expected a whole number from -9,223,372,036,854,775,808 to 9,223,372,036,854,775,807");
    }

    @Test
    void theEndsOfARangeAreInAndTheirNeighboursAreOut() {
        assertThat(object("{\"n\": 1}").whole("n", 1, 8)).isEqualTo(1);
        assertThat(object("{\"n\": 8}").whole("n", 1, 8)).isEqualTo(8);
        refused("{\"n\": 0}", o -> o.whole("n", 1, 8), "n", "0; expected a whole number from 1 to 8");
        refused("{\"n\": 9}", o -> o.whole("n", 1, 8), "n", "9; expected a whole number from 1 to 8");
        refused("{\"n\": 9}", o -> o.whole("n", 1, 8, 2), "n", "9; expected a whole number from 1 to 8");
    }

    @Test
    void nullIsAbsent() {
        JsonObject object = object("{\"gone\": null}");
        assertThat(object.has("gone")).isFalse();
        assertThat(object.keys()).containsExactly("gone");
        assertThat(object.whole("gone", 1, 8, 5)).isEqualTo(5);
        assertThat(object.text("gone")).isEmpty();
        assertThat(object.decimal("gone")).isEmpty();
        assertThat(object.flag("gone", true)).isTrue();
        assertThat(object.flag("gone", false)).isFalse();
        assertThat(object.object("gone")).isEmpty();
        assertThat(object.objects("gone")).isEmpty();
        assertThat(object.texts("gone")).isEmpty();
        assertThat(object.wholes("gone", 1, 8)).isEmpty();
    }

    @Test
    void whatMustStandThereIsMissedByName() {
        refused("{}", o -> o.whole("n", 1, 8), "n", "absent; expected a whole number from 1 to 8");
        refused("{}", o -> o.requiredText("t"), "t", "absent; expected a text");
        refused("{}", o -> o.requiredObject("o"), "o", "absent; expected an object");
        refused("{\"n\": null}", o -> o.whole("n", 1, 8), "n", "absent");
    }

    @Test
    void everyKindIsReadAsItself() {
        JsonObject object = object("{\"t\": \"x\", \"d\": 1.50, \"s\": \"2.50\", \"f\": true, \"g\": false,"
                + " \"o\": {\"in\": 3}, \"os\": [{\"a\": 1}, {\"a\": 2}], \"ts\": [\"p\", \"q\"], \"ws\": [1, 8.0]}");
        assertThat(object.text("t")).hasValue("x");
        assertThat(object.requiredText("t")).isEqualTo("x");
        assertThat(object.decimal("d")).hasValue("1.50");
        assertThat(object.decimal("s")).hasValue("2.50");
        assertThat(object.flag("f", false)).isTrue();
        assertThat(object.flag("g", true)).isFalse();
        assertThat(object.requiredObject("o").whole("in", 3, 3)).isEqualTo(3);
        assertThat(object.objects("os").stream().map(o -> o.whole("a", 1, 2))).containsExactly(1L, 2L);
        assertThat(object.texts("ts")).containsExactly("p", "q");
        assertThat(object.wholes("ws", 1, 8)).containsExactly(1L, 8L);
        assertThat(object.has("t")).isTrue();
        assertThat(object.has("absent")).isFalse();
        assertThat(object.file()).isEqualTo("config.json");
        assertThat(object.keys()).containsExactly("t", "d", "s", "f", "g", "o", "os", "ts", "ws");
    }

    @Test
    void everyKindIsRefusedWhereAnotherIsExpected() {
        refused("{\"k\": 7}", o -> o.text("k"), "k", "7; expected a text");
        refused("{\"k\": true}", o -> o.decimal("k"), "k", "true; expected a text");
        refused("{\"k\": \"yes\"}", o -> o.flag("k", true), "k", "\"yes\"; expected true or false");
        refused("{\"k\": 1}", o -> o.flag("k", true), "k", "1; expected true or false");
        refused("{\"k\": [1, 2]}", o -> o.object("k"), "k", "a list of 2; expected an object");
        refused("{\"k\": {}}", o -> o.objects("k"), "k", "an object; expected a list of objects");
        refused("{\"k\": [{}, 1]}", o -> o.objects("k"), "k", "a list of 2; expected a list of objects");
        refused("{\"k\": [\"a\", null]}", o -> o.texts("k"), "k", "a list of 2; expected a list of texts");
        refused("{\"k\": [1, \"2\"]}", o -> o.wholes("k", 1, 8), "k", "a list of 2; expected a list of whole numbers");
        refused("{\"k\": [1, 9]}", o -> o.wholes("k", 1, 8), "k", "9; expected a whole number from 1 to 8");
        refused("{\"k\": [0, 1]}", o -> o.wholes("k", 1, 8), "k", "0; expected a whole number from 1 to 8");
    }

    @Test
    void anErrorInsideNamesTheWholePath() {
        refused(
                "{\"text_config\": {\"rope\": {\"width\": \"wide\"}}}",
                o -> o.requiredObject("text_config").requiredObject("rope").whole("width", 1, 8),
                "text_config.rope.width",
                "\"wide\"; expected a whole number from 1 to 8");
        refused(
                "{\"layers\": [{}, {\"n\": -1}]}",
                o -> o.objects("layers").get(1).whole("n", 1, 8),
                "layers[1].n",
                "-1; expected");
    }

    @Test
    void aKeyThatIsNotKnownIsRefusedWithThoseThatAre() {
        refused("{\"a\": 1, \"zz\": 2}", o -> o.refuseOtherKeysThan(Set.of("b", "a")), "zz", "unknown key", "a, b");
        refused("{\"zz\": null}", o -> o.refuseOtherKeysThan(Set.of("a")), "zz", "unknown key");
        object("{\"a\": 1}").refuseOtherKeysThan(Set.of("a", "b"));
    }

    @Test
    void aLongValueIsShownShortened() {
        JsonObject object = object("{\"k\": \"" + "x".repeat(5000) + "\", \"s\": \"" + "y".repeat(78) + "\"}");
        assertThat(object.shown("k")).hasSize(80).startsWith("\"xxx").endsWith("...");
        assertThat(object.shown("s")).isEqualTo("\"" + "y".repeat(78) + "\"");
        assertThat(object("{\"n\": 1e308}").shown("n")).isEqualTo("1e308");
    }

    @Test
    void listsAreCopiesThatCannotBeChanged() {
        List<String> texts = object("{\"k\": [\"a\"]}").texts("k");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> texts.add("b"));
    }

    @Test
    void aScalarIsTheTextOrTheNumberAsItStands() {
        JsonObject object = object("{\"t\": \"x\", \"w\": 4096.0, \"d\": 0.10, \"h\": 1e308, \"n\": null}");
        assertThat(object.scalar("t")).hasValue("x");
        assertThat(object.scalar("w")).hasValue(4096L);
        assertThat(object.scalar("d")).hasValue("0.10");
        assertThat(object.scalar("h")).hasValue("1e308");
        assertThat(object.scalar("n")).isEmpty();
        assertThat(object.scalar("absent")).isEmpty();
        refused("{\"k\": true}", o -> o.scalar("k"), "k", "true; expected a text");
        refused("{\"k\": []}", o -> o.scalar("k"), "k", "a list of 0; expected a text");
    }

    @Test
    void aPlaceIsThePathFromTheRoot() {
        JsonObject object = object("{\"in\": {\"list\": [{\"k\": 1}]}}");
        assertThat(object.place("in")).isEqualTo("in");
        assertThat(object.requiredObject("in").objects("list").get(0).place("k"))
                .isEqualTo("in.list[0].k");
    }

    @Test
    void lengthsAreThoseOfListsAndOneForAnythingElse() {
        JsonObject read = object("{\"none\": null, \"one\": -2, \"empty\": [], \"three\": [1, 2, 3]}");
        assertThat(read.lengthOf("absent")).isZero();
        assertThat(read.lengthOf("none")).isZero();
        assertThat(read.lengthOf("one")).isEqualTo(1);
        assertThat(read.lengthOf("empty")).isZero();
        assertThat(read.lengthOf("three")).isEqualTo(3);
    }

    @Test
    void listsOfListsAreReadRowByRow() {
        assertThat(object("{\"k\": [[3, 3], [5, 1]]}").rows("k", 1, 9))
                .containsExactly(List.of(3L, 3L), List.of(5L, 1L));
        assertThat(object("{}").rows("k", 1, 9)).isEmpty();
        refused(
                "{\"k\": [1, 2]}",
                read -> read.rows("k", 1, 9),
                "k",
                "a list of 2",
                "a list of lists of whole numbers");
        refused("{\"k\": [[1, 10]]}", read -> read.rows("k", 1, 9), "k", "10", "from 1 to 9");
        refused("{\"k\": 1}", read -> read.rows("k", 1, 9), "k", "1; expected a list of lists");
    }
}
