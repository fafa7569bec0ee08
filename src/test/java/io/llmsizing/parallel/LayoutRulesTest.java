package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutRulesTest {
    private static void valid(Model model, WeightScheme weights, ParallelLayout layout) {
        assertThat(LayoutRules.violation(model, weights, layout)).isEmpty();
        assertThat(LayoutRules.isValid(model, weights, layout)).isTrue();
    }

    private static void refused(Model model, WeightScheme weights, ParallelLayout layout, String... said) {
        assertThat(LayoutRules.violation(model, weights, layout))
                .hasValueSatisfying(reason -> assertThat(reason).contains(said));
        assertThat(LayoutRules.isValid(model, weights, layout)).isFalse();
    }

    private static Model dense(long heads, long keyValueHeads, long headWidth, long hidden, long width) {
        return Model.builder(
                        "org/dense",
                        hidden,
                        new Embedding(1001, false),
                        LayerStack.of(new LayerGroup(
                                4, GroupedQuery.of(heads, keyValueHeads, headWidth), DenseFeedForward.gated(width), 2)),
                        1024)
                .build();
    }

    @Test
    void blocksOfScalesStayWholeUnlessExpertsAreDealt() {
        // vLLM start error for Qwen3-235B-A22B-FP8 on eight cards: 1,536 / 8 = 192 is no multiple of 128.
        Model qwen = PublishedModels.QWEN3_235B_A22B;
        WeightScheme fp8 = WeightSchemes.FP8_BLOCK_128;
        refused(
                qwen,
                fp8,
                ParallelLayout.tensor(8),
                "tensor x data parallel 8",
                "192 rows of mlp.experts.N.gate_proj.weight",
                "fp8-block-128's blocks of 128",
                "tensor parallel sizes that work: 1, 2, 4");
        valid(qwen, fp8, ParallelLayout.tensor(4));
        valid(qwen, fp8, ParallelLayout.tensor(8).expert(true));
        valid(qwen, fp8, ParallelLayout.tensor(4).data(2).expert(true));
        refused(qwen, fp8, ParallelLayout.tensor(4).data(2), "tensor x data parallel 8", "with data parallel 2: 1, 2");
        valid(qwen, WeightSchemes.BF16, ParallelLayout.tensor(8));
    }

    @Test
    void theWayOutListsExactlyTheSizesThatWork() {
        Model qwen = PublishedModels.QWEN3_235B_A22B;
        String reason = LayoutRules.violation(qwen, WeightSchemes.FP8_BLOCK_128, ParallelLayout.tensor(8))
                .orElseThrow();
        for (int size = 1; size <= 64; size++) {
            boolean listed = (reason.substring(reason.lastIndexOf(':'), reason.lastIndexOf('(') - 1) + ",")
                    .contains(" " + size + ",");
            assertThat(listed)
                    .as("tp%s", size)
                    .isEqualTo(LayoutRules.isValid(qwen, WeightSchemes.FP8_BLOCK_128, ParallelLayout.tensor(size)));
        }
    }

    @Test
    void headsAreDividedEvenly() {
        // Qwen2.5-7B: 28 query heads over 4 key-value heads.
        Model qwen = PublishedModels.QWEN2_5_7B;
        refused(
                qwen,
                WeightSchemes.BF16,
                ParallelLayout.tensor(8),
                "tensor parallel 8: 28 attention heads do not divide",
                "sizes that work: 1, 2, 4");
        valid(qwen, WeightSchemes.BF16, ParallelLayout.tensor(4));
        refused(qwen, WeightSchemes.BF16, ParallelLayout.tensor(7), "tensor parallel 7");
        refused(qwen, WeightSchemes.BF16, ParallelLayout.tensor(3), "tensor parallel 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64})
    void keyValueHeadsAreCopiedWhereTheyAreFewerThanTheRanks(int tensor) {
        valid(PublishedModels.LLAMA_3_1_70B, WeightSchemes.BF16, ParallelLayout.tensor(tensor));
    }

    @ParameterizedTest
    @CsvSource({"100, false, columns or rows", "96, true, none"})
    void widthsAreDividedEvenly(long width, boolean valid, String comment) {
        Model model = dense(8, 8, 16, 128, width);
        assertThat(LayoutRules.isValid(model, WeightSchemes.BF16, ParallelLayout.tensor(8)))
                .as(comment)
                .isEqualTo(valid);
        if (!valid) {
            refused(
                    model,
                    WeightSchemes.BF16,
                    ParallelLayout.tensor(8),
                    "tensor parallel 8: the 100 rows of mlp.gate_proj.weight do not divide",
                    "sizes that work: 1, 2, 4");
        }
    }

    @Test
    void columnsKeepWholeGroupsOfInputs() {
        // 1,024 / 16 = 64 inputs of the down-projection on each rank, groups of 128.
        Model model = dense(16, 16, 128, 2048, 1024);
        refused(
                model,
                WeightSchemes.named("awq-g128"),
                ParallelLayout.tensor(16),
                "64 columns of mlp.down_proj.weight",
                "awq-g128's blocks of 128",
                "sizes that work: 1, 2, 4, 8");
        valid(model, WeightSchemes.named("awq-g64"), ParallelLayout.tensor(16));
        valid(model, WeightSchemes.named("awq-g128"), ParallelLayout.tensor(8));
    }

    @Test
    void headsKeepWholeBlocks() {
        // Key-value heads of 64 in blocks of 128: one head on a rank is half a block.
        Model model = dense(16, 8, 64, 1024, 2048);
        refused(
                model,
                WeightSchemes.FP8_BLOCK_128,
                ParallelLayout.tensor(8),
                "64 rows of self_attn.k_proj.weight are not a multiple");
        valid(model, WeightSchemes.FP8_BLOCK_128, ParallelLayout.tensor(4));
    }

    @Test
    void aScaleForAChannelOrTheTensorCutsAnywhere() {
        Model model = dense(8, 8, 16, 128, 96);
        valid(model, WeightSchemes.named("fp8-channel"), ParallelLayout.tensor(8));
        valid(model, WeightSchemes.named("fp8-tensor"), ParallelLayout.tensor(8));
    }

    @Test
    void theVocabularyIsPaddedAndNeverForbidsACut() {
        valid(dense(8, 8, 16, 128, 96), WeightSchemes.BF16, ParallelLayout.tensor(8));
    }

    @Test
    void oneRankCutsNothingAndSoBreaksNoRule() {
        Model ragged = dense(3, 3, 17, 51, 101);
        valid(ragged, WeightSchemes.FP8_BLOCK_128, ParallelLayout.SINGLE);
        valid(ragged, WeightSchemes.FP8_BLOCK_128, ParallelLayout.SINGLE.pipeline(4));
        valid(ragged, WeightSchemes.FP8_BLOCK_128, ParallelLayout.SINGLE.data(4));
    }

    @Test
    void everyStageHasALayer() {
        valid(PublishedModels.LLAMA_3_1_8B, WeightSchemes.BF16, ParallelLayout.SINGLE.pipeline(32));
        refused(
                PublishedModels.LLAMA_3_1_8B,
                WeightSchemes.BF16,
                ParallelLayout.SINGLE.pipeline(33),
                "pipeline parallel 33: meta-llama/Llama-3.1-8B has 32 layers; 1 to 32 stages allowed");
    }

    @Test
    void aDenseModelHasNoExpertsToDeal() {
        refused(
                PublishedModels.LLAMA_3_1_8B,
                WeightSchemes.BF16,
                ParallelLayout.tensor(8).expert(true),
                "expert parallel: meta-llama/Llama-3.1-8B has no experts");
        valid(
                PublishedModels.MIXTRAL_8X7B,
                WeightSchemes.BF16,
                ParallelLayout.tensor(8).expert(true));
    }

    @Test
    void theWayOutKeepsTheRestOfTheLayout() {
        refused(
                PublishedModels.MIXTRAL_8X7B,
                WeightSchemes.BF16,
                ParallelLayout.tensor(3).expert(true),
                "with expert parallel: 1, 2, 4, 8, 16, 32");
    }

    @Test
    void whereNoSizeWorksThatIsSaid() {
        // 2,048 / 32 replicas = 64: the experts are cut too finely for their blocks at every tensor size.
        refused(
                PublishedModels.DEEPSEEK_V3,
                WeightSchemes.FP8_BLOCK_128,
                ParallelLayout.SINGLE.data(32),
                "no tensor parallel size works with data parallel 32");
    }

    @Test
    void expertsAndTheirCopiesDivideOverTheRanks() {
        Model qwen = PublishedModels.QWEN3_235B_A22B;
        ParallelLayout dealt = ParallelLayout.tensor(4).data(6).expert(true);
        valid(qwen, WeightSchemes.BF16, dealt.redundantExperts(16));
        valid(qwen, WeightSchemes.BF16, dealt.redundantExperts(40));
        refused(
                qwen,
                WeightSchemes.BF16,
                dealt.redundantExperts(17),
                "redundant experts 17: 128 experts and 17 copies do not divide over 24 ranks; numbers that work: 16, 40, 64, 88,"
                        + " 112, 136 ...");
        refused(
                qwen,
                WeightSchemes.BF16,
                ParallelLayout.tensor(4).redundantExperts(4),
                "redundant experts 4: only whole experts are copied; take expert parallel too, or leave them out");
    }
}
