package io.llmsizing.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachePagingTest {
    @ParameterizedTest
    @CsvSource({"1, 77, 77", "16, 0, 0", "16, 1, 1", "16, 16, 1", "16, 17, 2", "64, 163840, 2560", "1, 0, 0"})
    void tokensFillWholePages(long pageTokens, long tokens, long pages) {
        assertThat(new CachePaging(pageTokens, 0, 0).pages(tokens)).isEqualTo(pages);
    }

    @ParameterizedTest
    @CsvSource({
        // page, tokens in flight, window, pages, source
        "1, 0, 4096, 4096, nothing in flight: the window itself",
        "16, 0, 4096, 256, nothing in flight: the window itself",
        "16, 1, 4096, 256, the token in flight is the newest of the window",
        "16, 2, 4096, 257, one beyond the window",
        "16, 8192, 1024, 576, vLLM v1: min(window - 1 + in flight, length)",
        "16, 2496, 1024, 220, vLLM v0.25.1 start log of gemma-4-26B-A4B: 221 with the page of slack"
    })
    void aWindowKeepsWhatIsInFlightBesidesItsOwn(
            long pageTokens, long inFlight, long window, long pages, String source) {
        assertThat(new CachePaging(pageTokens, inFlight, 1).windowPages(window))
                .as(source)
                .isEqualTo(pages);
    }

    @Test
    void noPagingRoundsNothingAndKeepsNoSlack() {
        assertThat(CachePaging.NONE).isEqualTo(new CachePaging(1, 0, 0));
        assertThat(CachePaging.NONE.pages(12_345)).isEqualTo(12_345);
        assertThat(CachePaging.NONE.windowPages(4096)).isEqualTo(4096);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "-1, 0, 0", "1048577, 0, 0", "16, -1, 0", "16, 0, -1"})
    void numbersOutOfRangeAreShown(long pageTokens, long slackTokens, long slackPages) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CachePaging(pageTokens, slackTokens, slackPages))
                .withMessageContaining(
                        "pages of " + pageTokens + " tokens, slack " + slackTokens + " tokens and " + slackPages);
    }

    @Test
    void theEndsOfTheRangesAreTaken() {
        assertThat(new CachePaging(1 << 20, 0, 0).pages(1)).isEqualTo(1);
        assertThat(new CachePaging(1, 0, 0).pages(1)).isEqualTo(1);
    }

    @Test
    void whereWholeSequencesAreKeptNoWindowStopsGrowing() {
        CachePaging whole = new CachePaging(16, 8_192, 1, 1).keepingWhole();
        assertThat(whole.keepsWhole()).isTrue();
        assertThat(whole.windowSlackPages()).isZero();
        assertThat(whole.sparedTaps()).isEqualTo(1);
        Rank rank = Rank.of(Catalog.bundled().model("google/gemma-3-27b-it"), ParallelLayout.SINGLE, 0, false, 64);
        assertThat(KvCacheMemory.windowPages(rank, whole)).isEmpty();
        assertThat(KvCacheMemory.windowPages(rank, new CachePaging(16, 8_192, 1, 1)))
                .containsExactly(576L);
    }
}
