package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.tensor.WeightTensor;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RankProperties {
    @Provide
    Arbitrary<Model> models() {
        return Arbitraries.of(
                PublishedModels.DEEPSEEK_V3,
                PublishedModels.QWEN3_0_6B,
                PublishedModels.GEMMA_2_9B,
                PublishedModels.LLAMA_3_1_8B,
                PublishedModels.MIXTRAL_8X7B);
    }

    @Property
    void theStagesTogetherHoldEveryLayerOfEveryGroup(
            @ForAll("models") Model model, @ForAll @IntRange(min = 1, max = 28) int stages) {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(stages);
        for (int group = 0; group < model.layers().groups().size(); group++) {
            int wanted = group;
            assertThat(IntStream.range(0, stages)
                            .map(stage ->
                                    Rank.of(model, layout, stage, false, 1).layersOfGroup(wanted))
                            .sum())
                    .isEqualTo(model.layers().groups().get(group).count());
        }
        assertThat(IntStream.range(0, stages)
                        .map(stage -> Rank.of(model, layout, stage, true, 1).layers())
                        .sum())
                .isEqualTo(model.layers().size());
    }

    @Property
    void theRanksTogetherHoldAtLeastEveryElementOfATensor(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 1, max = 64) int tensor,
            @ForAll @IntRange(min = 1, max = 16) int data,
            @ForAll boolean expert) {
        ParallelLayout layout = new ParallelLayout(tensor, 1, data, expert);
        Rank rank = Rank.of(model, layout, 0, true, 64);
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor whole : block.tensors()) {
                long onRank = rank.count(whole) * rank.rows(whole) * rank.columns(whole);
                assertThat(onRank * layout.expertRanks()).isGreaterThanOrEqualTo(whole.elements());
                assertThat(rank.count(whole)).isBetween(1L, whole.count());
                assertThat(rank.columns(whole)).isBetween(1L, whole.columns());
            }
        }
    }
}
