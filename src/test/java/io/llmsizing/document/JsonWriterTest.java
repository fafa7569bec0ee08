package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static Map<String, Object> sample() {
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("z", 1L);
        sample.put("a", List.of("x", true));
        sample.put("in", Map.of("n", -2));
        return sample;
    }

    @Test
    void compactIsOneLineInTheOrderOfTheMap() {
        assertThat(JsonWriter.compact(sample())).isEqualTo("{\"z\":1,\"a\":[\"x\",true],\"in\":{\"n\":-2}}");
    }

    @Test
    void indentedHasTwoSpacesLineFeedsAndNoneAtTheEnd() {
        assertThat(JsonWriter.indented(sample())).isEqualTo("""
                        {
                          "z" : 1,
                          "a" : [
                            "x",
                            true
                          ],
                          "in" : {
                            "n" : -2
                          }
                        }""");
    }

    @Test
    void foldedBreaksOnlyWhatDoesNotFitOnALine() {
        assertThat(JsonWriter.folded(sample(), 80)).isEqualTo("{\"z\": 1, \"a\": [\"x\", true], \"in\": {\"n\": -2}}");
        assertThat(JsonWriter.folded(sample(), 17)).isEqualTo("""
                        {
                          "z": 1,
                          "a": [
                            "x",
                            true
                          ],
                          "in": {"n": -2}
                        }""");
        assertThat(JsonWriter.folded(Map.of("of", List.of(1, 2, 3)), 8)).isEqualTo("""
                        {
                          "of": [1, 2, 3]
                        }""");
        assertThat(JsonWriter.folded(List.of(Map.of()), 0)).isEqualTo("[\n  {}\n]");
        assertThat(JsonWriter.folded(null, 0)).isEqualTo("null");
    }

    @Test
    void everyPlainValueHasAForm() {
        assertThat(JsonWriter.compact(null)).isEqualTo("null");
        assertThat(JsonWriter.compact(7)).isEqualTo("7");
        assertThat(JsonWriter.compact(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(JsonWriter.compact(false)).isEqualTo("false");
        assertThat(JsonWriter.compact(CharBuffer.wrap("text"))).isEqualTo("\"text\"");
        assertThat(JsonWriter.compact(Arrays.asList(1, null))).isEqualTo("[1,null]");
        assertThat(JsonWriter.compact(Map.of("", ""))).isEqualTo("{\"\":\"\"}");
        assertThat(JsonWriter.compact(Map.of(1, 2))).isEqualTo("{\"1\":2}");
        assertThat(JsonWriter.compact("\"\\\n\u0001")).isEqualTo("\"\\\"\\\\\\n\\u0001\"");
    }

    @Test
    void aFractionHasNoFormSinceNothingIsRounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonWriter.compact(0.5))
                .withMessageContaining("java.lang.Double");
        assertThatIllegalArgumentException().isThrownBy(() -> JsonWriter.indented(List.of(new Object())));
    }
}
