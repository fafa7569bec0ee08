package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaCppProfileTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final EngineProfile ENGINE = Engines.llamaCpp();

    @ParameterizedTest
    @CsvSource({"b10573, b10573", "10573, b10573", "' b10600 ', b10600", "b10573-14-g3f545bec, b10573"})
    void aVersionIsTheNumberOfABuild(String written, String read) {
        EngineProfile engine = Engines.named("llama.cpp", written);
        assertThat(engine.version()).isEqualTo(read);
        assertThat(engine).hasToString("llama.cpp " + read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.19", "b", "", "bb10573", "b-1", "newest", "b10573.1"})
    void whatIsNoBuildIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.llamaCpp(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("b10573");
    }

    @Test
    void aBuildOlderThanAllFactsIsRefusedAndANewerOneSaysWhoseFactsItTakes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.llamaCpp("b8762"))
                .withMessageContaining("b8762")
                .withMessageContaining("b10573");
        assertThat(Engines.llamaCpp("b11000").assumptions().toString()).contains("b11000", "those of b10573");
        assertThat(Engines.named("llama.cpp", "").assumptions().toString()).doesNotContain("engine version");
    }

    @Test
    void aMarginStaysFreeOfWhatIsUsable() {
        assertThat(budget(ByteSize.ofGibibytes(24), Ratio.ONE)).isEqualTo(ByteSize.ofGibibytes(23));
        assertThat(budget(ByteSize.ofGibibytes(24), Ratio.parse("0.5"))).isEqualTo(ByteSize.ofGibibytes(11));
        assertThat(budget(ByteSize.ofBytes(1 << 30), Ratio.ONE)).isEqualTo(ByteSize.ofBytes(0));
        assertThat(budget(ByteSize.ofBytes(5), Ratio.ONE)).isEqualTo(ByteSize.ofBytes(0));
    }

    private static ByteSize budget(ByteSize usable, Ratio fraction) {
        return ENGINE.budget(usable, fraction, 0);
    }

    @Test
    void aFileOfLlamaInQ4IsWhatTheLogSaysOnDeviceAndHost() {
        Model llama = CATALOG.model("meta-llama/Llama-3.1-8B");
        WeightScheme scheme = WeightScheme.uniform(GgmlFormats.named("q4_0").orElseThrow())
                .with(TensorRole.OUTPUT_HEAD, GgmlFormats.named("q6_k").orElseThrow())
                .with(TensorRole.NORM, Formats.FP32);
        // ikawrakow/ik_llama.cpp discussion 562: 4155.99 MiB on the device, 281.81 MiB on the host
        long device = weights(llama, scheme, 1, 0);
        assertThat(device).isEqualTo(4_357_873_664L).isBetween(mebi(4_155_985), mebi(4_155_995));
        assertThat(WeightMemory.bytes(llama, scheme, false) - device)
                .isEqualTo(295_501_824L)
                .isBetween(mebi(281_805), mebi(281_815));
    }

    private static long mebi(long thousandths) {
        return thousandths * (1 << 20) / 1_000;
    }

    @Test
    void aTiedEmbeddingIsOnTheDeviceOfTheHeadAlone() {
        Model tied = model(GroupedQuery.of(8, 8, 64), true);
        long all = WeightMemory.bytes(tied, WeightSchemes.BF16, false);
        assertThat(weights(tied, WeightSchemes.BF16, 1, 0)).isEqualTo(all);
        assertThat(weights(tied, WeightSchemes.BF16, 2, 0) + weights(tied, WeightSchemes.BF16, 2, 1))
                .isEqualTo(all);
        long table = 1_000L * 512 * 2;
        assertThat(weights(model(GroupedQuery.of(8, 8, 64), false), WeightSchemes.BF16, 1, 0))
                .isEqualTo(all);
        assertThat(WeightMemory.bytes(model(GroupedQuery.of(8, 8, 64), false), WeightSchemes.BF16, false))
                .isEqualTo(all + table);
    }

    @Test
    void tablesThatTokensAreLookedUpInStayOnTheHost() {
        Model gemma = CATALOG.model("google/gemma-3n-E4B-it");
        long tables = WeightMemory.bytes(gemma, WeightSchemes.BF16, false) - weights(gemma, WeightSchemes.BF16, 1, 0);
        assertThat(tables).isEqualTo(262_144L * 35 * 256 * 2);
    }

    @Test
    void layersAndHeadAreSpreadAsOneMoreLayer() {
        // ikawrakow/ik_llama.cpp#398: caches of 1600 and 1472 MiB are 25 and 23 layers
        assertThat(ENGINE.stageBoundaries(48, 2)).containsExactly(0, 25, 48);
        assertThat(ENGINE.stageBoundaries(32, 1)).containsExactly(0, 32);
        assertThat(ENGINE.stageBoundaries(94, 3)).containsExactly(0, 32, 64, 94);
        assertThat(ENGINE.stageBoundaries(4, 4)).containsExactly(0, 2, 3, 4, 4);
    }

    @Test
    void blocksRunOnAcrossHeads() {
        // 8 heads of 80: 20 blocks of 34 B for a key, not 24
        assertThat(cache(GroupedQuery.of(8, 8, 80), CacheFormats.Q8_0, 256)).isEqualTo(2L * 20 * 34 * 256);
        assertThat(cache(GroupedQuery.of(8, 8, 64), CacheFormats.Q8_0, 256)).isEqualTo(2L * 16 * 34 * 256);
    }

    @ParameterizedTest
    @CsvSource({"1, 256", "256, 256", "257, 512", "1024, 1024", "1500, 1536", "1536, 1536", "1537, 1536", "9000, 1536"})
    void aWindowKeepsItsTokensAndThoseOfAStep(long tokens, long cells) {
        assertThat(cache(new SlidingWindow(GroupedQuery.of(8, 2, 64), 1_024), CacheFormats.FP16, tokens))
                .isEqualTo(cells * 2 * 2 * 64 * 2);
    }

    @Test
    void anIndexerKeepsKeysInTheCachesTypeAndValuesBesideHeads() {
        MultiHeadLatent latent = new MultiHeadLatent(128, 1_536, 512, 128, 64, 128);
        assertThat(cache(new IndexedAttention(latent, 128, List.of()), CacheFormats.FP16, 256))
                .isEqualTo((576L + 128) * 2 * 256);
        assertThat(cache(new IndexedAttention(latent, 128, List.of()), CacheFormats.Q8_0, 256))
                .isEqualTo((576L + 128) / 32 * 34 * 256);
        assertThat(cache(new IndexedAttention(GroupedQuery.of(64, 4, 128), 128, List.of()), CacheFormats.FP16, 256))
                .isEqualTo((4L * 2 * 128 + 2 * 128) * 2 * 256);
    }

    @ParameterizedTest
    @CsvSource({"256, 256, 256", "1024, 256, 256", "1025, 512, 256", "32768, 8192, 256", "32769, 8448, 512"})
    void compressedRowsComeInPagesOfTheirOwn(long tokens, long ofFour, long ofMany) {
        long window = Math.min((tokens + 255) / 256 * 256, 768);
        CompressedAttention four = new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 4, true, 64, 128);
        assertThat(cache(four, CacheFormats.FP16, tokens))
                .isEqualTo(window * 512 * 2 + ofFour * (512 + 128) * 2 + 4 * 2 * (8 * 1_024 + 8 * 256));
        CompressedAttention many = new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 128, false, 0, 0);
        assertThat(cache(many, CacheFormats.FP16, tokens))
                .isEqualTo(window * 512 * 2 + ofMany * 512 * 2 + 4 * 2 * 128 * 512);
    }

    @ParameterizedTest
    @CsvSource({"fp16, 1", "q4_0, 3"})
    void statesAreInSinglePrecisionWithoutTheNewestTap(String format, long sequences) {
        Attention mamba = StateSpaces.mamba(512, 1_024, 16, 4, 64, Set.of());
        TotalLedger held = new TotalLedger();
        ENGINE.accountCache(held, serving(model(mamba, true), CacheFormats.named(format), 512, 1), sequences, 5_000);
        assertThat(held.bytes()).isEqualTo(sequences * 2 * 4 * (3 * 1_024 + 16 * 1_024));
    }

    @Test
    void logitsOfAllBatchedTokensAreTheOnesOfTheCommandLineTools() {
        LineItem step = step("meta-llama/Meta-Llama-3-8B", 512);
        assertThat(step.bytes()).isEqualTo(512L * (128_256 + 4_096) * 4).isEqualTo(271_056_896L);
        assertThat(step.low()).isLessThan(step.bytes());
        assertThat(step.high()).isGreaterThan(step.bytes());
    }

    @Test
    void withOneRowOfLogitsTheWidestLayerDecides() {
        assertThat(step("meta-llama/Meta-Llama-3-8B", 1).bytes()).isEqualTo(512L * 3 * (4_096 + 14_336) * 4);
        assertThat(step("Qwen/Qwen3-30B-A3B", 1).bytes()).isEqualTo(512L * (3 * 2_048 + 8 * (3 * 768 + 2_048)) * 4);
        assertThat(step("deepseek-ai/DeepSeek-R1", 1).bytes()).isEqualTo(512L * (3 * 7_168 + 128 * (2 * 512 + 64)) * 4);
    }

    private static LineItem step(String model, long outputs) {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        ENGINE.accountFixed(ledger, serving(CATALOG.model(model), CacheFormats.FP16, 512, outputs));
        return ledger.root().find("activation").orElseThrow();
    }

    /** Cache of one of two equal layers. */
    private static long cache(Attention attention, CacheFormat format, long tokens) {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        ENGINE.accountCache(ledger, serving(model(attention, true), format, 512, 1), 1, tokens);
        return ledger.root().find("kv_cache").orElseThrow().bytes() / 2;
    }

    private static Model model(Attention attention, boolean tied) {
        LayerGroup layers = new LayerGroup(2, attention, DenseFeedForward.gated(1_024), 2);
        return Model.builder("random", 512, new Embedding(1_000, tied), LayerStack.of(layers), 100_000)
                .build();
    }

    private static Serving serving(Model model, CacheFormat format, long batched, long outputs) {
        Rank rank = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        return new Serving(rank, WeightSchemes.BF16, format, batched, outputs, false);
    }

    private static long weights(Model model, WeightScheme scheme, int stages, int stage) {
        Rank rank = Rank.of(model, ParallelLayout.SINGLE.pipeline(stages), stage, false, 1);
        ItemizedLedger ledger = new ItemizedLedger("rank");
        ENGINE.accountFixed(ledger, new Serving(rank, scheme, CacheFormats.FP16, 512, 1, false));
        return ledger.root().find("weights").orElseThrow().bytes();
    }
}
