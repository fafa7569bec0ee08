package io.llmsizing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightMemoryTest {
    static Stream<Arguments> publishedFiles() {
        return Stream.of(
                arguments(PublishedModels.LLAMA_3_1_8B, "bf16", 16_060_522_496L, "two bytes for each of 8,030,261,248"),
                arguments(PublishedModels.LLAMA_3_1_8B, "awq-g128", 5_727_854_592L, "AWQ layout, worked by hand"),
                arguments(
                        PublishedModels.LLAMA_3_1_70B,
                        "bf16",
                        141_107_412_992L,
                        "two bytes for each of 70,553,706,496"),
                arguments(
                        PublishedModels.MIXTRAL_8X7B, "bf16", 93_405_585_408L, "two bytes for each of 46,702,792,704"),
                arguments(PublishedModels.QWEN3_0_6B, "bf16", 1_192_099_840L, "library count times two, head tied"),
                arguments(PublishedModels.QWEN3_0_6B, "fp32", 2_384_199_680L, "library count times four, head tied"),
                arguments(
                        PublishedModels.DEEPSEEK_V3,
                        "fp8-block-128",
                        673_150_611_808L,
                        "DeepSeek-V3 repository index"));
    }

    @ParameterizedTest
    @MethodSource("publishedFiles")
    void aModelTakesThePublishedBytes(Model model, String scheme, long bytes, String source) {
        assertThat(WeightMemory.bytes(model, WeightSchemes.named(scheme), false))
                .as(source)
                .isEqualTo(bytes);
    }

    @Test
    void theCheckpointHoldsMultiTokenPredictionAndItsCopiesToo() {
        // DeepSeek-V3 repository index: 688,574,839,360 B, of which 2 x 1,853,358,080 B are copies of the tables.
        Model model = PublishedModels.DEEPSEEK_V3;
        long loaded = WeightMemory.bytes(model, model.weights(), true);
        assertThat(WeightMemory.checkpointBytes(model, model.weights())).isEqualTo(688_574_839_360L);
        assertThat(loaded).isEqualTo(688_574_839_360L - 2 * 1_853_358_080L);
        assertThat(loaded).isGreaterThan(WeightMemory.bytes(model, model.weights(), false));
    }

    @Test
    void aCheckpointWithoutMultiTokenPredictionIsTheModel() {
        Model model = PublishedModels.LLAMA_3_1_8B;
        assertThat(WeightMemory.checkpointBytes(model, WeightSchemes.BF16)).isEqualTo(16_060_522_496L);
    }

    @Test
    void aRankOfFourHoldsAQuarterOfTheMatricesAndAllNorms() {
        // Llama-3.1-70B: (70,552,387,584 / 4 + 1,318,912) x 2 B.
        assertThat(onRank(PublishedModels.LLAMA_3_1_70B, WeightSchemes.BF16, ParallelLayout.tensor(4), 0))
                .isEqualTo(35_278_831_616L);
    }

    private static long onRank(Model model, WeightScheme weights, ParallelLayout layout, int stage) {
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, Rank.of(model, layout, stage, false, 64), weights);
        assertThat(total.low()).isEqualTo(total.bytes());
        assertThat(total.high()).isEqualTo(total.bytes());
        return total.bytes();
    }

    @Test
    void dealingExpertsSpreadsThemEvenlyWhereTheyDivide() {
        Model model = PublishedModels.DEEPSEEK_V3;
        long cut = onRank(model, WeightSchemes.BF16, ParallelLayout.tensor(8), 0);
        long dealt = onRank(model, WeightSchemes.BF16, ParallelLayout.tensor(8).expert(true), 0);
        assertThat(dealt).isEqualTo(cut);
    }

    @Test
    void everyTensorIsALineInItsOwnBlock() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        Model model = PublishedModels.DEEPSEEK_V3;
        WeightMemory.account(ledger, Rank.of(model, ParallelLayout.SINGLE, 0, false, 1), model.weights());
        LineItem weights = ledger.root().find("weights").orElseThrow();
        assertThat(weights.children())
                .extracting(LineItem::id)
                .containsExactly("embedding", "layers[0]", "layers[1]", "output");
        LineItem experts = weights.children().get(2);
        assertThat(experts.children())
                .extracting(LineItem::title)
                .contains(
                        "mlp.experts.N.down_proj.weight",
                        "mlp.experts.N.down_proj.weight_scale_inv",
                        "mlp.gate.e_score_correction_bias",
                        "layernorm.weight");
        LineItem scales = experts.children().stream()
                .filter(line -> line.title().equals("mlp.experts.N.down_proj.weight_scale_inv"))
                .findFirst()
                .orElseThrow();
        assertThat(scales.bytes()).isEqualTo(58L * 256 * 56 * 16 * 4);
        assertThat(weights.bytes()).isEqualTo(673_150_611_808L);
    }

    @Test
    void aStageWithoutABlockHasNoSectionForIt() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(4);
        Model model = PublishedModels.DEEPSEEK_V3;
        WeightMemory.account(ledger, Rank.of(model, layout, 1, true, 1), model.weights());
        assertThat(ledger.root().find("weights").orElseThrow().children())
                .extracting(LineItem::id)
                .containsExactly("layers[1]");
    }

    @Test
    void bytesBeyondALongNameTheTensor() {
        LayerGroup vast = new LayerGroup(1 << 9, GroupedQuery.of(1, 1, 1), MixtureOfExperts.of(1 << 10, 1, 1 << 22), 2);
        Model model = Model.builder("vast", 1 << 20, new Embedding(1, false), LayerStack.of(vast), 1)
                .build();
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> WeightMemory.bytes(model, WeightSchemes.FP32, false))
                .withMessageContaining("weights.tensor")
                .withMessageContaining("mlp.experts.N");
    }
}
