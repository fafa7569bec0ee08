package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.PackedFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsJsonTest {
    private static JsonObject entry(Object weights) {
        return JsonReader.read(JsonWriter.compact(Map.of("weights", weights)), "models/mine.json");
    }

    @Test
    void aSchemeWithoutExceptionsIsItsName() {
        WeightScheme scheme = WeightSchemes.named("nvfp4").with(TensorRole.ATTENTION, Formats.fp8BlockE8m0(32, 32));
        assertThat(WeightsJson.written(scheme)).isEqualTo("nvfp4+attention=fp8-block-32-e8m0");
        assertThat(WeightsJson.read(entry(WeightsJson.written(scheme)))).contains(scheme);
        assertThat(WeightsJson.read(JsonReader.read("{}", "models/mine.json"))).isEmpty();
    }

    @Test
    void exceptionsStandUnderTheirBlockAndTensor() {
        WeightScheme scheme = WeightSchemes.named("awq/bf16")
                .withExceptions(Map.of(
                        "layers[3]", Map.of("self_attn.o_proj.weight", PackedFormats.gptq(3, 64)),
                        "output", Map.of("lm_head.weight", Formats.withInputScale(Formats.FP8_TENSOR))));
        Object written = WeightsJson.written(scheme);
        assertThat(JsonWriter.compact(Map.of("weights", written)))
                .contains("\"scheme\":\"awq-g128/bf16\"")
                .contains("\"layers[3]\":{\"self_attn.o_proj.weight\":\"gptq-3bit-g64\"}");
        assertThat(WeightsJson.read(entry(written))).contains(scheme);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"scheme": "bf16"}                                            | weights.exceptions: absent
            {"exceptions": {}}                                            | weights.scheme: absent
            {"scheme": "bf16", "exceptions": {}, "x": 1}                  | weights.x: unknown key
            {"scheme": "bf16", "exceptions": {"output": 1}}               | weights.exceptions.output: 1; expected an object
            {"scheme": "bf16", "exceptions": {"output": {"a": "q9_k"}}}   | weights.exceptions.output.a: "q9_k"; expected a format
            7                                                             | weights: 7; expected a text
            """)
    void aMalformedSchemeIsRefusedWithItsPlace(String weights, String fragment) {
        JsonObject entry = JsonReader.read("{\"weights\": " + weights + "}", "models/mine.json");
        assertThatThrownBy(() -> WeightsJson.read(entry))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(fragment);
    }
}
