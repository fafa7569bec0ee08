package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonItemsTest {
    private final List<JsonObject> told = new ArrayList<>();

    private void tell(String text) throws IOException {
        JsonItems.forEach(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                "nodes.json",
                "items",
                List.of("name", "status.size", "status.conditions.type"),
                told::add);
    }

    @Test
    void onlyWhatIsWantedIsKept() throws IOException {
        tell(
                "{\"kind\": [1], \"items\": [{\"name\": \"a\", \"other\": {\"name\": 1}, \"status\": {\"size\": {\"x\": \"1\"},"
                        + " \"images\": [[]], \"conditions\": [{\"type\": \"t\", \"message\": \"m\"}]}}, {}]}");
        assertThat(told).hasSize(2);
        assertThat(told.get(0).keys()).containsExactly("name", "status");
        JsonObject status = told.get(0).requiredObject("status");
        assertThat(status.keys()).containsExactly("size", "conditions");
        assertThat(status.requiredObject("size").place("x")).isEqualTo("items[0].status.size.x");
        assertThat(status.objects("conditions").get(0).keys()).containsExactly("type");
        assertThat(told.get(1).keys()).isEmpty();
    }

    @Test
    void aDocumentWithoutTheListIsTheItem() throws IOException {
        tell("{\"name\": \"a\", \"other\": 1}");
        assertThat(told).hasSize(1);
        assertThat(told.get(0).requiredText("name")).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"items\": [{\"name\": \"a\"}, 1]}",
                "{\"items\": [{\"name\": \"a\"}, {\"name\": 1, \"name\": 2}]}",
                "{\"items\": [{\"name\": \"a\"}, {",
                "{\"items\": [{\"name\": \"a\"}]} {}"
            })
    void whatIsWrongIsNamedAndWhatStoodBeforeWasTold(String text) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> tell(text))
                .withMessageStartingWith("nodes.json: line 1, column ");
        assertThat(told).hasSize(text.contains("a") ? 1 : 0);
    }

    @Test
    void anObjectOfTooManyWantedKeysIsRefusedAndOfUnwantedOnesIsNot() throws IOException {
        StringBuilder keys = new StringBuilder("{\"k\": 1");
        for (int i = 0; i < 5_000; i++) {
            keys.append(", \"k").append(i).append("\": 1");
        }
        keys.append('}');
        tell("{\"items\": [{\"labels\": " + keys + "}]}");
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> tell("{\"items\": [{\"status\": {\"size\": " + keys + "}}]}"))
                .withMessageContaining("more than 4096 keys and values");
    }

    @Test
    void depthIsBounded() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> tell("{\"items\": [{\"other\": " + "[".repeat(100_000)));
    }
}
