package io.llmsizing.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterCountTest {
    static Stream<Arguments> publishedTotals() {
        return Stream.of(
                arguments(PublishedModels.LLAMA_3_1_8B, 8_030_261_248L, "transformers library count"),
                arguments(PublishedModels.LLAMA_3_1_70B, 70_553_706_496L, "transformers library count"),
                arguments(PublishedModels.LLAMA_3_1_405B, 405_853_388_800L, "transformers library count"),
                arguments(PublishedModels.QWEN2_5_7B, 7_615_616_512L, "transformers library count"),
                arguments(PublishedModels.QWEN3_0_6B, 596_049_920L, "transformers library count"),
                arguments(PublishedModels.QWEN3_1_7B, 1_720_574_976L, "transformers library count"),
                arguments(PublishedModels.QWEN3_8B, 8_190_735_360L, "transformers library count"),
                arguments(PublishedModels.QWEN3_32B, 32_762_123_264L, "transformers library count"),
                arguments(PublishedModels.QWEN3_30B_A3B, 30_532_122_624L, "transformers library count"),
                arguments(PublishedModels.QWEN3_235B_A22B, 235_093_634_560L, "transformers library count"),
                arguments(PublishedModels.MIXTRAL_8X7B, 46_702_792_704L, "transformers library count"),
                arguments(PublishedModels.GEMMA_2_9B, 9_241_705_984L, "transformers library count"),
                arguments(PublishedModels.MINIMAX_M2, 228_689_764_864L, "MiniMax: 230B"),
                arguments(PublishedModels.DEEPSEEK_V2_LITE, 15_706_484_224L, "transformers library count"),
                arguments(PublishedModels.DEEPSEEK_V3, 671_026_419_200L, "DeepSeek-V3 repository index: 671B"),
                arguments(PublishedModels.KIMI_K2, 1_026_408_232_448L, "Moonshot: 1T"));
    }

    @ParameterizedTest
    @MethodSource("publishedTotals")
    void theTotalIsThePublishedOne(Model model, long total, String source) {
        assertThat(model.parameters().total()).as(source).isEqualTo(total);
    }

    static Stream<Arguments> publishedActives() {
        return Stream.of(
                arguments(PublishedModels.MIXTRAL_8X7B, 12_879_925_248L, "Mistral AI: 12.9B"),
                arguments(PublishedModels.QWEN3_30B_A3B, 3_353_032_704L, "Qwen: A3B"),
                arguments(PublishedModels.QWEN3_235B_A22B, 22_190_763_520L, "Qwen: A22B"),
                arguments(PublishedModels.MINIMAX_M2, 11_030_553_088L, "MiniMax: A10B without embeddings"),
                arguments(PublishedModels.DEEPSEEK_V3, 37_552_297_472L, "DeepSeek: 37B with one embedding"),
                arguments(PublishedModels.KIMI_K2, 32_861_500_928L, "Moonshot: A32B"),
                arguments(PublishedModels.LLAMA_3_1_8B, 8_030_261_248L, "dense: all of it"));
    }

    @ParameterizedTest
    @MethodSource("publishedActives")
    void theActivePartIsThePublishedOne(Model model, long active, String source) {
        assertThat(model.parameters().active()).as(source).isEqualTo(active);
    }

    @Test
    void deepSeekCountsByEveryDefinition() {
        // DeepSeek-V3 repository index: 671B, and 14B for multi-token prediction with its copies.
        assertThat(PublishedModels.DEEPSEEK_V3.parameters())
                .isEqualTo(new ParameterCount(
                        671_026_419_200L,
                        37_552_297_472L,
                        36_625_618_432L,
                        35_698_939_392L,
                        11_610_068_224L,
                        1_853_358_080L,
                        0));
    }

    @Test
    void aTiedTableIsCountedOnceAndStaysActiveAsTheHead() {
        ParameterCount tied = PublishedModels.QWEN3_0_6B.parameters();
        long table = 151_936L * 1024;
        assertThat(tied.active()).isEqualTo(596_049_920L);
        assertThat(tied.activeWithoutInputEmbedding()).isEqualTo(tied.active());
        assertThat(tied.activeWithoutEmbeddings()).isEqualTo(596_049_920L - table);
    }

    @Test
    void anUntiedTableIsLookedUpAndItsHeadIsNot() {
        ParameterCount untied = PublishedModels.LLAMA_3_1_8B.parameters();
        long table = 128_256L * 4096;
        assertThat(untied.activeWithoutInputEmbedding()).isEqualTo(untied.active() - table);
        assertThat(untied.activeWithoutEmbeddings()).isEqualTo(untied.active() - 2 * table);
    }

    @Test
    void aVisionTowerIsCountedApart() {
        List<WeightTensor> tower = List.of(
                WeightTensor.matrix("patch", TensorRole.VISION, 1024, 588, ShardRule.REPLICATED),
                WeightTensor.matrix("mlp", TensorRole.VISION, 4096, 1024, ShardRule.ROWS)
                        .times(24, 24),
                WeightTensor.matrix("projector", TensorRole.VISION_PROJECTOR, 512, 1024, ShardRule.REPLICATED));
        Model model = small(1).visionTower(new VisionTower(tower)).build();
        assertThat(model.parameters().vision()).isEqualTo(1024 * 588 + 24L * 4096 * 1024 + 512 * 1024);
        assertThat(model.parameters().total())
                .isEqualTo(small(1).build().parameters().total());
        assertThat(model.parameters().active())
                .isEqualTo(small(1).build().parameters().active());
    }

    private static ModelBuilder small(int layers) {
        return Model.builder(
                "small",
                512,
                new Embedding(1000, false),
                LayerStack.of(new LayerGroup(layers, GroupedQuery.of(4, 2, 128), MixtureOfExperts.of(4, 2, 64), 2)),
                1024);
    }

    @Test
    void theTableIsTakenOffOnceForTheLookUpAndOnceForTheHead() {
        ParameterCount untied = small(2).build().parameters();
        assertThat(untied.active() - untied.activeWithoutInputEmbedding()).isEqualTo(1000 * 512);
        assertThat(untied.active() - untied.activeWithoutEmbeddings()).isEqualTo(2 * 1000 * 512);
        LayerGroup layer = new LayerGroup(2, GroupedQuery.of(4, 2, 128), MixtureOfExperts.of(4, 2, 64), 2);
        ParameterCount tied = Model.builder("tied", 512, new Embedding(1000, true), LayerStack.of(layer), 1)
                .build()
                .parameters();
        assertThat(untied.active() - tied.active()).isEqualTo(1000 * 512);
        assertThat(tied.activeWithoutInputEmbedding()).isEqualTo(tied.active());
        assertThat(tied.activeWithoutEmbeddings()).isEqualTo(untied.activeWithoutEmbeddings());
    }

    @Test
    void aSecondSpeculativeBlockCountsAgainWithItsCopies() {
        LayerGroup layer = new LayerGroup(1, GroupedQuery.of(4, 2, 128), MixtureOfExperts.of(4, 2, 64), 2);
        ParameterCount one = small(3).speculativeHead(new SpeculativeHead(1, layer, true))
                .build()
                .parameters();
        ParameterCount two = small(3).speculativeHead(new SpeculativeHead(2, layer, true))
                .build()
                .parameters();
        ParameterCount bare = small(3).speculativeHead(new SpeculativeHead(2, layer, false))
                .build()
                .parameters();
        assertThat(two.speculative()).isEqualTo(2 * one.speculative());
        assertThat(one.speculativeCopies()).isEqualTo(2 * 1000 * 512);
        assertThat(two.speculativeCopies()).isEqualTo(4 * 1000 * 512);
        assertThat(bare.speculativeCopies()).isZero();
        assertThat(bare.speculative()).isEqualTo(two.speculative());
        assertThat(two.total()).isEqualTo(small(3).build().parameters().total());
    }

    @Test
    void parametersBeyondALongAreAnOverflow() {
        LayerGroup vast = new LayerGroup(
                LayerGroup.MOST_LAYERS, GroupedQuery.of(1, 1, 1), MixtureOfExperts.of(1 << 20, 1, 1 << 24), 2);
        ModelBuilder builder = Model.builder("vast", 1 << 20, new Embedding(1, false), LayerStack.of(vast), 1);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(builder::build);
    }
}
