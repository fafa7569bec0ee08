package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class JsonProperties {
    @Provide
    Arbitrary<Map<String, Object>> documents() {
        return objects(4);
    }

    private static Arbitrary<Map<String, Object>> objects(int depth) {
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(6), values(depth))
                .ofMaxSize(5);
    }

    private static Arbitrary<Object> values(int depth) {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                Arbitraries.longs().asGeneric(),
                Arbitraries.strings().ofMaxLength(8).asGeneric(),
                Arbitraries.of(true, false).asGeneric());
        if (depth == 0) {
            return plain;
        }
        return Arbitraries.frequencyOf(
                Tuple.of(4, plain),
                Tuple.of(1, objects(depth - 1).asGeneric()),
                Tuple.of(1, Arbitraries.longs().list().ofMaxSize(4).asGeneric()),
                Tuple.of(
                        1,
                        Arbitraries.strings()
                                .ofMaxLength(5)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(4)
                                .asGeneric()),
                Tuple.of(1, objects(0).list().ofMinSize(1).ofMaxSize(3).asGeneric()));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsReadBackInBothForms(@ForAll("documents") Map<String, Object> document) {
        assertSame(JsonReader.read(JsonWriter.compact(document), "round trip"), document);
        assertSame(JsonReader.read(JsonWriter.indented(document), "round trip"), document);
    }

    private static void assertSame(JsonObject read, Map<?, ?> written) {
        assertThat(read.keys())
                .containsExactlyElementsOf(List.copyOf(stringKeys(written).keySet()));
        stringKeys(written).forEach((key, value) -> assertSame(read, key, value));
    }

    private static Map<String, Object> stringKeys(Map<?, ?> map) {
        Map<String, Object> keys = new LinkedHashMap<>();
        map.forEach((key, value) -> keys.put((String) key, value));
        return keys;
    }

    private static void assertSame(JsonObject read, String key, Object value) {
        if (value instanceof Long number) {
            assertThat(read.whole(key, number, number)).isEqualTo(number);
        } else if (value instanceof Boolean flag) {
            assertThat(read.flag(key, !flag)).isEqualTo(flag);
        } else if (value instanceof String text) {
            assertThat(read.requiredText(key)).isEqualTo(text);
        } else if (value instanceof Map<?, ?> object) {
            assertSame(read.requiredObject(key), object);
        } else {
            List<?> list = (List<?>) value;
            if (list.isEmpty() || list.get(0) instanceof Long) {
                assertThat(read.wholes(key, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(list);
            } else if (list.get(0) instanceof String) {
                assertThat(read.texts(key)).isEqualTo(list);
            } else {
                List<JsonObject> objects = read.objects(key);
                assertThat(objects).hasSameSizeAs(list);
                for (int i = 0; i < list.size(); i++) {
                    assertSame(objects.get(i), (Map<?, ?>) list.get(i));
                }
            }
        }
    }
}
