package io.llmsizing.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.ByteSize;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools of unlike layers against start logs of vLLM and its own alignment of pages. */
class PagePoolTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static PagePool pool(String model, int tensor, long smallestPage, long inFlight, long statePages) {
        Rank rank = Rank.of(CATALOG.model(model), ParallelLayout.tensor(tensor), 0, false, 64);
        return PagePool.of(rank, CacheFormats.BF16, new CachePaging(smallestPage, inFlight, 1, 1), statePages)
                .orElseThrow();
    }

    /** vLLM v0.19, a log: 19.53 GiB of cache hold 36,560 tokens. */
    @Test
    void gemma3TakesSevenGroupsOfTenLayers() {
        PagePool pool = pool("google/gemma-3-27b-it", 1, 16, 8_192, 1);
        assertThat(pool.groupLayers()).isEqualTo(10);
        assertThat(pool.groups()).isEqualTo(7);
        assertThat(pool.pageBytes()).isEqualTo(131_072);
        long pages = pool.pagesIn(ByteSize.parse("19.53 GiB").bytes());
        assertThat(pages / pool.groups() * pool.fewestPageTokens()).isEqualTo(36_560);
    }

    /** vLLM v0.25.1, a log: 83.89 GiB, 2,496 tokens a step: 14.78 sequences of 262,144 tokens. */
    @Test
    void layersOfANarrowerRowKeepMoreTokensInAPage() {
        PagePool pool = pool("google/gemma-4-26B-A4B-it", 1, 16, 2_496, 1);
        assertThat(pool.pageBytes() * pool.groupLayers()).isEqualTo(655_360);
        assertThat(pool.pagesOf(262_144)).isEqualTo(8_192 + 5 * 221);
        assertThat(pool.pagesIn(ByteSize.parse("83.89 GiB").bytes())).isCloseTo(137_445L, within(10L));
        assertThat(pool.steps()).extracting(PageStep::stridePages).containsExactlyInAnyOrder(1L, 2L);
    }

    @ParameterizedTest
    @CsvSource({"16384, 9225", "4096, 8457"})
    void gptOssKeepsAWindowAndTheTokensInFlight(long inFlight, long pages) {
        PagePool pool = pool("openai/gpt-oss-120b", 1, 16, inFlight, 1);
        assertThat(pool.groupLayers() * pool.pageBytes()).isEqualTo(589_824);
        assertThat(pool.pagesIn(ByteSize.ofGibibytes(60).bytes())).isEqualTo(109_226);
        assertThat(pool.pagesOf(131_072)).isEqualTo(pages);
    }

    @ParameterizedTest
    @CsvSource({
        "nvidia/Qwen3.5-397B-A17B-NVFP4, 8, 16, 528, 540672",
        "Qwen/Qwen3.5-27B, 1, 16, 784, 3211264",
        "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16, 1, 16, 2096, 2146304",
        "moonshotai/Kimi-K3, 8, 128, 768, 884736"
    })
    void aStateTakesAPageAndPagesAreMadeLongEnoughForIt(
            String model, int tensor, long smallest, long tokens, long bytes) {
        PagePool pool = pool(model, tensor, smallest, 8_192, 1);
        assertThat(pool.paging().pageTokens()).isEqualTo(tokens);
        assertThat(pool.pageBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta-llama/Llama-3.1-8B", "deepseek-ai/DeepSeek-R1", "deepseek-ai/DeepSeek-V3.2"})
    void layersThatCacheAlikeNeedNoPool(String model) {
        Rank rank = Rank.of(CATALOG.model(model), ParallelLayout.SINGLE, 0, false, 64);
        assertThat(PagePool.of(rank, CacheFormats.BF16, new CachePaging(16, 8_192, 1, 1), 1))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "google/gemma-3-27b-it, 100000",
        "google/gemma-4-26B-A4B-it, 31",
        "google/gemma-4-26B-A4B-it, 33",
        "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16, 1",
        "Qwen/Qwen3-Next-80B-A3B-Instruct, 5000"
    })
    void whatIsPostedIsThePagesOfAllGroups(String model, long tokens) {
        PagePool pool = pool(model, 1, 16, 8_192, 2);
        TotalLedger ledger = new TotalLedger();
        pool.account(ledger, HeldSequences.apart(3, tokens));
        assertThat(ledger.bytes()).isEqualTo(3 * pool.pagesOf(tokens) * pool.slabBytes());
    }

    /** vLLM on Qwen3.5-35B: 10 layers of 2,048 B a token, 30 states of 2,146,304 B, two pages each: at least 151 MB. */
    @Test
    void theLeastOfARequestIsAPageAndTheStates() {
        Model model = Model.builder(
                        "35B",
                        2_048,
                        new Embedding(64, true),
                        LayerStack.of(
                                new LayerGroup(10, GroupedQuery.of(16, 2, 256), new NoFeedForward(), 1),
                                new LayerGroup(
                                        30,
                                        LinearAttentions.gatedDelta(
                                                2_048, 16, 32, 128, 128, 4, LinearAttentions.Projections.SIX),
                                        new NoFeedForward(),
                                        1)),
                        1 << 20)
                .build();
        PagePool pool = PagePool.of(
                        Rank.of(model, ParallelLayout.SINGLE, 0, false, 1),
                        CacheFormats.BF16,
                        new CachePaging(16, 8_192, 1, 1),
                        2)
                .orElseThrow();
        assertThat(pool.paging().pageTokens()).isEqualTo(1_056);
        assertThat(pool.pageBytes()).isEqualTo(2_162_688);
        assertThat(pool.pagesOf(1)).isEqualTo(1 + 3 * 2);
        assertThat(pool.pagesOf(1) * pool.slabBytes()).isEqualTo(151_388_160);
    }

    /** Rows of a half and of a third of the widest: pages of 32 and 48 tokens, of which neither is a multiple of the other. */
    @Test
    void pagesOfUnlikeLengthsAreRoundedEachByItself() {
        PagePool pool = pool(GroupedQuery.of(12, 6, 64), window(3), window(2));
        assertThat(pool.paging().pageTokens()).isEqualTo(16);
        for (long tokens : new long[] {1, 16, 31, 33, 96, 97, 1_000, 9_999}) {
            long kept = Math.min(tokens, 999 + 100);
            assertThat(pool.pagesOf(tokens)).isEqualTo(up(tokens, 16) + up(kept, 32) + 1 + up(kept, 48) + 1);
        }
    }

    /** A row of two thirds of the widest: its page has 16 tokens too, and a third of it is empty. */
    @Test
    void aRowThatDoesNotDivideTheWidestIsPadded() {
        PagePool pool = pool(GroupedQuery.of(12, 6, 64), window(4));
        assertThat(pool.pageBytes()).isEqualTo(16 * 6 * 2 * 64 * 2);
        assertThat(pool.fewestPageTokens()).isEqualTo(16);
        assertThat(pool.pagesOf(1_000)).isEqualTo(up(1_000, 16) + up(1_000, 16) + 1);
    }

    private static long up(long tokens, long page) {
        return (tokens + page - 1) / page;
    }

    private static Attention window(long keyValueHeads) {
        return new SlidingWindow(GroupedQuery.of(12, keyValueHeads, 64), 1_000);
    }

    private static PagePool pool(Attention... layers) {
        List<LayerGroup> groups = Stream.of(layers)
                .map(attention -> new LayerGroup(2, attention, new NoFeedForward(), 1))
                .toList();
        Model model = Model.builder("unlike", 768, new Embedding(64, true), LayerStack.of(groups), 1 << 20)
                .build();
        Rank rank = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        return PagePool.of(rank, CacheFormats.BF16, new CachePaging(16, 100, 1), 1)
                .orElseThrow();
    }
}
