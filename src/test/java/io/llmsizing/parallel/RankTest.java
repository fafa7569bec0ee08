package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.model.Embedding;
import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.model.VisionTower;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankTest {
    private static final Model V3 = PublishedModels.DEEPSEEK_V3;

    private static Rank rank(Model model, ParallelLayout layout, int stage) {
        return Rank.of(model, layout, stage, false, 64);
    }

    private static WeightTensor tensor(Model model, String name) {
        return model.blocks().stream()
                .flatMap(block -> block.tensors().stream())
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long copies(Model model, ParallelLayout layout, int stage, TensorBlock.Part part) {
        Rank rank = Rank.of(model, layout, stage, true, 64);
        return model.blocks().stream()
                .filter(block -> block.part() == part)
                .mapToLong(rank::copiesOf)
                .sum();
    }

    @ParameterizedTest
    @CsvSource({
        // tensor, data, experts dealt, experts on the fullest rank, their width on it
        "1, 1, false, 256, 2048",
        "8, 1, false, 256, 256",
        "8, 1, true, 32, 2048",
        "4, 2, true, 32, 2048",
        "4, 2, false, 256, 256",
        "8, 3, true, 11, 2048",
        "16, 16, true, 1, 2048",
        "16, 32, true, 1, 2048"
    })
    void expertsAreDealtWholeOrCut(int tensor, int data, boolean dealt, long experts, long width) {
        Rank rank = rank(V3, new ParallelLayout(tensor, 1, data, dealt), 0);
        WeightTensor up = tensor(V3, "mlp.experts.N.up_proj.weight");
        assertThat(rank.count(up)).isEqualTo(experts);
        assertThat(rank.rows(up)).isEqualTo(width);
        assertThat(rank.columns(tensor(V3, "mlp.experts.N.down_proj.weight"))).isEqualTo(width);
        assertThat(rank.columns(up)).isEqualTo(7168);
    }

    @ParameterizedTest
    @CsvSource({"32, 32, 9", "8, 0, 32", "24, 8, 11", "16, 256, 32"})
    void copiesAreDealtWithTheExperts(int ranks, int copies, long experts) {
        Rank rank = rank(V3, ParallelLayout.tensor(ranks).expert(true).redundantExperts(copies), 0);
        assertThat(rank.count(tensor(V3, "mlp.experts.N.up_proj.weight"))).isEqualTo(experts);
        assertThat(rank.count(tensor(V3, "mlp.shared_experts.up_proj.weight"))).isEqualTo(1);
        assertThat(experts * ranks).isEqualTo(256 + copies);
    }

    @Test
    void onlyExpertsAreSharedAcrossDataRanks() {
        Rank rank = rank(V3, new ParallelLayout(4, 1, 2, false), 0);
        assertThat(rank.cutsOf(tensor(V3, "mlp.experts.N.up_proj.weight"))).isEqualTo(8);
        assertThat(rank.cutsOf(tensor(V3, "mlp.shared_experts.up_proj.weight"))).isEqualTo(4);
        assertThat(rank.rows(tensor(V3, "mlp.shared_experts.up_proj.weight"))).isEqualTo(512);
        assertThat(rank.rows(tensor(V3, "self_attn.q_b_proj.weight"))).isEqualTo(24_576 / 4);
        Rank dealt = rank(V3, new ParallelLayout(4, 1, 2, true), 0);
        assertThat(dealt.cutsOf(tensor(V3, "mlp.experts.N.up_proj.weight"))).isEqualTo(1);
        assertThat(dealt.cutsOf(tensor(V3, "mlp.shared_experts.up_proj.weight")))
                .isEqualTo(4);
        assertThat(dealt.count(tensor(V3, "mlp.shared_experts.up_proj.weight"))).isEqualTo(1);
    }

    @Test
    void latentDownProjectionsRoutersAndNormsStandOnEveryRank() {
        Rank rank = rank(V3, ParallelLayout.tensor(8), 0);
        assertThat(rank.rows(tensor(V3, "self_attn.kv_a_proj_with_mqa.weight"))).isEqualTo(576);
        assertThat(rank.rows(tensor(V3, "mlp.gate.weight"))).isEqualTo(256);
        assertThat(rank.rows(tensor(V3, "layernorm.weight"))).isEqualTo(7168);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 51865, 51865", "64, 1, 51904, 51904", "64, 2, 51904, 25952", "64, 4, 51904, 12976"})
    void theVocabularyIsPaddedBeforeItIsCut(long multiple, int tensor, long padded, long rows) {
        // Whisper's vocabulary of 51,865.
        Model model = Model.builder(
                        "whisper-like", 64, new Embedding(51_865, false), PublishedModels.LLAMA_3_1_8B.layers(), 448)
                .build();
        Rank rank = Rank.of(model, ParallelLayout.tensor(tensor), 0, false, multiple);
        assertThat(rank.paddedVocabulary()).isEqualTo(padded);
        assertThat(rank.rows(tensor(model, "embed_tokens.weight"))).isEqualTo(rows);
        assertThat(rank.rows(tensor(model, "lm_head.weight"))).isEqualTo(rows);
        assertThat(rank.columns(tensor(model, "lm_head.weight"))).isEqualTo(64);
    }

    @Test
    void embeddingsStandFirstHeadsLastAndATiedTableOnBoth() {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(4);
        for (int stage = 0; stage < 4; stage++) {
            boolean first = stage == 0;
            boolean last = stage == 3;
            Model untied = PublishedModels.LLAMA_3_1_8B;
            assertThat(copies(untied, layout, stage, TensorBlock.Part.EMBEDDING))
                    .isEqualTo(first ? 1 : 0);
            assertThat(copies(untied, layout, stage, TensorBlock.Part.OUTPUT)).isEqualTo(last ? 1 : 0);
            Model tied = PublishedModels.QWEN3_0_6B;
            assertThat(copies(tied, layout, stage, TensorBlock.Part.EMBEDDING)).isEqualTo(first || last ? 1 : 0);
            assertThat(copies(tied, layout, stage, TensorBlock.Part.OUTPUT)).isEqualTo(last ? 1 : 0);
            assertThat(rank(tied, layout, stage).isLast()).isEqualTo(last);
        }
        assertThat(copies(PublishedModels.QWEN3_0_6B, ParallelLayout.SINGLE, 0, TensorBlock.Part.EMBEDDING))
                .isEqualTo(1);
    }

    @Test
    void visionTowersStandOnTheFirstStage() {
        Model seeing = Model.builder(
                        "seeing",
                        4096,
                        PublishedModels.LLAMA_3_1_8B.embedding(),
                        PublishedModels.LLAMA_3_1_8B.layers(),
                        8)
                .visionTower(new VisionTower(List.of(WeightTensor.vector("cls", TensorRole.VISION, 8))))
                .build();
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(2);
        assertThat(copies(seeing, layout, 0, TensorBlock.Part.VISION)).isEqualTo(1);
        assertThat(copies(seeing, layout, 1, TensorBlock.Part.VISION)).isZero();
    }

    @Test
    void speculativeBlocksStandOnTheLastStageWhenLoaded() {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(2);
        assertThat(Rank.of(V3, layout, 1, true, 64).speculativeBlocks()).isEqualTo(1);
        assertThat(Rank.of(V3, layout, 0, true, 64).speculativeBlocks()).isZero();
        assertThat(Rank.of(V3, layout, 1, false, 64).speculativeBlocks()).isZero();
        assertThat(Rank.of(PublishedModels.KIMI_K2, layout, 1, true, 64).speculativeBlocks())
                .isZero();
        assertThat(copies(V3, layout, 1, TensorBlock.Part.SPECULATIVE)).isEqualTo(1);
        assertThat(copies(V3, layout, 0, TensorBlock.Part.SPECULATIVE)).isZero();
        assertThat(copies(V3, layout, 1, TensorBlock.Part.SPECULATIVE_COPIES)).isZero();
    }

    @Test
    void layersAreThoseOfTheStage() {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(4);
        assertThat(rank(V3, layout, 0).layersOfGroup(0)).isEqualTo(3);
        assertThat(rank(V3, layout, 0).layersOfGroup(1)).isEqualTo(12);
        assertThat(rank(V3, layout, 2).layersOfGroup(0)).isZero();
        assertThat(rank(V3, layout, 2).layersOfGroup(1)).isEqualTo(16);
        assertThat(rank(V3, layout, 2).layers()).isEqualTo(16);
        assertThat(copies(V3, layout, 0, TensorBlock.Part.LAYERS)).isEqualTo(15);
        assertThat(rank(V3, ParallelLayout.SINGLE, 0).layers()).isEqualTo(61);
    }

    @Test
    void aRankKnowsWhereItIs() {
        ParallelLayout layout = ParallelLayout.tensor(2).pipeline(4);
        assertThat(rank(V3, layout, 1).label()).isEqualTo("stage 2 of 4");
        assertThat(rank(V3, ParallelLayout.tensor(8), 0).label()).isEqualTo("every rank");
        assertThat(rank(V3, layout, 1).stage()).isEqualTo(1);
        assertThat(rank(V3, layout, 1).layout()).isEqualTo(layout);
        assertThat(rank(V3, layout, 1).model()).isSameAs(V3);
        assertThat(rank(V3, layout, 3).isLast()).isTrue();
        assertThat(rank(V3, ParallelLayout.SINGLE, 0).isLast()).isTrue();
    }
}
