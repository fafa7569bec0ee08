package io.llmsizing;

import static com.google.common.base.Preconditions.checkState;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.Exact;
import java.util.Collections;
import java.util.SortedSet;

/** Asks an engine for the cache of single sequences, and takes apart what it answers. */
final class CacheProbe {
    private final EngineProfile engine;
    private final Serving serving;
    private final CachePaging paging;
    private SortedSet<Long> edges = Collections.emptySortedSet();
    private long leastPages;
    private long[] strides = {};
    private long[] perStride = {};

    CacheProbe(EngineProfile engine, Serving serving, CachePaging paging) {
        this.engine = engine;
        this.serving = serving;
        this.paging = paging;
    }

    /** Behind all windows, a page that takes a row of a stride takes those of its divisors too. */
    void measureStrides() {
        edges = engine.cacheEdges(serving);
        leastPages = engine.leastPages(serving);
        checkState(
                leastPages == 0 || edges.isEmpty(),
                "%s has both least pages and windows of their own, of which a footprint has no form",
                engine);
        strides =
                engine.cacheStrides(serving).stream().mapToLong(Long::longValue).toArray();
        perStride = new long[strides.length];
        if (strides.length == 0) {
            return;
        }
        long lastEdge = edges.isEmpty() ? leastPages : edges.last();
        long period = Exact.commonMultiple(strides);
        long behind = Math.multiplyExact(Exact.ceilDiv(lastEdge, period), period) + (isLeading() ? 1 : 0);
        long plain = cacheOf(behind + 1) - cacheOf(behind);
        for (int i = 0; i < strides.length; i++) {
            long at = behind + strides[i];
            perStride[i] = cacheOf(at) - cacheOf(at - 1) - plain;
            for (int j = 0; j < i; j++) {
                perStride[i] -= strides[i] % strides[j] == 0 ? perStride[j] : 0;
            }
        }
    }

    private boolean isLeading() {
        return paging.rows().sharedPaged();
    }

    /** Pages that the shortest sequence takes. */
    long leastPages() {
        return leastPages;
    }

    CachePaging paging() {
        return paging;
    }

    SortedSet<Long> edges() {
        return edges;
    }

    int strides() {
        return strides.length;
    }

    long stride(int index) {
        return strides[index];
    }

    /** 0 where a row that pages share is taken by the last of them. */
    long lead(int index) {
        return isLeading() ? strides[index] - 1 : 0;
    }

    long perStride(int index) {
        return perStride[index];
    }

    /** Bytes that a page takes behind so many, rows of strides left out. */
    long slope(long pages) {
        return unstrided(pages + 1) - unstrided(pages);
    }

    /** Bytes of so many pages, rows of strides left out. */
    long unstrided(long pages) {
        long bytes = cacheOf(pages);
        for (int i = 0; i < strides.length; i++) {
            bytes -= Math.multiplyExact(perStride[i], (pages + lead(i)) / strides[i]);
        }
        return bytes;
    }

    long cacheOf(long pages) {
        return bytes(HeldSequences.apart(1, pages * paging.pageTokens()));
    }

    /** What a second sequence saves that begins as the first does. */
    long sharedBytes(long tokens) {
        long two = bytes(new HeldSequences(2, tokens, tokens));
        return Math.subtractExact(Math.multiplyExact(2, bytes(HeldSequences.apart(1, tokens))), two);
    }

    private long bytes(HeldSequences held) {
        TotalLedger cache = new TotalLedger();
        engine.accountCache(cache, serving, held);
        return cache.bytes();
    }
}
