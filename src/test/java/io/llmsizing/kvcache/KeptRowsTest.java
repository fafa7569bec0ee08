package io.llmsizing.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.ChunkedLocal;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.CrossAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.NoAttention;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.attention.SharedCache;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each kind of mixer keeps of one sequence, in BF16: a token of 4 heads of 64 is 1,024 B. */
class KeptRowsTest {
    private static final GroupedQuery GROUPED = GroupedQuery.of(16, 4, 64);

    private static Rank rank(Attention attention, ParallelLayout layout) {
        LayerGroup layer = new LayerGroup(1, attention, new NoFeedForward(), 1);
        Model model = Model.builder("one layer", 1_024, new Embedding(64, true), LayerStack.of(layer), 1 << 20)
                .build();
        return Rank.of(model, layout, 0, false, 1);
    }

    private static long bytes(Attention attention, ParallelLayout layout, CachePaging paging, long tokens) {
        TotalLedger total = new TotalLedger();
        KvCacheMemory.account(total, rank(attention, layout), CacheFormats.BF16, paging, 1, tokens);
        return total.bytes();
    }

    private static long bytes(Attention attention, long tokens) {
        return bytes(attention, ParallelLayout.SINGLE, CachePaging.NONE, tokens);
    }

    @Test
    void aChunkIsKeptUntilItIsFull() {
        Attention chunked = new ChunkedLocal(GROUPED, 100);
        assertThat(bytes(chunked, 60)).isEqualTo(60 * 1_024);
        assertThat(bytes(chunked, 1_000)).isEqualTo(100 * 1_024);
    }

    @Test
    void layersWithoutACacheOfTheirOwnKeepNothing() {
        assertThat(bytes(new SharedCache(GROUPED), 1_000)).isZero();
        assertThat(bytes(new Bidirectional(GROUPED), 1_000)).isZero();
        assertThat(bytes(new NoAttention(), 1_000)).isZero();
    }

    @Test
    void everyPassOverTheSameWeightsHasItsCache() {
        assertThat(bytes(new RepeatedAttention(GROUPED, 3), 1_000)).isEqualTo(3 * 1_000 * 1_024);
    }

    @Test
    void anEncodersTokensAreKeptWhateverTheLength() {
        assertThat(bytes(new CrossAttention(GROUPED, 1_500), 0)).isEqualTo(1_500 * 1_024);
        assertThat(bytes(new CrossAttention(GROUPED, 1_500), 9_000)).isEqualTo(1_500 * 1_024);
        assertThat(bytes(new CrossAttention(GROUPED, 0), 9_000)).isEqualTo(9_000 * 1_024);
    }

    @Test
    void anIndexerAddsItsKey() {
        assertThat(bytes(new IndexedAttention(GROUPED, 128, List.of()), 10)).isEqualTo(10 * (1_024 + 256));
    }

    @Test
    void tokensThatShareARowTakeItWhenItIsComplete() {
        Attention compressed = new CompressedAttention(16, 512, 256, 8, 64, 128, 4, true, 0, 0);
        long pending = 2 * 8 * 1_024 * 4;
        assertThat(bytes(compressed, 0)).isEqualTo(pending);
        assertThat(bytes(compressed, 3)).isEqualTo(pending + 3 * 1_024);
        assertThat(bytes(compressed, 4)).isEqualTo(pending + 4 * 1_024 + 1_024);
        assertThat(bytes(compressed, 131)).isEqualTo(pending + 128 * 1_024 + 32 * 1_024);
    }

    @Test
    void aPageHoldsAWholeNumberOfSharedRowsOrTheOtherWayRound() {
        Rank odd = rank(new CompressedAttention(16, 512, 256, 8, 64, 128, 6, false, 0, 0), ParallelLayout.SINGLE);
        assertThatThrownBy(() -> KvCacheMemory.stridePages(odd, new CachePaging(16, 0, 0)))
                .hasMessageContaining("pages of 16 tokens and rows of 6");
        assertThat(KvCacheMemory.stridePages(odd, CachePaging.NONE)).containsExactly(6L);
        assertThat(KvCacheMemory.stridePages(odd, new CachePaging(12, 0, 0))).isEmpty();
        assertThat(KvCacheMemory.stridePages(odd, new CachePaging(3, 0, 0))).containsExactly(2L);
    }

    @Test
    void aStateDoesNotGrowAndIsCutByTheRanks() {
        Attention mamba = StateSpaces.mamba2(
                1_024, 16, 64, 8, 128, 4, Set.of(StateSpaces.Part.CONVOLUTION_BIAS, StateSpaces.Part.NORMS));
        long convolution = (1_024 + 2 * 8 * 128) * 4 * 2;
        long recurrence = 16 * 64 * 128 * 4;
        assertThat(bytes(mamba, 0)).isEqualTo(convolution + recurrence);
        assertThat(bytes(mamba, 100_000)).isEqualTo(convolution + recurrence);
        assertThat(bytes(mamba, ParallelLayout.tensor(4), CachePaging.NONE, 9))
                .isEqualTo((convolution + recurrence) / 4);
        assertThat(bytes(mamba, ParallelLayout.SINGLE, new CachePaging(16, 0, 0, 1), 9))
                .isEqualTo(convolution / 4 * 3 + recurrence);
    }

    @Test
    void mixersSideBySideKeepWhatEachKeeps() {
        Attention mamba = StateSpaces.mamba2(
                1_024, 16, 64, 8, 128, 4, Set.of(StateSpaces.Part.CONVOLUTION_BIAS, StateSpaces.Part.NORMS));
        assertThat(bytes(ParallelMixers.of(GROUPED, mamba), 77)).isEqualTo(bytes(GROUPED, 77) + bytes(mamba, 77));
    }
}
