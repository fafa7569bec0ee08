package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Cached tokens spread over the tensor ranks that would keep copies: a rank keeps ceil(T / dcp) tokens in whole pages. */
class ContextParallelTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static Deployment deployment(String model, ParallelLayout layout, EngineProfile engine) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(layout)
                .engine(engine)
                .workload(Workload.of(1, 8_192))
                .build();
    }

    private static Footprint spread(String model, int ranks) {
        return deployment(model, ParallelLayout.tensor(8).context(ranks), Engines.vllm("0.26"))
                .footprint();
    }

    @Property(tries = 200)
    void aRankKeepsItsShareOfTheTokensInWholePages(
            @ForAll @IntRange(max = 3) int doublings,
            @ForAll @LongRange(min = 1, max = 163_840) long tokens,
            @ForAll @LongRange(min = 1, max = 500) long sequences) {
        int ranks = 1 << doublings;
        long kept = (tokens + ranks - 1) / ranks;
        assertThat(spread("deepseek-ai/DeepSeek-R1", ranks).cacheBytes(0, tokens, sequences))
                .isEqualTo(sequences * ((kept + 63) / 64 * 64) * 70_272);
    }

    @Property(tries = 100)
    void theRanksTogetherKeepNoLessThanOneCopyAndSpreadNoMoreThanNone(
            @ForAll @IntRange(min = 1, max = 3) int doublings, @ForAll @LongRange(min = 1, max = 163_840) long tokens) {
        int ranks = 1 << doublings;
        long alone = spread("deepseek-ai/DeepSeek-R1", 1).cacheBytes(0, tokens, 1);
        long share = spread("deepseek-ai/DeepSeek-R1", ranks).cacheBytes(0, tokens, 1);
        assertThat(share * ranks).isGreaterThanOrEqualTo(alone);
        assertThat(share).isLessThanOrEqualTo(alone);
    }

    /** Qwen3-235B has 4 key-value heads: 8 ranks keep 2 copies, so that 2 ranks can share. */
    @Example
    void copiesOfGroupedHeadsAreSpread() {
        assertThat(spread("Qwen/Qwen3-235B-A22B", 2).cacheBytes(0, 8_192, 3))
                .isEqualTo(spread("Qwen/Qwen3-235B-A22B", 1).cacheBytes(0, 8_192, 3) / 2);
        assertThat(spread("Qwen/Qwen3-235B-A22B", 2).fixedBytes(0))
                .isEqualTo(spread("Qwen/Qwen3-235B-A22B", 1).fixedBytes(0));
    }

    private static void refused(String model, ParallelLayout layout, EngineProfile engine, String said) {
        assertThatExceptionOfType(InvalidLayoutException.class)
                .isThrownBy(() -> deployment(model, layout, engine))
                .withMessage(said);
    }

    @Example
    void whatCanNotBeSpreadIsRefusedWithTheSizesThatWork() {
        refused(
                "Qwen/Qwen3-235B-A22B",
                ParallelLayout.tensor(8).context(4),
                Engines.vllm(),
                "context parallel 4: it must divide tensor parallel 8, and the copies of each of 4 key-value heads (tensor / heads)"
                        + " and the 16 query heads of each must be a multiple of it or more; sizes that work: 1, 2");
        refused(
                "deepseek-ai/DeepSeek-R1",
                ParallelLayout.tensor(8).context(3),
                Engines.vllm(),
                "context parallel 3: it must divide tensor parallel 8, and a latent stands on all 8; sizes that work: 1, 2, 4, 8");
        refused(
                "google/gemma-3-27b-it",
                ParallelLayout.tensor(8).context(2),
                Engines.vllm(),
                "context parallel 2: layers of windowed attention in google/gemma-3-27b-it do not keep one row for every token;"
                        + " leave it out");
        refused(
                "Qwen/Qwen3.5-27B",
                ParallelLayout.tensor(8).context(2),
                Engines.vllm(),
                "context parallel 2: layers of gated delta net in Qwen/Qwen3.5-27B do not keep one row for every token; leave it"
                        + " out");
        refused(
                "deepseek-ai/DeepSeek-R1",
                ParallelLayout.tensor(8).context(2),
                Engines.sglang(),
                "context parallel 2: " + Engines.sglang()
                        + " is not known to spread the tokens of a sequence over tensor ranks; take vllm 0.11 or later, or leave it"
                        + " out");
        refused(
                "deepseek-ai/DeepSeek-R1",
                ParallelLayout.tensor(8).context(2),
                Engines.vllm("0.10"),
                "context parallel 2: vllm 0.10 is not known to spread the tokens of a sequence over tensor ranks; take vllm 0.11 or"
                        + " later, or leave it out");
    }

    @Example
    void predictionBlocksAreNotSpread() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deployment.builder(
                                CATALOG.model("deepseek-ai/DeepSeek-R1"), Cluster.of(CATALOG.accelerator("H200"), 8))
                        .layout(ParallelLayout.tensor(8).context(2))
                        .engine(Engines.vllm())
                        .speculative(true)
                        .build())
                .withMessage("speculative tokens with context parallel 2; leave one of them out");
    }
}
