package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.weights.WeightMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HuggingFaceReaderTest {
    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of(Configs.LLAMA_3_1_8B, 8_030_261_248L, 8_030_261_248L),
                Arguments.of(Configs.LLAMA_3_2_1B, 1_235_814_400L, 1_235_814_400L),
                Arguments.of(Configs.MISTRAL_7B, 7_241_732_096L, 7_241_732_096L),
                Arguments.of(Configs.MIXTRAL_8X7B, 46_702_792_704L, 12_879_925_248L),
                Arguments.of(Configs.QWEN2_7B, 7_615_616_512L, 7_615_616_512L),
                Arguments.of(Configs.QWEN3_8B, 8_190_735_360L, 8_190_735_360L),
                Arguments.of(Configs.QWEN3_30B_A3B, 30_532_122_624L, 3_353_032_704L),
                Arguments.of(Configs.DEEPSEEK_MOE_16B, 16_375_728_128L, 2_828_650_496L),
                Arguments.of(Configs.DEEPSEEK_V2_LITE, 15_706_484_224L, 2_661_150_208L),
                Arguments.of(Configs.DEEPSEEK_V3, 671_026_419_200L, 37_552_297_472L),
                Arguments.of(Configs.KIMI_K2, 1_026_408_232_448L, 32_861_500_928L));
    }

    @ParameterizedTest
    @MethodSource("published")
    void aConfigurationCountsThePublishedParameters(String config, long total, long active) {
        Model model = read(config);
        assertThat(model.parameters().total()).isEqualTo(total);
        assertThat(model.parameters().active()).isEqualTo(active);
    }

    @ParameterizedTest
    @MethodSource("published")
    void aPublishedConfigurationLeavesOnlyTheHeadWidthToBeAssumed(String config, long total, long active) {
        assertThat(HuggingFaceReader.read(config, "m").assumptions())
                .as("%s of %s parameters", active, total)
                .allSatisfy(assumption -> assertThat(assumption.about()).isEqualTo("head_dim"));
    }

    @Test
    void aTiedHeadIsNoMatrixOfItsOwn() {
        Model model = read(Configs.LLAMA_3_2_1B);
        assertThat(model.embedding().tied()).isTrue();
        assertThat(read(Configs.with(Configs.LLAMA_3_2_1B, "tie_word_embeddings", "\"tie_word_embeddings\": false"))
                        .parameters()
                        .total())
                .isEqualTo(1_235_814_400L + 128_256L * 2_048);
    }

    @Test
    void mistralHasTheWindowThatItsConfigurationStates() {
        assertThat(windows(read(Configs.MISTRAL_7B))).containsExactly(4_096L);
    }

    @Test
    void mistralWithANullWindowHasNone() {
        Model model = read(Configs.with(Configs.MISTRAL_7B, "sliding_window", "\"sliding_window\": null"));
        assertThat(windows(model)).isEmpty();
        assertThat(model.assumptions())
                .noneMatch(assumption -> assumption.about().equals("sliding_window"));
    }

    @Test
    void mistralWithoutTheKeyHasTheDefaultWindowAndSaysSo() {
        Model model = read(Configs.with(Configs.MISTRAL_7B, "sliding_window", ""));
        assertThat(windows(model)).containsExactly(4_096L);
        assertThat(model.assumptions())
                .anySatisfy(assumption -> assertThat(assumption.toString())
                        .startsWith("sliding_window: absent")
                        .contains("4096"));
    }

    @Test
    void llamaWithoutTheKeyHasNoWindow() {
        assertThat(windows(read(Configs.LLAMA_3_1_8B))).isEmpty();
    }

    @Test
    void qwen2IgnoresItsWindowUntilItIsSwitchedOn() {
        assertThat(windows(read(Configs.QWEN2_7B))).isEmpty();
    }

    @Test
    void qwen2WithItsWindowSwitchedOnUsesItAboveTheFirstLayers() {
        String config = Configs.with(Configs.QWEN2_7B, "use_sliding_window", "\"use_sliding_window\": true");
        config = Configs.with(config, "max_window_layers", "\"max_window_layers\": 21");
        config = Configs.with(config, "sliding_window", "\"sliding_window\": 8192");
        List<LayerGroup> runs = read(config).layers().runs();
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).count()).isEqualTo(21);
        assertThat(runs.get(0).attention()).isInstanceOf(GroupedQuery.class);
        assertThat(runs.get(1).count()).isEqualTo(7);
        assertThat(runs.get(1).attention())
                .isInstanceOfSatisfying(
                        SlidingWindow.class,
                        window -> assertThat(window.window()).isEqualTo(8_192));
    }

    @Test
    void layerTypesDecideWhichLayersHaveTheWindow() {
        String types = "\"full_attention\", " + "\"sliding_attention\", ".repeat(26) + "\"full_attention\"";
        String config = Configs.plus(Configs.QWEN2_7B, "\"layer_types\": [" + types + "]");
        assertThat(read(config).layers().runs()).extracting(LayerGroup::count).containsExactly(1, 26, 1);
        assertThat(windows(read(config))).containsExactly(131_072L);
    }

    @Test
    void qwen2HasBiasesBeforeAttentionAndNoneBehindAndQwen3HasNorms() {
        GroupedQuery second = (GroupedQuery) attention(read(Configs.QWEN2_7B));
        assertThat(second.inputBias()).isTrue();
        assertThat(second.outputBias()).isFalse();
        assertThat(second.norm()).isEqualTo(QueryKeyNorm.NONE);
        GroupedQuery third = (GroupedQuery) attention(read(Configs.QWEN3_8B));
        assertThat(third.inputBias()).isFalse();
        assertThat(third.norm()).isEqualTo(QueryKeyNorm.PER_HEAD);
    }

    @Test
    void qwen3MoeKeepsTheLayersDenseThatItNames() {
        Model model = read(Configs.with(Configs.QWEN3_30B_A3B, "mlp_only_layers", "\"mlp_only_layers\": [0, 47]"));
        assertThat(model.layers().runs()).extracting(LayerGroup::count).containsExactly(1, 46, 1);
        assertThat(model.layers().runs().get(0).feedForward())
                .isInstanceOfSatisfying(
                        DenseFeedForward.class,
                        dense -> assertThat(dense.width()).isEqualTo(6_144));
        assertThat(model.layers().runs().get(1).feedForward()).isInstanceOf(MixtureOfExperts.class);
    }

    @Test
    void qwen3MoeHasExpertsInEverySecondLayerIfItSaysSo() {
        Model model = read(Configs.with(Configs.QWEN3_30B_A3B, "decoder_sparse_step", "\"decoder_sparse_step\": 2"));
        long perExpertLayer = 128L * 3 * 2_048 * 768 + 128 * 2_048;
        assertThat(model.layers().runs()).hasSize(48);
        assertThat(model.layers().runs().get(0).feedForward()).isInstanceOf(DenseFeedForward.class);
        assertThat(model.layers().runs().get(1).feedForward()).isInstanceOf(MixtureOfExperts.class);
        assertThat(model.parameters().total()).isEqualTo(30_532_122_624L - 24 * (perExpertLayer - 3L * 2_048 * 6_144));
    }

    @Test
    void deepSeekV2LiteHasNoRankForQueriesAndNoRoutingBias() {
        Model model = read(Configs.DEEPSEEK_V2_LITE);
        assertThat(attention(model))
                .isInstanceOfSatisfying(
                        MultiHeadLatent.class,
                        latent -> assertThat(latent.queryRank()).isZero());
        assertThat(model.layers().runs().get(1).feedForward())
                .isInstanceOfSatisfying(
                        MixtureOfExperts.class,
                        experts -> assertThat(experts.routerBias()).isFalse());
        assertThat(model.layers().runs()).extracting(LayerGroup::count).containsExactly(1, 26);
    }

    @Test
    void deepSeekV3IsStoredAsPublishedToTheByte() {
        Model model = read(Configs.DEEPSEEK_V3);
        assertThat(model.parameters().speculative()).isEqualTo(11_610_068_224L);
        assertThat(WeightMemory.bytes(model, model.weights(), false)).isEqualTo(673_150_611_808L);
        assertThat(WeightMemory.checkpointBytes(model, model.weights())).isEqualTo(688_574_839_360L);
    }

    @Test
    void theRotaryTableOfYarnHasARowForEachStretchedPosition() {
        assertThat(read(Configs.DEEPSEEK_V3).rotaryTable())
                .hasValueSatisfying(table -> assertThat(table.positions()).isEqualTo(163_840));
        assertThat(read(Configs.LLAMA_3_1_8B).rotaryTable())
                .hasValueSatisfying(table -> assertThat(table.positions()).isEqualTo(131_072));
    }

    @Test
    void aConfigurationIsNamedAfterItsFolderAndAnotherFileAfterItself(@TempDir Path directory) throws IOException {
        Path folder = Files.createDirectory(directory.resolve("My-Model"));
        Path config = Files.writeString(folder.resolve("config.json"), Configs.QWEN3_8B);
        Path other = Files.writeString(folder.resolve("qwen.json"), Configs.QWEN3_8B);
        assertThat(HuggingFaceReader.read(config).model().parameters().total()).isEqualTo(8_190_735_360L);
        assertThat(HuggingFaceReader.read(config).model().name()).isEqualTo("My-Model");
        assertThat(HuggingFaceReader.read(other).model().name()).isEqualTo("qwen");
    }

    private static Model read(String config) {
        return HuggingFaceReader.read(config, "m").model();
    }

    private static Attention attention(Model model) {
        return model.layers().groups().get(0).attention();
    }

    private static List<Long> windows(Model model) {
        return model.layers().groups().stream()
                .map(LayerGroup::attention)
                .filter(SlidingWindow.class::isInstance)
                .map(attention -> ((SlidingWindow) attention).window())
                .toList();
    }
}
