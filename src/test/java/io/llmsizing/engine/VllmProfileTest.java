package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VllmProfileTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final long VOCABULARY = 128_256;
    private static final long SEQUENCES = 1_024;

    @ParameterizedTest
    @CsvSource({"0.8, 0.90", "0.16, 0.90", "0.20, 0.90", "0.21, 0.92", "0.22, 0.92", "0.26, 0.92"})
    void theDefaultShareIsNineTenthsBefore021AndTwoHundredthsMoreFromThen(String version, String share) {
        assertThat(Engines.vllm(version).defaultMemoryFraction()).isEqualTo(Ratio.parse(share));
    }

    @ParameterizedTest
    @CsvSource({"0.8, 38.25", "0.11, 38.25", "0.16, 38.25", "0.17, 14.75", "0.19, 14.75", "0.26, 14.75"})
    void theSamplerTakesFewerBytesALogitFrom017On(String version, String bytesPerLogit) {
        assertThat(line(Engines.vllm(version), llama(1), false, "activation.logits"))
                .isEqualTo(Ratio.parse(bytesPerLogit).ceilOf(SEQUENCES * VOCABULARY));
    }

    /** An indexer's keys take 132 B whatever the cache's format, every latent of such a model 656 B where that is FP8. */
    @ParameterizedTest
    @CsvSource({
        "deepseek-ai/DeepSeek-V3.2, 61, 61, bf16, 1152",
        "deepseek-ai/DeepSeek-V3.2, 61, 61, fp8, 656",
        "deepseek-ai/DeepSeek-V3.2, 61, 61, fp8_ds_mla, 656",
        "zai-org/GLM-5.2, 78, 21, fp8, 656",
        "deepseek-ai/DeepSeek-V3, 61, 0, fp8, 576"
    })
    void sparseAttentionKeepsItsKeysScaled(String model, long layers, long indexers, String format, long latentBytes) {
        Rank rank = Rank.of(CATALOG.model(model), ParallelLayout.tensor(8), 0, false, 64);
        Serving serving = new Serving(rank, WeightSchemes.BF16, CacheFormats.named(format), 8_192, 1_024, false);
        TotalLedger cache = new TotalLedger();
        Engines.vllm().accountCache(cache, serving, 1, 6_400);
        assertThat(cache.bytes()).isEqualTo(6_400 * (layers * latentBytes + indexers * 132));
    }

    /** Start logs of 0.19: 4,284,229,878 B for gemma-3-27b, 3,060,164,198 B for Kimi-VL; nothing of it before 0.8, nor for text. */
    @ParameterizedTest
    @CsvSource({
        "0.19, google/gemma-3-27b-it, 1, 0, 88080384",
        "0.19, moonshotai/Kimi-VL-A3B-Instruct, 2, 0, 33554432",
        "0.19, google/gemma-3-27b-it, 2, 1, 0",
        "0.7, google/gemma-3-27b-it, 1, 0, 0",
        "0.19, meta-llama/Llama-3.1-8B, 1, 0, 0"
    })
    void whatAnEncoderGivesForAStepIsHeldWhileTheStepIsMeasured(
            String version, String model, int ranks, int stage, long bytes) {
        ParallelLayout layout = stage == 0 ? ParallelLayout.tensor(ranks) : ParallelLayout.SINGLE.pipeline(ranks);
        Rank rank = Rank.of(CATALOG.model(model), layout, stage, false, 64);
        ItemizedLedger ledger = new ItemizedLedger("rank");
        Engines.vllm(version)
                .accountFixed(ledger, new Serving(rank, WeightSchemes.BF16, CacheFormats.BF16, 8_192, 1_024, false));
        assertThat(ledger.root()
                        .find("activation.encoder_outputs")
                        .map(LineItem::bytes)
                        .orElse(0L))
                .isEqualTo(bytes);
    }

    @Test
    void theSamplerIsAllThatChangesBetween016And017() {
        long before = total(Engines.vllm("0.16"), llama(1), false);
        long after = total(Engines.vllm("0.17"), llama(1), false);
        assertThat(before - after).isEqualTo(Ratio.parse("23.5").floorOf(SEQUENCES * VOCABULARY));
    }

    @Test
    void theBudgetIsRoundedUp() {
        assertThat(Engines.vllm("0.19").budget(ByteSize.ofBytes(1_001), Ratio.parse("0.9"), 0))
                .isEqualTo(ByteSize.ofBytes(901));
    }

    @Test
    void aShareThatLeavesNoRoomForTheDeviceContextIsCertainlyOrPossiblyTooMuch() {
        assertThat(budget("0.26", "1", true).certainlyBeyondDevice()).isTrue();
        MemoryBudget close = budget("0.26", "0.992", true);
        assertThat(close.certainlyBeyondDevice()).isFalse();
        assertThat(close.possiblyBeyondDevice()).isTrue();
        assertThat(budget("0.26", "0.98", true).possiblyBeyondDevice()).isFalse();
    }

    /** Up to 0.8 nobody looks: a share of 1 may start, though nothing is sure. */
    @ParameterizedTest
    @CsvSource({"0.7, false, true", "0.8, false, true", "0.9, true, true", "0.26, true, true"})
    void whetherTooLargeAShareStartsIsAFactOfTheVersion(String version, boolean never, boolean perhapsNot) {
        MemoryBudget whole = budget(version, "1", true);
        assertThat(whole.certainlyBeyondDevice()).isEqualTo(never);
        assertThat(whole.possiblyBeyondDevice()).isEqualTo(perhapsNot);
    }

    @ParameterizedTest
    @CsvSource({
        "0.19, 1, 1, 268435456",
        "0.19, 1, 2, 75161928",
        "0.19, 1, 4, 75161928",
        "0.19, 2, 1, 2233382994",
        "0.19, 2, 2, 2233382994",
        "0.19, 3, 1, 2319282340",
        "0.19, 4, 2, 2319282340",
        "0.19, 7, 1, 2319282340",
        "0.19, 8, 1, 2362232013",
        "0.17, 1, 2, 139586437",
        "0.6, 1, 2, 1922023424",
    })
    void ranksThatAreStagesAloneAllocateLess(String version, int tensor, int stages, long bytes) {
        Rank rank = Rank.of(
                CATALOG.model("deepseek-ai/DeepSeek-R1-Distill-Llama-70B"),
                new ParallelLayout(tensor, stages, 1, false),
                0,
                false,
                64 * 21);
        assertThat(line(Engines.vllm(version), rank, true, "runtime.growth")).isEqualTo(bytes);
    }

    /** Steps in flight, by hand: as many as stages up to 0.25, one more from 0.26 on, of 8,192 tokens each. */
    @ParameterizedTest
    @CsvSource({"0.25, 1, 8192", "0.26, 1, 16384", "0.25, 4, 32768", "0.26, 4, 40960"})
    void windowsHoldTheTokensOfStepsInFlight(String version, int stages, long tokens) {
        Rank rank = Rank.of(CATALOG.model("llama-3.1-8b"), new ParallelLayout(1, stages, 1, false), 0, false, 64);
        CachePaging paging = Engines.vllm(version).paging(serving(rank, true));
        assertThat(paging.windowPages(4_096)).isEqualTo((4_095 + tokens + 15) / 16);
    }

    @Test
    void graphsThatAreOutsideTheBudgetMustGoBesideIt() {
        assertThat(budget("0.19", "0.98", false).certainlyBeyondDevice()).isFalse();
        assertThat(budget("0.19", "0.98", false).possiblyBeyondDevice()).isTrue();
        assertThat(budget("0.19", "0.97", false).possiblyBeyondDevice()).isFalse();
        assertThat(budget("0.21", "0.98", false)).isEqualTo(budget("0.21", "0.98", true));
        assertThat(budget("0.26", "0.98", false)).isNotEqualTo(budget("0.26", "0.98", true));
    }

    private static MemoryBudget budget(String version, String fraction, boolean eager) {
        return Deployment.builder(
                        CATALOG.model("llama-3.1-8b"),
                        Cluster.of(CATALOG.accelerator("H100-SXM"), 1).withUsable(ByteSize.ofGibibytes(80)))
                .engine(Engines.vllm(version))
                .memoryFraction(Ratio.parse(fraction))
                .eager(eager)
                .build()
                .stages()
                .get(0)
                .budget();
    }

    @ParameterizedTest
    @CsvSource({
        "H200, 8192, 1024",
        "H100, 8192, 1024",
        "A100-80GB, 2048, 256",
        "A100-40GB, 2048, 256",
        "B200, 16384, 1024",
        "MI300X, 16384, 1024",
        "L40S, 2048, 256",
        "RTX 4090, 2048, 256"
    })
    void theSchedulerTakesLargerStepsOnLargerDevicesButNotOnAnA100(String name, long tokens, long sequences) {
        EngineProfile engine = Engines.vllm();
        assertThat(engine.defaultBatchedTokens(CATALOG.accelerator(name))).isEqualTo(tokens);
        assertThat(engine.defaultMaxSequences(CATALOG.accelerator(name))).isEqualTo(sequences);
    }

    @Test
    void theVocabularyIsPaddedTo64() {
        assertThat(Engines.vllm().vocabularyMultiple()).isEqualTo(64);
    }

    @Test
    void latentAttentionIsCachedInPagesOf64AndAnyOtherIn16() {
        assertThat(Engines.vllm("0.19").paging(serving(llama(1), false)).pageTokens())
                .isEqualTo(16);
        Rank latent = Rank.of(CATALOG.model("deepseek-v2-lite"), ParallelLayout.SINGLE, 0, false, 64);
        assertThat(Engines.vllm("0.19").paging(serving(latent, false)).pageTokens())
                .isEqualTo(64);
    }

    @Test
    void from026OnTwoStepsAreInFlight() {
        CachePaging before = Engines.vllm("0.25").paging(serving(llama(1), false));
        CachePaging after = Engines.vllm("0.26").paging(serving(llama(1), false));
        assertThat(after.windowPages(4_096) - before.windowPages(4_096)).isEqualTo(8_192 / 16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.8", "0.19", "0.20"})
    void before021GraphsAreOutsideTheBudget(String version) {
        assertThat(total(Engines.vllm(version), llama(1), false))
                .isEqualTo(total(Engines.vllm(version), llama(1), true));
    }

    @Test
    void moreTensorRanksTakeMoreForCommunication() {
        EngineProfile engine = Engines.vllm("0.19");
        long previous = 0;
        for (int ranks : new int[] {1, 2, 4, 8}) {
            long growth = line(engine, llama(ranks), false, "runtime.growth");
            assertThat(growth).isGreaterThan(previous);
            previous = growth;
        }
        assertThat(line(engine, llama(16), false, "runtime.growth")).isEqualTo(previous);
    }

    @Test
    void bothLedgersGetTheSameBytesAndBands() {
        TotalLedger total = new TotalLedger();
        Engines.vllm().accountFixed(total, serving(llama(2), false));
        LineItem itemised = fixed(Engines.vllm(), llama(2), false);
        assertThat(total.bytes()).isEqualTo(itemised.bytes());
        assertThat(total.low()).isEqualTo(itemised.low());
        assertThat(total.high()).isEqualTo(itemised.high());
    }

    private static Rank llama(int tensor) {
        return Rank.of(CATALOG.model("llama-3.1-8b"), ParallelLayout.tensor(tensor), 0, false, 64);
    }

    private static Serving serving(Rank rank, boolean eager) {
        return new Serving(rank, WeightSchemes.BF16, CacheFormats.BF16, 8_192, SEQUENCES, eager);
    }

    private static LineItem fixed(EngineProfile engine, Rank rank, boolean eager) {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        engine.accountFixed(ledger, serving(rank, eager));
        return ledger.root();
    }

    private static long line(EngineProfile engine, Rank rank, boolean eager, String id) {
        return fixed(engine, rank, eager).find(id).orElseThrow().bytes();
    }

    private static long total(EngineProfile engine, Rank rank, boolean eager) {
        TotalLedger ledger = new TotalLedger();
        engine.accountFixed(ledger, serving(rank, eager));
        return ledger.bytes();
    }
}
