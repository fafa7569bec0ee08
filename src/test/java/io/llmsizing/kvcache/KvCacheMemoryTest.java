package io.llmsizing.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KvCacheMemoryTest {
    private static final CachePaging VLLM = new CachePaging(16, 8192, 1);

    private static Rank rank(Model model, ParallelLayout layout, int stage, boolean speculative) {
        return Rank.of(model, layout, stage, speculative, 64);
    }

    private static Rank rank(Model model) {
        return rank(model, ParallelLayout.SINGLE, 0, false);
    }

    private static long bytes(Rank rank, String format, CachePaging paging, long sequences, long tokens) {
        TotalLedger total = new TotalLedger();
        KvCacheMemory.account(total, rank, CacheFormats.named(format), paging, sequences, tokens);
        return total.bytes();
    }

    static Stream<Arguments> published() {
        long mebi = 1L << 20;
        return Stream.of(
                arguments(PublishedModels.LLAMA_3_1_8B, "bf16", 1, 131_072, "8 x 256 x 2 B over 32 layers"),
                arguments(PublishedModels.DEEPSEEK_V3, "bf16", 1, 70_272, "DeepSeek-V3: 576 x 2 B over 61 layers"),
                arguments(PublishedModels.DEEPSEEK_V3, "fp8", 1, 35_136, "DeepSeek-V3: 576 B over 61 layers"),
                arguments(PublishedModels.LLAMA_3_1_8B, "fp16", 8192, 1024 * mebi, "llama.cpp start log, f16"),
                arguments(PublishedModels.LLAMA_3_1_8B, "q8_0", 8192, 544 * mebi, "llama.cpp start log, q8_0"),
                arguments(PublishedModels.LLAMA_3_1_8B, "q4_0", 8192, 288 * mebi, "llama.cpp start log, q4_0"),
                arguments(PublishedModels.QWEN3_235B_A22B, "bf16", 1, 192_512, "94 x 4 x 256 x 2 B"));
    }

    @ParameterizedTest
    @MethodSource("published")
    void aSequenceTakesThePublishedBytes(Model model, String format, long tokens, long bytes, String source) {
        assertThat(bytes(rank(model), format, CachePaging.NONE, 1, tokens))
                .as(source)
                .isEqualTo(bytes);
        assertThat(bytes(rank(model), format, CachePaging.NONE, 7, tokens))
                .as(source)
                .isEqualTo(7 * bytes);
    }

    @ParameterizedTest
    @CsvSource({
        // SGLang start log of Qwen3-235B-A22B-FP8: 94 layers, one of four heads on each of four ranks.
        "4, 48128",
        "8, 48128",
        "2, 96256",
        "1, 192512"
    })
    void headsAreSharedUntilOneIsLeft(int tensor, long bytes) {
        Rank rank = rank(PublishedModels.QWEN3_235B_A22B, ParallelLayout.tensor(tensor), 0, false);
        assertThat(bytes(rank, "bf16", CachePaging.NONE, 1, 1)).isEqualTo(bytes);
    }

    @Test
    void aLatentIsNotSharedByTensorRanks() {
        Rank rank = rank(PublishedModels.DEEPSEEK_V3, ParallelLayout.tensor(8), 0, false);
        assertThat(bytes(rank, "bf16", CachePaging.NONE, 1, 1)).isEqualTo(70_272);
    }

    @Test
    void multiTokenPredictionCachesOneLayerMore() {
        assertThat(bytes(
                        rank(PublishedModels.DEEPSEEK_V3, ParallelLayout.SINGLE, 0, true),
                        "bf16",
                        CachePaging.NONE,
                        1,
                        1))
                .isEqualTo(70_272 + 1152);
    }

    @Test
    void aStageCachesItsOwnLayers() {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(4);
        Model v3 = PublishedModels.DEEPSEEK_V3;
        assertThat(bytes(rank(v3, layout, 2, true), "bf16", CachePaging.NONE, 1, 1))
                .isEqualTo(16 * 1152);
        assertThat(bytes(rank(v3, layout, 3, true), "bf16", CachePaging.NONE, 1, 1))
                .isEqualTo((15 + 1) * 1152);
        assertThat(bytes(rank(v3, layout, 3, false), "bf16", CachePaging.NONE, 1, 1))
                .isEqualTo(15 * 1152);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "4095, 4095, 4095", "4096, 4096, 4096", "4097, 4096, 4097", "8192, 4096, 8192", "0, 0, 0"})
    void aWindowHoldsItsLastTokensAndTheFullLayersAll(long tokens, long windowed, long full) {
        // Gemma-2-9B: 21 windowed and 21 full layers of 8 x 512 x 2 B.
        assertThat(bytes(rank(PublishedModels.GEMMA_2_9B), "bf16", CachePaging.NONE, 3, tokens))
                .isEqualTo(3 * 21 * 8192 * (windowed + full));
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "15, 16", "16, 16", "17, 32", "8192, 8192", "8193, 8208"})
    void tokensFillWholePages(long tokens, long paged) {
        assertThat(bytes(rank(PublishedModels.LLAMA_3_1_8B), "bf16", VLLM, 2, tokens))
                .isEqualTo(2 * 131_072 * paged);
    }

    @Test
    void aWindowTakesAPageMoreThanItsTokensAndThoseInFlightFill() {
        // Window 4,096 with 8,192 tokens in flight: 12,287 tokens are 768 pages, and one more.
        Rank rank = rank(PublishedModels.GEMMA_2_9B);
        long layer = 21 * 8192 * 16L;
        assertThat(bytes(rank, "bf16", VLLM, 1, 100_000)).isEqualTo(layer * (6250 + 768 + 1));
        assertThat(bytes(rank, "bf16", VLLM, 1, 12_272)).isEqualTo(layer * (767 + 767 + 1));
        assertThat(bytes(rank, "bf16", VLLM, 1, 12_273)).isEqualTo(layer * (768 + 768 + 1));
    }

    @Test
    void layersThatCacheAlikeAreOneLineEach() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        KvCacheMemory.account(ledger, rank(PublishedModels.GEMMA_2_9B), CacheFormats.BF16, VLLM, 2, 100_000);
        LineItem cache = ledger.root().find("kv_cache").orElseThrow();
        assertThat(cache.children())
                .extracting(LineItem::id)
                .containsExactly("kv_cache.window_slack", "kv_cache.rows", "kv_cache.rows");
        assertThat(cache.children().get(0).bytes()).isEqualTo(21L * 8 * 1024 * 2 * 16);
        assertThat(cache.children())
                .extracting(LineItem::title)
                .containsExactly("windowed attention", "windowed attention", "attention");
    }

    @Test
    void withoutSlackThereIsNoLineForIt() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        KvCacheMemory.account(
                ledger, rank(PublishedModels.GEMMA_2_9B), CacheFormats.BF16, CachePaging.NONE, 2, 100_000);
        assertThat(ledger.root().find("kv_cache.window_slack")).isEmpty();
    }

    private static LayerGroup windowed(int count, long window) {
        return new LayerGroup(
                count, new SlidingWindow(GroupedQuery.of(8, 8, 64), window), DenseFeedForward.gated(512), 2);
    }

    @Test
    void theWindowsOfARankAreItsOwnLayersAndItsSpeculativeBlocks() {
        Model model = Model.builder(
                        "windows",
                        512,
                        new Embedding(100, true),
                        LayerStack.of(windowed(2, 512), windowed(2, 128)),
                        8192)
                .speculativeHead(new SpeculativeHead(1, windowed(1, 64), false))
                .build();
        ParallelLayout halves = ParallelLayout.SINGLE.pipeline(2);
        CachePaging pages = new CachePaging(16, 0, 1);
        assertThat(KvCacheMemory.windowPages(rank(model), pages)).containsExactly(8L, 32L);
        assertThat(KvCacheMemory.windowPages(rank(model, ParallelLayout.SINGLE, 0, true), pages))
                .containsExactly(4L, 8L, 32L);
        assertThat(KvCacheMemory.windowPages(rank(model, halves, 0, true), pages))
                .containsExactly(32L);
        assertThat(KvCacheMemory.windowPages(rank(model, halves, 1, true), pages))
                .containsExactly(4L, 8L);
        assertThat(KvCacheMemory.windowPages(rank(PublishedModels.LLAMA_3_1_8B), pages))
                .isEmpty();
    }

    @Test
    void bytesBeyondALongNameTheLine() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(
                        () -> bytes(rank(PublishedModels.LLAMA_3_1_8B), "bf16", CachePaging.NONE, 1L << 31, 1L << 40))
                .withMessageContaining("kv_cache.rows");
    }
}
