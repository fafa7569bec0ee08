package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class SglangProfileTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final String LLAMA = "meta-llama/Llama-3.1-8B";
    private static final String HYBRID = "Qwen/Qwen3-Next-80B-A3B-Instruct";

    @ParameterizedTest
    @CsvSource({
        "0.5.11, H100, 1, 0.830, worked from the source: 13904 of 81559 MiB are kept",
        "0.5.11, H100, 2, 0.828, sgl-project/sglang issue 29092",
        "0.5.4, H100, 1, 0.835, 13440 of 81559 MiB: no prefill graphs yet",
        "0.5.4, H200, 8, 0.897, 512 + 12288 + 1024 + 512 x 2 of 143771 MiB are kept",
        "0.4.9, RTX 4090, 1, 0.879, 2.9 GiB of 24564 MiB; a start log of July 2025 has it",
        "0.4.9, H100, 8, 0.831, 13.5 GiB of 81559 MiB",
        "0.4, H100, 1, 0.88, by ranks",
        "0.4, H200, 2, 0.87, by ranks",
        "0.4, H200, 4, 0.85, by ranks",
        "0.4, H200, 8, 0.81, by ranks",
    })
    void theShareLeftToItIsTheOneOfItsVersionDeviceAndRanks(
            String version, String device, int ranks, String share, String source) {
        Deployment deployment = Deployment.builder(CATALOG.model(LLAMA), Cluster.of(CATALOG.accelerator(device), ranks))
                .engine(Engines.sglang(version))
                .layout(ParallelLayout.tensor(ranks))
                .build();
        assertThat(deployment.memoryFraction()).as(source).isEqualTo(Ratio.parse(share));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/engine/sglang_pools.csv", numLinesToSkip = 1, maxCharsPerColumn = 500)
    void thePoolHoldsTheTokensThatServersPrint(
            String model,
            String device,
            String free,
            int ranks,
            String fraction,
            String version,
            long chunk,
            long tokens,
            double percent,
            String source) {
        Accelerator card = CATALOG.accelerator(device);
        EngineFacts facts = EngineFacts.bundled("sglang", EngineVersion.Counting.PATCH);
        EngineVersion facted = EngineVersion.parsePatch(version);
        long before = facts.constant("device_context", facted).whole()
                + facts.constant("communicators_tp" + ranks, facted).whole();
        long usable = before + Ratio.parse(free).floorOf(1L << 30);
        var builder = Deployment.builder(
                        CATALOG.model(model), Cluster.of(card, ranks).withUsable(ByteSize.ofBytes(usable)))
                .engine(Engines.sglang(version))
                .layout(ParallelLayout.tensor(ranks))
                .workload(Workload.of(1, 8_192).maxBatchedTokens(chunk));
        Footprint footprint = (fraction == null ? builder : builder.memoryFraction(Ratio.parse(fraction)))
                .build()
                .footprint();
        long pool = footprint.budget(0) - footprint.fixedBytes(0);
        assertThat(pool / footprint.bytesPerPage(0) * footprint.pageTokens())
                .as(source)
                .isCloseTo(tokens, Percentage.withPercentage(percent));
    }

    /** The table has a row for every request and one more, of the model's context in 4 B: 2,049 x 131,072 x 4. */
    @Test
    void theRequestTableHasARowMoreThanRequests() {
        Deployment deployment = Deployment.builder(CATALOG.model(LLAMA), Cluster.of(CATALOG.accelerator("H100"), 1))
                .engine(Engines.sglang())
                .build();
        assertThat(Sizing.explainOutside(deployment, 0)
                        .find("outside.request_table")
                        .orElseThrow()
                        .bytes())
                .isEqualTo(1_074_266_112L);
    }

    /** A log of 4 H100 prints 8.23 + 8.23 GB for 367,404 tokens. */
    @Test
    void aTokenOfQwenOnFourRanksTakes48128Bytes() {
        Footprint footprint = footprint("Qwen/Qwen3-235B-A22B", "H100", 4, CacheFormats.BF16);
        assertThat(footprint.cacheBytes(0, 40_960, 1)).isEqualTo(40_960 * 48_128L);
        assertThat(367_404L * 48_128 / 2 / (double) (1L << 30)).isCloseTo(8.234, Percentage.withPercentage(0.01));
    }

    @ParameterizedTest
    @CsvSource({"fp8, 43188", "bf16, 78324"})
    void anIndexersKeysStandInFp8WithScalesWhateverTheCacheIsStoredIn(String format, long bytes) {
        Footprint footprint = footprint("deepseek-ai/DeepSeek-V3.2", "H200", 8, CacheFormats.named(format));
        assertThat(footprint.pageTokens()).isEqualTo(64);
        assertThat(footprint.bytesPerPage(0)).isEqualTo(64 * bytes);
    }

    @Test
    void layersWithAWindowHaveAPoolOfTheirOwnFrom0511On() {
        long all = 36 * 2_048L;
        assertThat(footprint("openai/gpt-oss-120b", "H200", 1, CacheFormats.BF16, "0.5.4")
                        .cacheBytes(0, 1_000, 3))
                .isEqualTo(3_000 * all);
        long share = Ratio.parse("0.8").floorOf(all / 2);
        assertThat(footprint("openai/gpt-oss-120b", "H200", 1, CacheFormats.BF16, "0.5.11")
                        .cacheBytes(0, 1_000, 3))
                .isEqualTo(3_000 * (all / 2 + share));
    }

    @Test
    void aSequenceTakesAsMuchAsItsSlotsOfStatesAndThenGrows() {
        Footprint footprint = footprint(HYBRID, "H200", 2, CacheFormats.BF16);
        long states = footprint.cacheBytes(0, 1, 1);
        long slope = footprint.bytesPerPage(0);
        long least = states / slope;
        assertThat(least).isGreaterThan(1_000);
        assertThat(footprint.cacheBytes(0, least - 1, 1)).isEqualTo(states);
        assertThat(footprint.cacheBytes(0, least + 1, 1)).isEqualTo(states + slope);
        assertThat(footprint.cacheBytes(0, least + 1_000, 7)).isEqualTo(7 * (states + 1_000 * slope));
    }

    @Test
    void footprintAndExplanationAgreeBelowAndAboveTheSlotsOfStates() {
        for (long tokens : new long[] {1, 500, 20_000, 200_000}) {
            Deployment deployment = Deployment.builder(
                            CATALOG.model(HYBRID), Cluster.of(CATALOG.accelerator("H200"), 2))
                    .engine(Engines.sglang())
                    .layout(ParallelLayout.tensor(2))
                    .workload(Workload.of(3, tokens))
                    .build();
            assertThat(Sizing.explain(deployment).bytes())
                    .isEqualTo(deployment.footprint().bytes(0, tokens, 3));
        }
    }

    /** Start logs print 15.02 GB for Llama-3.1-8B: its rotary table is FP32. */
    @Test
    void whatALogCallsMemoryUsageIsWhatSegmentsTake() {
        LineItem explained =
                Sizing.explain(Deployment.builder(CATALOG.model(LLAMA), Cluster.of(CATALOG.accelerator("H100"), 1))
                        .engine(Engines.sglang())
                        .build());
        long loaded = explained.find("weights").orElseThrow().bytes()
                + explained.find("loading").orElseThrow().bytes();
        assertThat(loaded / (double) (1L << 30)).isCloseTo(15.02, within(0.005));
    }

    @Test
    void attentionOverDataKeepsMoreForGraphs() {
        Ratio tensor = share(ParallelLayout.tensor(8));
        Ratio data = share(ParallelLayout.SINGLE.data(8).expert(true));
        assertThat(Ratio.compare(data, tensor)).isNegative();
    }

    private static Ratio share(ParallelLayout layout) {
        return Deployment.builder(CATALOG.model("deepseek-ai/DeepSeek-R1"), Cluster.of(CATALOG.accelerator("H200"), 8))
                .engine(Engines.sglang())
                .layout(layout)
                .build()
                .memoryFraction();
    }

    @Test
    void aShareThatLeavesNoRoomForGraphsAndActivationsDoesNotStart() {
        Verdict verdict =
                Sizing.size(Deployment.builder(CATALOG.model(LLAMA), Cluster.of(CATALOG.accelerator("H100"), 1))
                        .engine(Engines.sglang())
                        .memoryFraction(Ratio.parse("0.999"))
                        .build());
        assertThat(verdict).isInstanceOf(Verdict.DoesNotFit.class);
    }

    @Test
    void aDeviceTooSmallForTheReserveIsRefusedWithTheWayOut() {
        Accelerator card = CATALOG.accelerator("T4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deployment.builder(CATALOG.model(LLAMA), Cluster.of(card, 1))
                        .engine(Engines.sglang())
                        .workload(Workload.of(1, 100).maxBatchedTokens(32_768))
                        .build())
                .withMessageContaining("set a memory fraction");
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "4, 1", "256, 22", "2048, 42", "4096, 50", "8192, 58", "16384, 74"})
    void prefillsAreCapturedInSizes(long longest, long sizes) {
        assertThat(SglangReserve.prefillSizes(longest)).isEqualTo(sizes);
    }

    @Test
    void promptsThatAreNotCutTakeTheTokensOfAPrefill() {
        assertThat(Engines.sglang().uncutTokens()).hasValue(16_384);
        assertThat(Engines.vllm().uncutTokens()).isEmpty();
    }

    private static Footprint footprint(String model, String device, int ranks, CacheFormat format) {
        return footprint(model, device, ranks, format, "0.5.11");
    }

    private static Footprint footprint(String model, String device, int ranks, CacheFormat format, String version) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator(device), ranks))
                .engine(Engines.sglang(version))
                .layout(ParallelLayout.tensor(ranks))
                .kvCache(format)
                .build()
                .footprint();
    }
}
