package io.llmsizing.kvcache;

import io.llmsizing.units.Exact;

/**
 * Layers whose pages are found by one table: what they keep of a sequence is cut into pages together, and a page of each of
 * them takes one slab of the pool.
 *
 * @param label for people, the mechanism of the layers
 * @param detail for people, what of it is kept; may be empty
 * @param groups groups that are alike, 1 or more
 * @param pageTokens tokens of a page, 1 or more
 * @param limitTokens the most tokens that are cut into pages: 0 of a state, {@link #ALL} of a whole sequence
 * @param fixedPages pages beside these, whatever the length: those of a state, or that in which a window begins
 */
record PageGroup(String label, String detail, long groups, long pageTokens, long limitTokens, long fixedPages) {
    /** A whole sequence is kept. */
    static final long ALL = Long.MAX_VALUE;

    /** A state of some pages. */
    static PageGroup state(String label, long groups, long pageTokens, long pages) {
        return new PageGroup(label, "states", groups, pageTokens, 0, pages);
    }

    /** Pages of a window and of what is in flight beside it. */
    static PageGroup window(
            String label, String detail, long groups, long pageTokens, long window, CachePaging paging) {
        return new PageGroup(label, detail, groups, pageTokens, paging.windowTokens(window), paging.windowSlackPages());
    }

    /** Pages of a whole sequence. */
    static PageGroup whole(String label, String detail, long groups, long pageTokens) {
        return new PageGroup(label, detail, groups, pageTokens, ALL, 0);
    }

    boolean isWhole() {
        return limitTokens == ALL;
    }

    /** Units at which it stops growing; that is the limit in units of fewer tokens, one of which a page holds several. */
    long limitUnits(long unitTokens) {
        return isWhole() ? ALL : Exact.ceilDiv(limitTokens, unitTokens);
    }

    /** Pages of a sequence of some units, all groups but one left out. */
    long pagesOf(long units, long unitTokens) {
        long kept = Math.min(units, limitUnits(unitTokens));
        return Math.addExact(Exact.ceilDiv(kept, pageTokens / unitTokens), fixedPages);
    }
}
