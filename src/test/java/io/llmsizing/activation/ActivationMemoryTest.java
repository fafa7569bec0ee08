package io.llmsizing.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.ledger.Band;
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
import io.llmsizing.units.Ratio;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationMemoryTest {
    private static final Ratio FUSED = Ratio.of(59, 4);
    private static final Ratio SORTED = Ratio.of(153, 4);
    /** vLLM v0.19 start logs: 0.13 GiB beside the forward pass on stages without the head. */
    private static final long STAGE_BYTES = 139_586_437;

    private static final double GIBI = 1L << 30;

    private static TotalLedger peak(Ratio perLogit, Rank rank, long batchedTokens, long sequences) {
        TotalLedger total = new TotalLedger();
        new ActivationMemory(perLogit, Band.EXACT, STAGE_BYTES, Band.EXACT, "start logs")
                .account(total, rank, batchedTokens, sequences, true);
        return total;
    }

    private static Rank rank(Model model, ParallelLayout layout, int stage) {
        return Rank.of(model, layout, stage, false, 64);
    }

    private static Rank rank(Model model) {
        return rank(model, ParallelLayout.SINGLE, 0);
    }

    @Test
    void llamaTakesTheLogitsTheStreamAndTheSampledStates() {
        // 1,937,178,624 + 67,108,864 + 16,777,216 B; vLLM v0.19 start log on H100: 1.89 GiB.
        assertThat(peak(FUSED, rank(PublishedModels.LLAMA_3_1_8B), 8192, 1024).bytes())
                .isEqualTo(2_021_064_704L);
    }

    static Stream<Arguments> startLogs() {
        return Stream.of(
                // model, tensor ranks, bytes a logit, GiB of the formula, source: GiB of the log, 8,192 tokens, 1,024
                // sequences
                arguments(PublishedModels.LLAMA_3_1_8B, 1, FUSED, 1.88, "vLLM v0.19 start log: 1.89"),
                arguments(PublishedModels.LLAMA_3_1_8B, 2, FUSED, 1.88, "vLLM v0.19 start log: 1.89"),
                arguments(PublishedModels.LLAMA_3_1_8B, 4, FUSED, 1.88, "vLLM v0.19 start log: 1.89"),
                arguments(PublishedModels.LLAMA_3_1_70B, 2, FUSED, 1.96, "vLLM v0.19 start log: 1.96"),
                arguments(PublishedModels.QWEN2_5_7B, 1, FUSED, 2.21, "vLLM v0.19 start log: 2.21"),
                arguments(PublishedModels.QWEN3_8B, 1, FUSED, 2.22, "vLLM v0.19 start log: 2.21"),
                arguments(PublishedModels.QWEN3_30B_A3B, 1, FUSED, 2.68, "vLLM v0.19 start log: 2.68"),
                arguments(PublishedModels.MIXTRAL_8X7B, 2, FUSED, 1.18, "vLLM v0.19 start log: 1.21"),
                arguments(PublishedModels.DEEPSEEK_V2_LITE, 1, FUSED, 1.92, "vLLM v0.19 start log: 1.93"),
                arguments(PublishedModels.LLAMA_3_1_8B, 1, SORTED, 4.757, "vLLM start log, native sort: 4.76"),
                arguments(PublishedModels.LLAMA_3_1_70B, 2, SORTED, 4.84, "vLLM start log, native sort: 4.84"),
                arguments(PublishedModels.QWEN3_0_6B, 1, SORTED, 5.56, "vLLM start log, native sort: 5.56"),
                arguments(PublishedModels.QWEN3_32B, 1, SORTED, 5.64, "vLLM start log, native sort: 5.64"));
    }

    @ParameterizedTest
    @MethodSource("startLogs")
    void thePeakIsThatOfTheFormulaAndCloseToTheLog(
            Model model, int tensor, Ratio perLogit, double gibi, String source) {
        long bytes = peak(perLogit, rank(model, ParallelLayout.tensor(tensor), 0), 8192, 1024)
                .bytes();
        assertThat(bytes / GIBI).as(source).isCloseTo(gibi, within(0.01));
    }

    @Test
    void withFewSequencesTheForwardPassIsThePeak() {
        // transformers library, prefill of 8,192 tokens: 973,078,528 B by the formula, 977,338,368 B measured.
        assertThat(peak(FUSED, rank(PublishedModels.LLAMA_3_1_8B), 8192, 1).bytes())
                .isEqualTo(973_078_528L);
    }

    @Test
    void theForwardPassSharesTheInnerWidth() {
        Rank half = rank(PublishedModels.LLAMA_3_1_8B, ParallelLayout.tensor(2), 0);
        assertThat(peak(FUSED, half, 8192, 1).bytes()).isEqualTo(2L * 8192 * (4 * 4096 + 3 * 7168));
    }

    @Test
    void stagesBeforeTheLastHaveNoSamplerButBuffers() {
        // vLLM v0.19 runs of pp2 and pp4, first rank: 1.10 and 1.05 GiB; the formula says 1.04 for both.
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(2);
        TotalLedger first = peak(FUSED, rank(PublishedModels.LLAMA_3_1_8B, layout, 0), 8192, 1024);
        assertThat(first.bytes()).isEqualTo(973_078_528L + STAGE_BYTES);
        assertThat(first.bytes() / GIBI).isCloseTo(1.04, within(0.005));
        TotalLedger last = peak(FUSED, rank(PublishedModels.LLAMA_3_1_8B, layout, 1), 8192, 1024);
        assertThat(last.bytes()).isEqualTo(2_021_064_704L);
        TotalLedger lastForward = peak(FUSED, rank(PublishedModels.LLAMA_3_1_8B, layout, 1), 8192, 1);
        assertThat(lastForward.bytes()).isEqualTo(973_078_528L);
    }

    private static Model mixed(LayerGroup... groups) {
        return Model.builder("mixed", 1000, new Embedding(64, false), LayerStack.of(groups), 1024)
                .build();
    }

    private static LayerGroup dense(int count, long width) {
        return new LayerGroup(count, GroupedQuery.of(8, 8, 64), DenseFeedForward.gated(width), 2);
    }

    private static LayerGroup experts(int count, long active, long width, long shared) {
        return new LayerGroup(
                count, GroupedQuery.of(8, 8, 64), new MixtureOfExperts(64, active, width, shared, false, false), 2);
    }

    @Test
    void theWidestDenseBlockOfTheStageCounts() {
        Model model = mixed(dense(1, 500), dense(1, 3000), dense(2, 700));
        assertThat(peak(FUSED, rank(model), 100, 1).bytes()).isEqualTo(2 * 100 * (4 * 1000 + 3 * 3000));
        ParallelLayout halves = ParallelLayout.SINGLE.pipeline(2);
        assertThat(peak(FUSED, rank(model, halves, 1), 100, 1).bytes()).isEqualTo(2 * 100 * (4 * 1000 + 3 * 700));
    }

    @Test
    void sharedExpertsCountAsDense() {
        assertThat(peak(FUSED, rank(mixed(experts(2, 1, 10, 900))), 100, 1).bytes())
                .isEqualTo(2 * 100 * (4 * 1000 + 3 * 900) + 2 * 100 * (1000 + 1000));
    }

    @Test
    void theExpertWorkspaceIsThatOfTheNeediestLayersOfTheStage() {
        // 4 x (1,000 + 1,600) against 6 x (1,000 + 1,000).
        Model model = mixed(experts(2, 4, 800, 0), experts(2, 6, 500, 0));
        long forward = 2 * 100 * 4 * 1000;
        assertThat(peak(FUSED, rank(model), 100, 1).bytes()).isEqualTo(forward + 2 * 100 * 6 * 2000);
        ParallelLayout halves = ParallelLayout.SINGLE.pipeline(2);
        assertThat(peak(FUSED, rank(model, halves, 0), 100, 1).bytes())
                .isEqualTo(forward + STAGE_BYTES + 2 * 100 * 4 * 2600);
        Model wide = mixed(experts(1, 6, 500, 0), experts(1, 4, 3000, 0));
        assertThat(peak(FUSED, rank(wide), 100, 1).bytes()).isEqualTo(forward + 2 * 100 * 4 * 9000);
    }

    @Test
    void dealtExpertsWorkOnTheirWholeWidthAndCutOnesOnTheirShare() {
        Model model = mixed(experts(2, 4, 3000, 0));
        long forward = 2 * 100 * 4 * 1000;
        ParallelLayout layout = ParallelLayout.tensor(2).data(2);
        assertThat(peak(FUSED, rank(model, layout, 0), 100, 1).bytes())
                .isEqualTo(forward + 2 * 100 * 4 * (1000 + 1500));
        assertThat(peak(FUSED, rank(model, layout.expert(true), 0), 100, 1).bytes())
                .isEqualTo(forward + 2 * 100 * 4 * (3000 + 6000));
    }

    @Test
    void theVocabularyIsThePaddedOneAndIsNotShared() {
        Model model = Model.builder("odd words", 8, new Embedding(1_000_001, false), LayerStack.of(dense(1, 8)), 1024)
                .build();
        assertThat(peak(FUSED, rank(model, ParallelLayout.tensor(2), 0), 1, 4).bytes())
                .isEqualTo(1_000_064L * 59 + 2 * 8 + 4 * 4 * 8);
    }

    @Test
    void oneByteDecidesBetweenSamplerAndForwardPass() {
        // Three tokens, two sequences: 2 x 3 x (32 + 24) = 336 B against 128 logits + 48 + 64 B.
        Model model = Model.builder("tie", 8, new Embedding(64, false), LayerStack.of(dense(1, 8)), 8)
                .build();
        assertThat(peak(Ratio.of(224, 128), rank(model), 3, 2).bytes()).isEqualTo(336);
        assertThat(peak(Ratio.of(225, 128), rank(model), 3, 2).bytes()).isEqualTo(337);
        assertThat(peak(Ratio.of(223, 128), rank(model), 3, 2).bytes()).isEqualTo(336);
    }

    @Test
    void aTieBelongsToTheForwardPass() {
        // Sampler: 1 x 64 + 2 x 8 + 4 x 8 = 112 B; forward pass: 2 x (4 x 8 + 3 x 8) = 112 B.
        Model model = Model.builder("tie", 8, new Embedding(64, false), LayerStack.of(dense(1, 8)), 8)
                .build();
        ItemizedLedger ledger = new ItemizedLedger("rank");
        new ActivationMemory(Ratio.ONE, Band.EXACT, STAGE_BYTES, Band.EXACT, "start logs")
                .account(ledger, rank(model), 1, 1, true);
        assertThat(ledger.root().bytes()).isEqualTo(2 * (4 * 8 + 3 * 8));
        assertThat(ledger.root().find("activation.forward")).isPresent();
        assertThat(ledger.root().find("activation.expert_workspace")).isEmpty();
    }

    @Test
    void kernelsWithoutAWorkspaceKeepNone() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        new ActivationMemory(FUSED, Band.EXACT, STAGE_BYTES, Band.EXACT, "start logs")
                .account(ledger, rank(PublishedModels.MIXTRAL_8X7B), 8192, 1024, false);
        assertThat(ledger.root().find("activation.expert_workspace")).isEmpty();
        assertThat(ledger.root().find("activation.logits")).isPresent();
    }

    /** vLLM with the native sort, H100, 8,192 tokens, 1,024 sequences: 5.58 GiB in the log; with a workspace beside it 6.08. */
    @Test
    void aWorkspaceThatDoesNotStayIsGoneWhenTheSamplerRuns() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        givingBack(SORTED).account(ledger, rank(PublishedModels.QWEN3_30B_A3B), 8192, 1024, true);
        assertThat(ledger.root().bytes() / GIBI).isCloseTo(5.58, within(0.005));
        assertThat(ledger.root().find("activation.expert_workspace")).isEmpty();
    }

    /** 2 x 8,192 x 4 x 2,048 of the forward pass and 2 x 8,192 x 8 x 4,096 beside it are more than the logits of one sequence. */
    @Test
    void itStandsBesideTheForwardPassAllTheSame() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        givingBack(SORTED).account(ledger, rank(PublishedModels.QWEN3_30B_A3B), 8192, 1, true);
        assertThat(ledger.root().bytes()).isEqualTo(134_217_728L + 536_870_912L);
        assertThat(ledger.root().bytes())
                .isEqualTo(peak(SORTED, rank(PublishedModels.QWEN3_30B_A3B), 8192, 1)
                        .bytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 16, 64, 96, 128, 256, 1024})
    void thePeakIsTheLargerOfTheTwoAndNeverMoreThanTheirSum(long sequences) {
        Rank rank = rank(PublishedModels.QWEN3_30B_A3B);
        TotalLedger inTurn = new TotalLedger();
        givingBack(SORTED).account(inTurn, rank, 8192, sequences, true);
        TotalLedger without = new TotalLedger();
        givingBack(SORTED).account(without, rank, 8192, sequences, false);
        long forward = 134_217_728L + 536_870_912L;
        assertThat(inTurn.bytes()).isEqualTo(Math.max(forward, without.bytes()));
        assertThat(inTurn.bytes())
                .isLessThanOrEqualTo(peak(SORTED, rank, 8192, sequences).bytes());
    }

    private static ActivationMemory givingBack(Ratio perLogit) {
        return new ActivationMemory(perLogit, Band.EXACT, STAGE_BYTES, Band.EXACT, false, "start logs");
    }

    @Test
    void theLinesOfASamplerPeakAreNamedAndBanded() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        new ActivationMemory(
                        FUSED, new Band(Ratio.of(95, 100), Ratio.of(105, 100)), STAGE_BYTES, Band.EXACT, "start logs")
                .account(ledger, rank(PublishedModels.MIXTRAL_8X7B), 8192, 1024, true);
        LineItem activation = ledger.root().find("activation").orElseThrow();
        assertThat(activation.children())
                .extracting(LineItem::id)
                .containsExactly(
                        "activation.logits", "activation.stream", "activation.samples", "activation.expert_workspace");
        assertThat(activation.children()).allSatisfy(line -> {
            assertThat(line.source()).isEqualTo("start logs");
            assertThat(line.low()).isEqualTo(Ratio.of(95, 100).floorOf(line.bytes()));
            assertThat(line.high()).isEqualTo(Ratio.of(105, 100).ceilOf(line.bytes()));
        });
    }
}
