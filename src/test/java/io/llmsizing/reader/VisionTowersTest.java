package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.VisionTower;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every encoder that is read has as many elements as the one that its own classes build; where those are not to be had, as
 * many as the repository stores beside the language model. Each row of the table says which.
 */
class VisionTowersTest {
    private static final String TABLE = "towers_built.jsonl";

    static Stream<JsonObject> built() throws IOException {
        try (InputStream bytes = Objects.requireNonNull(VisionTowersTest.class.getResourceAsStream(TABLE))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().map(line -> JsonReader.read(line, TABLE)).collect(Collectors.toList()).stream();
        }
    }

    private static Config config(String json) {
        return new Config(JsonReader.read(json, "config.json"));
    }

    private static List<WeightTensor> tensors(String json) {
        return VisionTowers.read(config(json)).map(VisionTower::tensors).orElse(List.of());
    }

    private static long elements(String json) {
        return tensors(json).stream().mapToLong(WeightTensor::elements).sum();
    }

    private static List<String> assumptions(String json) {
        Config config = config(json);
        VisionTowers.read(config);
        return config.assumptions().stream().map(Assumption::toString).collect(Collectors.toList());
    }

    @ParameterizedTest
    @MethodSource("built")
    void theEncoderIsTheBuiltOne(JsonObject row) {
        assertThat(elements(row.requiredText("config")))
                .as(row.requiredText("model") + ": " + row.requiredText("source"))
                .isEqualTo(row.whole("elements", 0, 1L << 50));
    }

    @ParameterizedTest
    @MethodSource("built")
    void nothingOfARealConfigIsLeftUnreadInIt(JsonObject row) {
        Config config = config(row.requiredText("config"));
        VisionTowers.read(config);
        for (String part : new String[] {"vision_config", "audio_config", "projector_config", "vq_config"}) {
            config.nested(part).ifPresent(Config::refuseUnreadSizes);
        }
    }

    @Test
    void everyArchitectureThatIsReadIsTested() throws IOException {
        Set<String> tested = built().map(row ->
                        JsonReader.read(row.requiredText("config"), "config").requiredText("model_type"))
                .collect(Collectors.toSet());
        assertThat(tested).containsAll(VisionTowers.types());
    }

    @Test
    void tensorParallelismCutsTheBlocksAndNothingElse() {
        assertThat(tensors("{\"model_type\": \"llava\"}"))
                .isNotEmpty()
                .allSatisfy(tensor -> assertThat(tensor.shardRule().cut())
                        .isEqualTo(
                                tensor.name().matches(".*\\.(q_proj|k_proj|v_proj|fc1)\\.(weight|bias)")
                                        ? ShardRule.Cut.ROWS
                                        : tensor.name().matches(".*\\.(o_proj|fc2)\\.weight")
                                                ? ShardRule.Cut.COLUMNS
                                                : ShardRule.Cut.NONE))
                .allSatisfy(tensor -> assertThat(tensor.role())
                        .isEqualTo(
                                tensor.name().startsWith("multi_modal_projector")
                                        ? TensorRole.VISION_PROJECTOR
                                        : TensorRole.VISION));
    }

    @Test
    void equalLayersAreOneTensorWithACount() {
        assertThat(tensors("{\"model_type\": \"llava\", \"vision_config\": {\"num_hidden_layers\": 5}}"))
                .filteredOn(tensor -> tensor.name().equals("vision_tower.layers.N.mlp.fc1.weight"))
                .singleElement()
                .satisfies(tensor -> assertThat(tensor.count()).isEqualTo(5))
                .satisfies(tensor -> assertThat(tensor.activeCount()).isEqualTo(5));
    }

    @Test
    void anAbsentKeyMeansTheDefaultOfItsOwnClassAndIsSaid() {
        assertThat(assumptions("{\"model_type\": \"mistral3\", \"vision_config\": {\"patch_size\": 14}, "
                        + "\"text_config\": {\"model_type\": \"mistral\", \"hidden_size\": 5120}}"))
                .anyMatch(said -> said.contains("vision_config.hidden_size")
                        && said.contains("absent, taken as 1024 (the default of its configuration class)"))
                .noneMatch(said -> said.contains("patch_size"));
    }

    @Test
    void anAbsentPartMeansTheDefaultOfTheWholeAndIsSaidOnce() {
        assertThat(assumptions("{\"model_type\": \"llava\", \"text_config\": {\"hidden_size\": 4096}}"))
                .filteredOn(said -> said.contains("vision_config"))
                .singleElement()
                .asString()
                .contains("absent, taken as clip_vision_model");
    }

    @Test
    void someModelsHaveEncodersOnlyWhereTheyAreStated() {
        assertThat(VisionTowers.read(config("{\"model_type\": \"gemma4\", \"audio_config\": null}")))
                .isEmpty();
    }

    @Test
    void aModelWithoutEncodersHasNone() {
        assertThat(VisionTowers.read(config("{\"model_type\": \"llama\"}"))).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'model_type': 'llama', 'vision_config': {}}; vision_config; the encoders of llama models are not known",
                "{'model_type': 'llava', 'vision_config': {'model_type': 'x'}}; vision_config.model_type; not known as an encoder",
                "{'model_type': 'gemma3n', 'vision_config': {'architecture': 'resnet50'}}; vision_config.architecture; only mobilenetv5_300m_enc",
                "{'model_type': 'internvl_chat', 'llm_config': {'hidden_size': 8}, 'vision_config': {'norm_type': 'x'}}; vision_config.norm_type; known are layer_norm",
                "{'model_type': 'kimi_k3', 'text_config': {'hidden_size': 8}, 'vision_config': {'mlp_type': 'moe'}}; vision_config.mlp_type; only mlp2",
                "{'model_type': 'got', 'audio_config': {}}; audio_config; the encoders of got models are not known",
                "{'model_type': 'phi3_v', 'img_processor': {'name': 'x'}}; img_processor.name; only clip_vision_model",
                "{'model_type': 'llava_next_video', 'spatial_pool_mode': 'x'}; spatial_pool_mode; known are average, max and conv",
                "{'model_type': 'deepseek_vl_v2', 'vision_config': {'model_name': 'x'}}; vision_config.model_name; known are",
                "{'model_type': 'deepseek_vl_v2', 'projector_config': {'projector_type': 'x'}}; projector_config.projector_type; known are",
                "{'model_type': 'inkling_mm_model', 'vision_config': {'patch_size': 5000}}; vision_config.patch_size; more than 4096",
                "{'model_type': 'gemma4', 'audio_config': {'subsampling_conv_channels': [8]}}; audio_config.subsampling_conv_channels; expected 2 numbers",
                "{'model_type': 'gemma3n', 'audio_config': {'sscp_conv_kernel_size': [[3, 3]]}}; audio_config.sscp_conv_kernel_size; expected 2 lists",
                "{'model_type': 'internvl', 'vision_config': {'image_size': [1, 2, 3]}}; vision_config.image_size; expected a size, or a height and a width"
            })
    void whatIsNotKnownIsRefusedByItsPlace(String json, String place, String why) {
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> elements(json.replace('\'', '"')))
                .withMessageContaining(place)
                .withMessageContaining(why);
    }

    @Test
    void whatHasNoDefaultMustBeStated() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> elements("{\"model_type\": \"llava\", \"text_config\": {\"model_type\": \"new\"}}"))
                .withMessageContaining("text_config.hidden_size");
    }

    @Test
    void anUnreadSizeOfAnEncoderIsRefusedWithTheWholeConfig() {
        Config config = config("{\"model_type\": \"llava\", \"vision_config\": {\"num_experts\": 3}}");
        VisionTowers.read(config);
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(config::refuseUnreadSizes)
                .withMessageContaining("vision_config.num_experts");
    }

    @Test
    void whatSpeaksIsLeftOutAndThatIsSaid() {
        String speaking = "{'model_type': 'qwen3_omni_moe', 'talker_config': {'hidden_size': 7}}";
        assertThat(assumptions(speaking.replace('\'', '"')))
                .anyMatch(said -> said.contains("talker_config") && said.contains("speech is left out"));
        assertThat(assumptions("{\"model_type\": \"qwen3_omni_moe\"}"))
                .noneMatch(said -> said.contains("talker_config"));
    }

    @Test
    void severalTapsWidenTheProjector() {
        long one = elements("{\"model_type\": \"llava\", \"vision_feature_layer\": -2}");
        long three = elements("{\"model_type\": \"llava\", \"vision_feature_layer\": [-2, -5, -8]}");
        assertThat(three - one).isEqualTo(2L * 1024 * 4096);
    }
}
