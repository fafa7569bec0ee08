package io.llmsizing.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.PublishedModels;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class KvCacheMemoryProperties {
    @Provide
    Arbitrary<Model> models() {
        return Arbitraries.of(
                PublishedModels.LLAMA_3_1_8B,
                PublishedModels.GEMMA_2_9B,
                PublishedModels.DEEPSEEK_V3,
                PublishedModels.QWEN3_30B_A3B);
    }

    @Provide
    Arbitrary<CacheFormat> formats() {
        return Arbitraries.of("bf16", "fp8", "q8_0", "q4_0", "nvfp4", "fp8_per_token_head")
                .map(CacheFormats::named);
    }

    @Provide
    Arbitrary<CachePaging> pagings() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 256),
                        Arbitraries.longs().between(0, 16_384),
                        Arbitraries.longs().between(0, 2))
                .as(CachePaging::new)
                .edgeCases(EdgeCases.Config::none);
    }

    private static long bytes(Rank rank, CacheFormat format, CachePaging paging, long sequences, long tokens) {
        TotalLedger total = new TotalLedger();
        KvCacheMemory.account(total, rank, format, paging, sequences, tokens);
        return total.bytes();
    }

    private static Rank rank(Model model, int tensor) {
        return Rank.of(model, ParallelLayout.tensor(tensor), 0, true, 64);
    }

    @Property
    void longerSequencesAndMoreOfThemNeverTakeLess(
            @ForAll("models") Model model,
            @ForAll("formats") CacheFormat format,
            @ForAll("pagings") CachePaging paging,
            @ForAll @LongRange(min = 0, max = 1 << 20) long tokens,
            @ForAll @LongRange(min = 0, max = 1 << 12) long sequences) {
        long bytes = bytes(rank(model, 1), format, paging, sequences, tokens);
        assertThat(bytes(rank(model, 1), format, paging, sequences, tokens + 1)).isGreaterThanOrEqualTo(bytes);
        assertThat(bytes(rank(model, 1), format, paging, sequences + 1, tokens)).isGreaterThanOrEqualTo(bytes);
    }

    @Property
    void theCacheIsThatOfOneSequenceTimesTheSequences(
            @ForAll("models") Model model,
            @ForAll("formats") CacheFormat format,
            @ForAll("pagings") CachePaging paging,
            @ForAll @LongRange(min = 0, max = 1 << 20) long tokens,
            @ForAll @LongRange(min = 0, max = 1 << 12) long sequences) {
        assertThat(bytes(rank(model, 2), format, paging, sequences, tokens))
                .isEqualTo(sequences * bytes(rank(model, 2), format, paging, 1, tokens));
    }

    @Property
    void pagingTakesMoreThanTheTokensAndLessThanAPageMoreInEveryLayer(
            @ForAll("formats") CacheFormat format,
            @ForAll @LongRange(min = 1, max = 256) long pageTokens,
            @ForAll @LongRange(min = 1, max = 1 << 20) long tokens) {
        Rank llama = rank(PublishedModels.LLAMA_3_1_8B, 1);
        long exact = bytes(llama, format, CachePaging.NONE, 1, tokens);
        long paged = bytes(llama, format, new CachePaging(pageTokens, 0, 0), 1, tokens);
        long perToken = bytes(llama, format, CachePaging.NONE, 1, 1);
        assertThat(paged - exact).isBetween(0L, (pageTokens - 1) * perToken);
        assertThat(paged % (pageTokens * perToken)).isZero();
    }

    @Property
    void theTensorRanksTogetherCacheAtLeastTheWholeAndEachAtMostTheWhole(
            @ForAll("models") Model model,
            @ForAll("formats") CacheFormat format,
            @ForAll("pagings") CachePaging paging,
            @ForAll @IntRange(min = 1, max = 16) int tensor,
            @ForAll @LongRange(min = 1, max = 1 << 20) long tokens) {
        long whole = bytes(rank(model, 1), format, paging, 1, tokens);
        long onRank = bytes(rank(model, tensor), format, paging, 1, tokens);
        assertThat(onRank).isLessThanOrEqualTo(whole);
        assertThat(onRank * tensor).isGreaterThanOrEqualTo(whole);
    }

    @Property
    void theStagesTogetherCacheTheWhole(
            @ForAll("models") Model model,
            @ForAll("pagings") CachePaging paging,
            @ForAll @IntRange(min = 1, max = 32) int stages,
            @ForAll @LongRange(min = 1, max = 1 << 20) long tokens) {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(stages);
        long sum = IntStream.range(0, stages)
                .mapToLong(
                        stage -> bytes(Rank.of(model, layout, stage, true, 64), CacheFormats.BF16, paging, 1, tokens))
                .sum();
        assertThat(sum).isEqualTo(bytes(rank(model, 1), CacheFormats.BF16, paging, 1, tokens));
    }

    @Property
    void beyondItsLargestWindowPagesAWindowedLayerStopsGrowing(
            @ForAll("pagings") CachePaging paging, @ForAll @LongRange(min = 0, max = 1000) long morePages) {
        Rank gemma = rank(PublishedModels.GEMMA_2_9B, 1);
        long last = KvCacheMemory.windowPages(gemma, paging).last();
        long page = paging.pageTokens();
        long full = 21 * 8192L * page;
        long at = bytes(gemma, CacheFormats.BF16, paging, 1, last * page);
        assertThat(bytes(gemma, CacheFormats.BF16, paging, 1, (last + morePages) * page) - at)
                .isEqualTo(morePages * full);
        assertThat(at - bytes(gemma, CacheFormats.BF16, paging, 1, (last - 1) * page))
                .isEqualTo(2 * full);
    }
}
