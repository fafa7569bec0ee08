package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class TensorRtLlmProfileTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final EngineProfile ENGINE = Engines.tensorRtLlm();

    /** The runtime constants come from the rows of Llama; those of Qwen3-32B were not used for them. */
    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/llmsizing/engine/tensorrt_llm_batches.csv",
            numLinesToSkip = 1,
            maxCharsPerColumn = 500)
    void theLargestBatchIsTheOneMeasuredWithinTwoPercent(
            String model, String device, String fraction, int tensor, long prompt, long answer, long batch) {
        long tokens = prompt + answer + 1_000;
        Footprint footprint = Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator(device), tensor))
                .engine(ENGINE)
                .layout(ParallelLayout.tensor(tensor))
                .memoryFraction(Ratio.parse(fraction))
                .kvCache(CacheFormats.FP16)
                .workload(Workload.of(1, tokens).maxBatchedTokens(2 * prompt))
                .build()
                .footprint();
        long predicted = (footprint.budget(0) - footprint.fixedBytes(0)) / footprint.cacheBytes(0, tokens, 1);
        assertThat(predicted).isCloseTo(batch, within(Math.max(1, batch * 2 / 100)));
    }

    @ParameterizedTest
    @CsvSource({"1000, 0.9, 400, 940", "1000, 0.25, 0, 250", "1000, 0.9, 1000, 1000", "1000, 0.9, 1200, 1000"})
    void theShareIsOneOfWhatIsFree(long usable, String fraction, long fixed, long budget) {
        assertThat(ENGINE.budget(ByteSize.ofBytes(usable), Ratio.parse(fraction), fixed))
                .isEqualTo(ByteSize.ofBytes(budget));
    }

    /** A start log of 1.1.0rc3 prints 73,728 bytes a token for gpt-oss-120b: windows save nothing. */
    @Test
    void windowsSaveNothing() {
        Footprint footprint = gptOss().footprint();
        assertThat(footprint.bytesPerPage(0)).isEqualTo(73_728 * footprint.pageTokens());
        assertThat(footprint.cacheBytes(0, 64, 1)).isEqualTo(64 * 73_728);
    }

    /** The same log prints 63.52 GiB of weights: experts are padded from 2,880 to 2,944 rows and columns. */
    @Test
    void paddedExpertsAreWhatALogCallsWeights() {
        LineItem explained = Sizing.explain(gptOss());
        long weights = explained.find("weights").orElseThrow().bytes();
        long loading = explained.find("loading").orElseThrow().bytes();
        assertThat((weights + loading) / (double) (1L << 30)).isCloseTo(63.52, Percentage.withPercentage(0.25));
        assertThat(weights / (double) (1L << 30)).isLessThan(61);
    }

    @Test
    void aTokenMoreThanAPageTakesAnotherPage() {
        Footprint footprint = gptOss().footprint();
        assertThat(footprint.cacheBytes(0, 33, 1)).isEqualTo(footprint.cacheBytes(0, 64, 1));
        assertThat(footprint.cacheBytes(0, 32, 1)).isEqualTo(footprint.cacheBytes(0, 64, 1) / 2);
    }

    @Test
    void attentionParallelOverDataKeepsAWholeLatentOnEachRank() {
        long whole =
                footprint("deepseek-ai/DeepSeek-R1", ParallelLayout.tensor(8)).bytesPerPage(0);
        long divided = footprint(
                        "deepseek-ai/DeepSeek-R1", ParallelLayout.SINGLE.data(8).expert(true))
                .bytesPerPage(0);
        assertThat(divided).isEqualTo(whole).isEqualTo(32 * 70_272L);
    }

    @Test
    void weightsThatFillTheDeviceDoNotFit() {
        Verdict verdict = Sizing.size(Deployment.builder(
                        CATALOG.model("meta-llama/Llama-3.1-70B"), Cluster.of(CATALOG.accelerator("H100"), 1))
                .engine(ENGINE)
                .build());
        assertThat(verdict).isInstanceOf(Verdict.DoesNotFit.class);
    }

    private static Deployment gptOss() {
        return Deployment.builder(CATALOG.model("openai/gpt-oss-120b"), Cluster.of(CATALOG.accelerator("H200"), 1))
                .engine(ENGINE)
                .build();
    }

    private static Footprint footprint(String model, ParallelLayout layout) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator("H200"), 8))
                .engine(ENGINE)
                .layout(layout)
                .build()
                .footprint();
    }
}
