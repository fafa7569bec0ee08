package io.llmsizing.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WeightMemoryProperties {
    @Provide
    Arbitrary<Model> untied() {
        return Arbitraries.of(
                PublishedModels.DEEPSEEK_V3,
                PublishedModels.DEEPSEEK_V2_LITE,
                PublishedModels.LLAMA_3_1_8B,
                PublishedModels.QWEN2_5_7B,
                PublishedModels.MIXTRAL_8X7B);
    }

    @Provide
    Arbitrary<Model> tied() {
        return Arbitraries.of(PublishedModels.QWEN3_0_6B, PublishedModels.GEMMA_2_9B);
    }

    @Provide
    Arbitrary<WeightScheme> schemes() {
        return Arbitraries.of(List.copyOf(WeightSchemes.names())).map(WeightSchemes::named);
    }

    private static long onStage(
            Model model, WeightScheme weights, ParallelLayout layout, int stage, boolean speculative) {
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, Rank.of(model, layout, stage, speculative, 1), weights);
        return total.bytes();
    }

    private static long stages(Model model, WeightScheme weights, int stages, boolean speculative) {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(stages);
        return IntStream.range(0, stages)
                .mapToLong(stage -> onStage(model, weights, layout, stage, speculative))
                .sum();
    }

    @Property(tries = 300)
    void theStagesOfAnUntiedModelSumToTheWhole(
            @ForAll("untied") Model model,
            @ForAll("schemes") WeightScheme weights,
            @ForAll @IntRange(min = 1, max = 27) int stages,
            @ForAll boolean speculative) {
        assertThat(stages(model, weights, stages, speculative))
                .isEqualTo(WeightMemory.bytes(model, weights, speculative));
    }

    @Property(tries = 300)
    void theStagesOfATiedModelHoldTheTableTwice(
            @ForAll("tied") Model model,
            @ForAll("schemes") WeightScheme weights,
            @ForAll @IntRange(min = 2, max = 28) int stages) {
        long table = 2 * model.embedding().vocabulary() * model.hidden();
        long factor = weights.equals(WeightSchemes.FP32) ? 2 : 1;
        assertThat(stages(model, weights, stages, false))
                .isEqualTo(WeightMemory.bytes(model, weights, false) + factor * table);
    }

    @Property(tries = 300)
    void theTensorRanksTogetherHoldAtLeastTheWholeAndEachAtMostTheWhole(
            @ForAll("untied") Model model,
            @ForAll("schemes") WeightScheme weights,
            @ForAll @IntRange(min = 1, max = 32) int tensor,
            @ForAll @IntRange(min = 1, max = 4) int data,
            @ForAll boolean expert) {
        boolean dealt =
                expert && model.parameters().active() < model.parameters().total();
        ParallelLayout layout = new ParallelLayout(tensor, 1, data, dealt);
        long whole = WeightMemory.bytes(model, weights, true);
        long onRank = onStage(model, weights, layout, 0, true);
        assertThat(onRank * tensor * data).isGreaterThanOrEqualTo(whole);
        assertThat(onRank).isLessThanOrEqualTo(whole);
    }

    @Property(tries = 300)
    void moreBitsTakeMoreBytes(@ForAll("untied") Model model) {
        long fp32 = WeightMemory.bytes(model, WeightSchemes.FP32, false);
        long bf16 = WeightMemory.bytes(model, WeightSchemes.BF16, false);
        long fp8 = WeightMemory.bytes(model, WeightSchemes.named("fp8"), false);
        long awq = WeightMemory.bytes(model, WeightSchemes.named("awq"), false);
        long int4 = WeightMemory.bytes(model, WeightSchemes.named("int4"), false);
        assertThat(List.of(int4, awq, fp8, bf16, fp32)).isSorted().doesNotHaveDuplicates();
        assertThat(bf16)
                .isBetween(
                        2 * model.parameters().total(), 2 * model.parameters().total() + 2 * 256 * 61);
    }
}
