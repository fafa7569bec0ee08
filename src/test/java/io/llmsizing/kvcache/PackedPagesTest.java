package io.llmsizing.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed pages of compressed attention, in the layout of vLLM. */
class PackedPagesTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final PackedLayout LAYOUT = new PackedLayout(256, 64, 4, 8, 576, 64, 64);
    private static final long MILLION = 1 << 20;

    private static PagePool pool(Rank rank, long inFlight) {
        return PagePool.packed(rank, new CachePaging(16, inFlight, 1), LAYOUT).orElseThrow();
    }

    private static PagePool pool(String model, ParallelLayout layout, int stage, boolean speculative, long inFlight) {
        return pool(Rank.of(CATALOG.model(model), layout, stage, speculative, 64), inFlight);
    }

    @Test
    void aRowHasItsRotaryPartInSixteenBitsAndScales() {
        assertThat(LAYOUT.rowBytes(512)).isEqualTo(448 + 2 * 64 + 8);
        assertThat(LAYOUT.pageBytes(64, 584)).isEqualTo(37_440);
        assertThat(LAYOUT.pageBytes(64, 132)).isEqualTo(8_640);
        assertThat(LAYOUT.pageBytes(2, 584)).isEqualTo(1_728);
    }

    /** 21 layers of 4 tokens an entry and 20 of 128; all 43 with a window, in two groups; the compressors of each in one. */
    @ParameterizedTest
    @CsvSource({"8192, 7450", "16384, 10778"})
    void aMillionTokensOfV4FlashTakeBlocksOfAllGroups(long inFlight, long blocks) {
        PagePool pool = pool("deepseek-ai/DeepSeek-V4-Flash", ParallelLayout.tensor(8), 0, false, inFlight);
        assertThat(pool.slabBytes()).isEqualTo(1_002_240);
        assertThat(pool.groups()).isEqualTo(5);
        assertThat(pool.pagesOf(MILLION)).isEqualTo(blocks);
        assertThat(pool.pagesIn(1_002_240L * 7 + 1_002_239)).isEqualTo(7);
    }

    @Test
    void v4ProTakesLongerBlocks() {
        PagePool pool = pool("deepseek-ai/DeepSeek-V4-Pro", ParallelLayout.tensor(8), 0, false, 8_192);
        assertThat(pool.slabBytes()).isEqualTo(1_435_968);
        assertThat(pool.pagesOf(MILLION)).isEqualTo(7_450);
    }

    @Test
    void predictionAddsAWindow() {
        PagePool without = pool("deepseek-ai/DeepSeek-V4-Flash", ParallelLayout.SINGLE, 0, false, 8_192);
        PagePool with = pool("deepseek-ai/DeepSeek-V4-Flash", ParallelLayout.SINGLE, 0, true, 8_192);
        assertThat(with.groups()).isEqualTo(without.groups());
        assertThat(with.slabBytes()).isEqualTo(without.slabBytes());
    }

    /** Two stages of 22 and 21 layers: 11 or 10 of each kind of entries. */
    @Test
    void stagesHaveTheGroupsOfTheWholeModelAndPagesOfTheirOwnLayers() {
        ParallelLayout stages = ParallelLayout.SINGLE.pipeline(2);
        long whole = pool("deepseek-ai/DeepSeek-V4-Flash", ParallelLayout.SINGLE, 0, false, 8_192)
                .slabBytes();
        long first =
                pool("deepseek-ai/DeepSeek-V4-Flash", stages, 0, false, 8_192).slabBytes();
        PagePool last = pool("deepseek-ai/DeepSeek-V4-Flash", stages, 1, false, 8_192);
        assertThat(first + last.slabBytes()).isEqualTo(whole);
        assertThat(last.pagesOf(MILLION)).isEqualTo(7_450);
    }

    @Test
    void shortSequencesFillNoWindow() {
        PagePool pool = pool("deepseek-ai/DeepSeek-V4-Flash", ParallelLayout.SINGLE, 0, false, 8_192);
        assertThat(pool.pagesOf(1)).isEqualTo(1 + 2 * 2 + 2 + 2);
        assertThat(pool.pagesOf(65)).isEqualTo(1 + 2 * 3 + (17 + 1) + (9 + 1));
        assertThat(pool.fewestPageTokens()).isEqualTo(4);
    }

    @Test
    void whatIsPostedIsTheSlabsOfAllGroups() {
        PagePool pool = pool("deepseek-ai/DeepSeek-V4-Flash", ParallelLayout.SINGLE, 0, false, 8_192);
        TotalLedger ledger = new TotalLedger();
        pool.account(ledger, HeldSequences.apart(3, 12_345));
        assertThat(ledger.bytes()).isEqualTo(3 * pool.pagesOf(12_345) * 1_002_240);
    }

    /** Windows alone, 3 layers: no page of whole sequences to be rounded up to, one group. */
    @Test
    void windowsAloneAreOneGroup() {
        CompressedAttention window = new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 0, false, 0, 0);
        PagePool pool = pool(rank(new LayerGroup(3, window, new NoFeedForward(), 1)), 8_192);
        assertThat(pool.slabBytes()).isEqualTo(3 * 37_440);
        assertThat(pool.pagesOf(MILLION)).isEqualTo(130 + 1);
    }

    @Test
    void otherLayersAreNotPacked() {
        CompressedAttention window = new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 0, false, 0, 0);
        Rank mixed = rank(
                new LayerGroup(1, window, new NoFeedForward(), 1),
                new LayerGroup(1, GroupedQuery.of(8, 8, 64), new NoFeedForward(), 1));
        assertThat(PagePool.packed(mixed, CachePaging.NONE, LAYOUT)).isEmpty();
    }

    private static Rank rank(LayerGroup... groups) {
        Model model = Model.builder("packed", 4_096, new Embedding(64, true), LayerStack.of(groups), MILLION)
                .build();
        return Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new PackedLayout(256, 64, 0, 8, 576, 64, 64)).hasMessageContaining("size of 0");
        assertThatThrownBy(() -> new PackedLayout(256, 64, 4, 8, 576, -1, 64)).hasMessageContaining("-1 rotary");
    }
}
