package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Exact;

/**
 * How an engine rounds the tokens that it caches.
 *
 * @param pageTokens tokens of a page, 1 or more; 1 rounds nothing
 * @param windowSlackTokens tokens that a window keeps beyond its own while a step is in flight, 0 or more
 * @param windowSlackPages pages that a window keeps beyond that, since it may start in the middle of one; 0 or more
 * @param sparedTaps taps of a short convolution that the engine does not keep: 0, or 1 for the newest
 */
public record CachePaging(long pageTokens, long windowSlackTokens, long windowSlackPages, int sparedTaps) {
    /** Every token takes its own bytes and nothing more. */
    public static final CachePaging NONE = new CachePaging(1, 0, 0, 0);

    /**
     * Checks the ranges.
     *
     * @param pageTokens as documented above
     * @param windowSlackTokens as documented above
     * @param windowSlackPages as documented above
     * @param sparedTaps as documented above
     * @throws IllegalArgumentException if a number is out of range
     */
    public CachePaging {
        checkArgument(
                pageTokens >= 1
                        && pageTokens <= 1 << 20
                        && windowSlackTokens >= 0
                        && windowSlackPages >= 0
                        && (sparedTaps == 0 || sparedTaps == 1),
                "pages of %s tokens, slack %s tokens and %s pages, %s taps spared",
                pageTokens,
                windowSlackTokens,
                windowSlackPages,
                sparedTaps);
    }

    /**
     * Pages where convolutions keep all their taps.
     *
     * @param pageTokens tokens of a page
     * @param windowSlackTokens tokens that a window keeps beyond its own
     * @param windowSlackPages pages that a window keeps beyond that
     */
    public CachePaging(long pageTokens, long windowSlackTokens, long windowSlackPages) {
        this(pageTokens, windowSlackTokens, windowSlackPages, 0);
    }

    /**
     * Pages for a sequence that is kept whole.
     *
     * @param tokens of the sequence
     * @return whole pages, rounded up
     */
    public long pages(long tokens) {
        return pageTokens == 1 ? tokens : Exact.ceilDiv(tokens, pageTokens);
    }

    /**
     * The most pages for a sequence of which a window is kept, the pages of slack not counted.
     *
     * @param window tokens attended to
     * @return whole pages
     */
    public long windowPages(long window) {
        return pages(window - (windowSlackTokens > 0 ? 1 : 0) + windowSlackTokens);
    }
}
