package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.attention.RecurrentState;
import io.llmsizing.units.Exact;

/**
 * How an engine rounds the tokens that it caches.
 *
 * @param pageTokens tokens of a page, 1 or more; 1 rounds nothing
 * @param windowSlackTokens tokens that a window keeps beyond its own while a step is in flight, 0 or more
 * @param windowSlackPages pages that a window keeps beyond that, since it may start in the middle of one; 0 or more
 * @param sparedTaps taps of a short convolution that the engine does not keep: 1 for the newest, 0 for none; below 0 the inputs
 *     that it keeps beyond the kernel's, one for each drafted token
 * @param rows how the engine lays out what is no plain row of one head for each token
 */
public record CachePaging(long pageTokens, long windowSlackTokens, long windowSlackPages, int sparedTaps, Rows rows) {
    /**
     * How rows and states are laid out.
     *
     * @param headsJoined whether the heads of a token are stored as one vector, so that blocks run on across heads
     * @param sharedPaged whether rows that several tokens share come in pages of their own, as many rows as a page has tokens
     * @param indexValues whether an indexer beside heads of keys and values keeps a value with each of its keys
     * @param stateBytes bytes of an element of every state, 0 where each state has its own
     * @param scaledIndex whether the keys of an indexer beside a latent are kept in FP8 with an FP32 scale for each 128
     *     elements whatever the format of the cache, and where the cache has FP8 the latents of all layers of such a model
     *     too, their rotary part in 16 bits
     * @param ranks over which the tokens of a page are spread, each keeping as many of them; 1 where each rank keeps all
     */
    public record Rows(
            boolean headsJoined,
            boolean sharedPaged,
            boolean indexValues,
            long stateBytes,
            boolean scaledIndex,
            long ranks) {
        /** Each head by itself, rows that tokens share only when they are complete, states in their own type. */
        public static final Rows PLAIN = new Rows(false, false, false, 0);

        /**
         * Checks the range.
         *
         * @param headsJoined as documented above
         * @param sharedPaged as documented above
         * @param indexValues as documented above
         * @param stateBytes as documented above
         * @param scaledIndex as documented above
         * @param ranks as documented above
         * @throws IllegalArgumentException if states have other than 0, 2 or 4 bytes an element
         */
        public Rows {
            checkArgument(
                    stateBytes == 0 || stateBytes == 2 || stateBytes == 4,
                    "states of %s bytes an element; 2 or 4, or 0 for their own",
                    stateBytes);
            checkArgument(ranks >= 1, "tokens spread over %s ranks; 1 or more", ranks);
        }

        /**
         * Rows whose indexers keep their keys in the format of the cache.
         *
         * @param headsJoined as documented above
         * @param sharedPaged as documented above
         * @param indexValues as documented above
         * @param stateBytes as documented above
         */
        public Rows(boolean headsJoined, boolean sharedPaged, boolean indexValues, long stateBytes) {
            this(headsJoined, sharedPaged, indexValues, stateBytes, false, 1);
        }
    }

    /**
     * The same pages on each of several ranks that share a sequence: a page of 16 tokens holds 64 of a sequence that is spread
     * over 4.
     *
     * @param ranks that share it, 1 or more
     * @return pages of as many times the tokens, of which a rank keeps its part
     */
    public CachePaging spreadOver(long ranks) {
        Rows spread = new Rows(
                rows.headsJoined(),
                rows.sharedPaged(),
                rows.indexValues(),
                rows.stateBytes(),
                rows.scaledIndex(),
                Math.multiplyExact(rows.ranks(), ranks));
        return new CachePaging(
                Math.multiplyExact(pageTokens, ranks), windowSlackTokens, windowSlackPages, sparedTaps, spread);
    }

    /** Tokens that no sequence reaches. */
    private static final long LONGEST = 1L << 40;

    private static final int MOST_DRAFTED = 1 << 20;

    /** Every token takes its own bytes and nothing more. */
    public static final CachePaging NONE = new CachePaging(1, 0, 0, 0, Rows.PLAIN);

    /**
     * Checks the ranges.
     *
     * @param pageTokens as documented above
     * @param windowSlackTokens as documented above
     * @param windowSlackPages as documented above
     * @param sparedTaps as documented above
     * @param rows as documented above
     * @throws IllegalArgumentException if a number is out of range
     */
    public CachePaging {
        checkArgument(
                pageTokens >= 1
                        && pageTokens <= 1 << 20
                        && windowSlackTokens >= 0
                        && windowSlackPages >= 0
                        && sparedTaps <= 1
                        && sparedTaps >= -MOST_DRAFTED,
                "pages of %s tokens, slack %s tokens and %s pages, %s taps spared",
                pageTokens,
                windowSlackTokens,
                windowSlackPages,
                sparedTaps);
        checkArgument(
                pageTokens % rows.ranks() == 0,
                "pages of %s tokens spread over %s ranks; they must divide",
                pageTokens,
                rows.ranks());
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
     * Pages of plain rows.
     *
     * @param pageTokens tokens of a page
     * @param windowSlackTokens tokens that a window keeps beyond its own
     * @param windowSlackPages pages that a window keeps beyond that
     * @param sparedTaps taps of a short convolution that the engine does not keep
     */
    public CachePaging(long pageTokens, long windowSlackTokens, long windowSlackPages, int sparedTaps) {
        this(pageTokens, windowSlackTokens, windowSlackPages, sparedTaps, Rows.PLAIN);
    }

    /**
     * Pages of an engine that keeps sequences whole where a window would do.
     *
     * @param pageTokens tokens of a page
     * @return the pages
     */
    public static CachePaging wholeSequences(long pageTokens) {
        return new CachePaging(pageTokens, LONGEST, 0);
    }

    /**
     * The same where windows save nothing: every layer keeps whole sequences.
     *
     * @return the changed pages
     */
    public CachePaging keepingWhole() {
        return new CachePaging(pageTokens, LONGEST, 0, sparedTaps, rows);
    }

    /**
     * Whether windows save nothing.
     *
     * @return whether every layer keeps whole sequences
     */
    public boolean keepsWhole() {
        return windowSlackTokens >= LONGEST;
    }

    /**
     * The same with pages of another length.
     *
     * @param tokens of a page
     * @return the changed pages
     */
    public CachePaging pagesOf(long tokens) {
        return new CachePaging(tokens, windowSlackTokens, windowSlackPages, sparedTaps, rows);
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
        return pages(windowTokens(window));
    }

    /**
     * The most tokens that are kept of a sequence of which a window is kept.
     *
     * @param window tokens attended to
     * @return the window, or, with tokens in flight, these and the window without the newest token
     */
    public long windowTokens(long window) {
        return window - (windowSlackTokens > 0 ? 1 : 0) + windowSlackTokens;
    }

    private long rowsOfPage() {
        return pageTokens / rows.ranks();
    }

    /**
     * Elements of a channel that the engine keeps of a state.
     *
     * @param state the state
     * @return all, or of a short convolution fewer by the taps that are spared
     */
    public long columnsOf(RecurrentState state) {
        return state.columns() - (state.convolution() ? sparedTaps : 0);
    }

    /**
     * Rows that are complete in the whole pages of some tokens, so that several sequences that begin with these can hold
     * them together.
     *
     * @param tokens 0 or more
     * @param stride tokens that share a row, 1 or more
     * @return rows: of 1,000 tokens in pages of 16 there are 992, none of the last page, which is not full
     */
    public long wholeRowsOf(long tokens, long stride) {
        long pages = tokens / pageTokens;
        return stride > 1 && rows.sharedPaged()
                ? Math.multiplyExact(pages / stride, rowsOfPage())
                : Math.multiplyExact(pages, rowsOfPage()) / stride;
    }

    /**
     * Rows of some pages of tokens.
     *
     * @param pages of tokens
     * @param stride tokens that share a row, 1 or more
     * @return rows: of 5 pages of 256 tokens in rows of 4 there are 320, or 512 where such rows have pages of their own
     */
    public long rowsOf(long pages, long stride) {
        return stride > 1 && rows.sharedPaged()
                ? Math.multiplyExact(Exact.ceilDiv(pages, stride), rowsOfPage())
                : Math.multiplyExact(pages, rowsOfPage()) / stride;
    }
}
