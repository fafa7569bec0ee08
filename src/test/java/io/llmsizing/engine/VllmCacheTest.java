package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How vLLM lays out its cache, by version, model and device. */
class VllmCacheTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Rank WINDOWS = Rank.of(
            Model.builder(
                            "windows",
                            4_096,
                            new Embedding(64, true),
                            LayerStack.of(new LayerGroup(
                                    32, new SlidingWindow(GroupedQuery.of(32, 8, 128), 4_096), new NoFeedForward(), 1)),
                            32_768)
                    .build(),
            ParallelLayout.SINGLE,
            0,
            false,
            64);

    @ParameterizedTest
    @CsvSource({
        "deepseek-ai/DeepSeek-R1, H200, 64",
        "deepseek-ai/DeepSeek-R1, B200, 128",
        "deepseek-ai/DeepSeek-R1, RTX 5090, 16",
        "deepseek-ai/DeepSeek-R1, A100-80GB, 16",
        "deepseek-ai/DeepSeek-R1, MI300X, 16",
        "deepseek-ai/DeepSeek-R1, Ascend 910B3, 64",
        "deepseek-ai/DeepSeek-V3.2, B200, 64",
        "meta-llama/Llama-3.1-8B, B200, 16"
    })
    void theBackEndOfTheDeviceSaysHowLongPagesOfALatentAre(String model, String device, long tokens) {
        Serving asked = on(device, rank(model, 1), 0);
        assertThat(Engines.vllm("0.26").paging(asked).pageTokens()).isEqualTo(tokens);
    }

    @Test
    void beforeCutlassBlackwellHadThePagesOfHopper() {
        Serving asked = on("B200", rank("deepseek-ai/DeepSeek-R1", 1), 0);
        assertThat(Engines.vllm("0.9").paging(asked).pageTokens()).isEqualTo(64);
    }

    /** DeepSeek-V4-Flash in any version that has a pool: 7,450 blocks of 1,002,240 B with one step in flight, 10,778 with two. */
    @ParameterizedTest
    @CsvSource({"0.25, bf16, 7450", "0.25, fp8, 7450", "0.26, fp8, 10778"})
    void compressedAttentionIsPackedWhateverTheFormat(String version, String format, long blocks) {
        Rank rank = rank("deepseek-ai/DeepSeek-V4-Flash", 1);
        Serving asked = new Serving(rank, WeightSchemes.BF16, CacheFormats.named(format), 8_192, 1_024, false);
        EngineProfile engine = Engines.vllm(version);
        TotalLedger cache = new TotalLedger();
        engine.accountCache(cache, asked, 1, 1 << 20);
        assertThat(cache.bytes()).isEqualTo(blocks * 1_002_240);
        assertThat(engine.assumptions(asked).toString()).contains("fp8_ds_mla");
        assertThat(engine.printedTokens(asked, 10 * cache.bytes(), 1 << 20)).hasValue(10 << 20);
    }

    @Test
    void whereThePackedFormatIsAskedForNothingIsTakenForGranted() {
        Rank rank = rank("deepseek-ai/DeepSeek-V4-Flash", 1);
        Serving asked = new Serving(rank, WeightSchemes.BF16, CacheFormats.FP8_DS_MLA, 8_192, 1_024, false);
        assertThat(Engines.vllm("0.25").assumptions(asked).toString()).doesNotContain("fp8_ds_mla");
    }

    /** Before there were groups of layers, one window less than all saves nothing; before 0.8 none does. */
    @ParameterizedTest
    @CsvSource({
        "0.7, google/gemma-3-27b-it, true",
        "0.8, google/gemma-3-27b-it, true",
        "0.9, google/gemma-3-27b-it, false",
        "0.7, windows, true",
        "0.8, windows, false",
        "0.7, meta-llama/Llama-3.1-8B, false"
    })
    void olderVersionsKeepWholeSequencesAndSaySo(String version, String model, boolean whole) {
        EngineProfile engine = Engines.vllm(version);
        Rank rank = model.equals("windows") ? WINDOWS : rank(model, 1);
        Serving asked = new Serving(rank, WeightSchemes.BF16, CacheFormats.BF16, 1_024, 256, false);
        assertThat(engine.assumptions(asked).toString().contains("keeps whole sequences"))
                .isEqualTo(whole);
        TotalLedger cache = new TotalLedger();
        engine.accountCache(cache, asked, 1, 32_768);
        long each = rank.model().layers().groups().stream()
                .mapToLong(group -> group.count()
                        * group.attention().cacheRows(1).get(0).heads()
                        * group.attention().cacheRows(1).get(0).headBytes(CacheFormats.BF16))
                .sum();
        if (whole || model.contains("Llama")) {
            assertThat(cache.bytes()).isEqualTo(32_768 * each);
        } else {
            assertThat(cache.bytes()).isLessThan(32_768 * each);
        }
    }

    /** Qwen3.5-27B: 48 states of 3 taps x 10,240 channels and 48 x 128 x 128 in FP32, one page more for each drafted token. */
    @ParameterizedTest
    @CsvSource({"0.25, 0, 1", "0.25, 1, 2", "0.25, 3, 4", "0.26, 0, 2", "0.26, 3, 5"})
    void draftedTokensTakePagesAndTaps(String version, long drafted, long statePages) {
        Rank rank = Rank.of(CATALOG.model("Qwen/Qwen3.5-27B"), ParallelLayout.SINGLE, 0, drafted > 0, 64);
        EngineProfile engine = Engines.vllm(version);
        Serving asked = on("H200", rank, drafted);
        PagePool pool = engine.pool(asked).orElseThrow();
        long state = 10_240 * (3 + drafted) * 2 + 48L * 128 * 128 * 4;
        long page = (state + 16 * 4_096 - 1) / (16 * 4_096) * 16 * 4_096;
        assertThat(pool.pageBytes()).isEqualTo(page);
        assertThat(pool.fixedBytes()).isEqualTo(3 * statePages * pool.slabBytes());
    }

    /** 62 layers of 8,192 B a token, for however long a sequence is. */
    @ParameterizedTest
    @CsvSource({"0.8, 62", "0.9, 10"})
    void aFurtherPageOfALongSequenceTakesAllLayersThatKeepItWhole(String version, long layers) {
        Footprint footprint = Deployment.builder(
                        CATALOG.model("google/gemma-3-27b-it"), Cluster.of(CATALOG.accelerator("H200"), 1))
                .layout(ParallelLayout.SINGLE)
                .engine(Engines.vllm(version))
                .build()
                .footprint();
        assertThat(footprint.bytesPerPage(0)).isEqualTo(16 * layers * 8_192);
    }

    /** Only of several prediction modules do windows keep more for drafted tokens. */
    @ParameterizedTest
    @CsvSource({"1, 4, 0", "3, 4, 3", "3, 1, 0", "3, 0, 0"})
    void severalPredictionModulesKeepMoreOfAWindow(int depth, long drafted, long more) {
        LayerGroup layer =
                new LayerGroup(1, new SlidingWindow(GroupedQuery.of(32, 8, 128), 4_096), new NoFeedForward(), 1);
        Model model = Model.builder("drafting", 4_096, new Embedding(64, true), LayerStack.of(layer), 32_768)
                .speculativeHead(new SpeculativeHead(depth, layer, true))
                .build();
        Rank rank = Rank.of(model, ParallelLayout.SINGLE, 0, drafted > 0, 64);
        assertThat(Engines.vllm("0.25").paging(on("H200", rank, drafted)).windowSlackTokens())
                .isEqualTo(8_192 + more);
    }

    private static Serving on(String device, Rank rank, long drafted) {
        return new Serving(
                rank,
                rank,
                WeightSchemes.BF16,
                CacheFormats.BF16,
                8_192,
                1_024,
                false,
                Serving.Side.DEVICE,
                Optional.of(CATALOG.accelerator(device)),
                drafted);
    }

    private static Rank rank(String model, int stages) {
        return Rank.of(CATALOG.model(model), ParallelLayout.SINGLE.pipeline(stages), 0, false, 64);
    }
}
