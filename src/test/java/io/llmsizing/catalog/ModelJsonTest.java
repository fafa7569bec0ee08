package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelJsonTest {
    private static final String ENTRY = """
            {"id": "me/Small", "hidden": 64, "vocabulary": 100, "tied": false, "layers": [{"count": 2, "attention":
            {"kind": "grouped_query", "heads": 4, "key_value_heads": 2, "key_width": 16, "value_width": 16},
            "feed_forward": {"kind": "dense", "width": 128, "gated": true}, "norm_vectors": 2}],
            "output_norm_vectors": 1, "rotary": {"positions": 50, "width": 16, "element_bytes": 2},
            "weights": "bf16", "context_tokens": 50, "source": "a test"}""";

    @Test
    void whatIsWrittenIsReadBackWithEqualTensors() {
        Catalog catalog = Catalog.bundled();
        for (String id : catalog.modelIds()) {
            Model model = catalog.model(id);
            Model back = read(JsonWriter.compact(ModelJson.write(model)));
            assertThat(back.blocks()).as(id).isEqualTo(model.blocks());
            assertThat(back.layers().runs()).as(id).isEqualTo(model.layers().runs());
            assertThat(back.parameters()).as(id).isEqualTo(model.parameters());
            assertThat(back.rotaryTable()).as(id).isEqualTo(model.rotaryTable());
            assertThat(back.weights().name()).as(id).isEqualTo(model.weights().name());
            assertThat(back.contextTokens()).as(id).isEqualTo(model.contextTokens());
            assertThat(back.source()).as(id).isEqualTo(model.source());
        }
    }

    @Test
    void everyOptionalPartIsReadBack() {
        String written = ENTRY.replace(
                        "\"value_width\": 16",
                        "\"value_width\": 16, \"window\": 8, \"norm\": \"full_width\","
                                + " \"input_bias\": true, \"output_bias\": true")
                .replace("\"gated\": true", "\"gated\": false, \"bias\": true")
                .replace("\"tied\": false", "\"tied\": true")
                .replace(
                        "\"weights\"",
                        "\"vision\": [{\"name\": \"patch\", \"rows\": 3, \"columns\": 5, \"count\": 7},"
                                + " {\"name\": \"mm\", \"rows\": 2, \"projector\": true}], \"weights\"");
        Model model = read(written);
        Model back = read(JsonWriter.compact(ModelJson.write(model)));
        assertThat(back.blocks()).isEqualTo(model.blocks());
        assertThat(back.layers().groups().get(0).attention()).isInstanceOf(SlidingWindow.class);
        assertThat(back.layers().runs()).isEqualTo(model.layers().runs());
        assertThat(back.parameters().vision()).isEqualTo(3 * 5 * 7 + 2);
    }

    @Test
    void theEntryThatTheOthersAreMadeOfIsSound() {
        assertThat(read(ENTRY).parameters().total())
                .isEqualTo(2 * 100 * 64 + 2 * (64 * 64 * 2 + 2 * 64 * 32 + 3 * 64 * 128 + 2 * 64) + 64);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "id": "me/Small",           |                                  | id: absent; expected a text
            "id": "me/Small"            | "id": 7                          | id: 7; expected a text
            "id": "me/Small"            | "id": "  "                       | a model has a name
            "hidden": 64,               |                                  | hidden: absent; expected a whole number from 1
            "hidden": 64                | "hidden": -64                    | hidden: -64; expected a whole number from 1
            "hidden": 64                | "hidden": 64.5                   | hidden: 64.5; expected a whole number
            "hidden": 64                | "hidden": "64"                   | hidden: "64"; expected a whole number
            "hidden": 64                | "hidden": 1e300                  | hidden: 1e300; expected a whole number
            "hidden": 64                | "hidden": 1099511627776          | 1 to 2^20 allowed
            "hidden": 64                | "hiden": 64                      | hiden: unknown key; known here: context_tokens
            "tied": false               | "tied": 0                        | tied: 0
            "vocabulary": 100           | "vocabulary": null               | vocabulary: absent
            "layers": [{                | "layers": {}, "x": [{            | unknown key
            "count": 2                  | "count": 0                       | layers[0].count: 0; expected a whole number from 1
            "count": 2                  | "count": -1                      | layers[0].count: -1
            "count": 2                  | "count": 1000000000              | layers[0].count: 1000000000
            "kind": "grouped_query"     | "kind": "magic"                  | layers[0].attention.kind: "magic"; expected grouped_query
            "kind": "dense"             | "kind": "sparse"                 | layers[0].feed_forward.kind: "sparse"; expected dense
            "kind": "dense",            |                                  | layers[0].feed_forward.kind: absent
            "heads": 4                  | "heads": 0                       | layers[0].attention.heads: 0
            "key_value_heads": 2        | "key_value_heads": 3             | me/Small
            "value_width": 16           | "value_width": 16, "norm": "top" | layers[0].attention.norm: "top"; expected none, per_head
            "value_width": 16           | "value_width": 16, "window": 0   | layers[0].attention.window: 0
            "width": 128                | "width": []                      | layers[0].feed_forward.width: a list of 0
            "norm_vectors": 2           | "norm_vectors": 65               | layers[0].norm_vectors: 65; expected a whole number from 0 to 64
            "output_norm_vectors": 1    | "output_norm_vectors": 9         | output_norm_vectors: 9
            "positions": 50             | "positions": 0                   | rotary.positions: 0
            "element_bytes": 2          | "element_bytes": 8               | rotary.element_bytes: 8; expected a whole number from 2 to 4
            "rotary": {                 | "rotary": 5, "x": {              | unknown key
            "rotary": {                 | "speculative": {},"rotary": {    | speculative.depth: absent
            "weights": "bf16"           | "weights": "bf15"                | 'bf15' is not a weight format; known: bf16
            "weights": "bf16",          |                                  | weights: absent; expected a text
            "context_tokens": 50        | "context_tokens": 0              | context_tokens: 0
            "source": "a test"          | "retrieved": "2026-11-23"        | source: absent
            """)
    void aMalformedEntryIsRefusedNamingFileKeyValueAndWhatWasExpected(String from, String to, String fragment) {
        assertThat(ENTRY).contains(from);
        String entry = ENTRY.replaceFirst(Pattern.quote(from), to == null ? "" : to);
        MalformedFileException refused = catchThrowableOfType(MalformedFileException.class, () -> read(entry));
        assertThat(refused).hasMessageStartingWith("models/mine.json: ").hasMessageContaining(fragment);
    }

    @Test
    void aModelWithoutLayersIsRefusedByName() {
        String entry = ENTRY.replaceFirst("(?s)\"layers\": \\[.*\\],", "\"layers\": [],");
        assertThat(catchThrowableOfType(MalformedFileException.class, () -> read(entry)))
                .hasMessageContaining("me/Small");
    }

    private static Model read(String json) {
        return ModelJson.read(JsonReader.read(json, "models/mine.json"));
    }
}
