package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.Exact;
import java.util.SortedSet;

/** The numbers of one pipeline stage. Bytes; windows in pages. */
final class StageFootprint {
    private final long fixed;
    private final long fixedLow;
    private final long fixedHigh;
    private final long perSequence;
    private final long perPage;
    private final long[] windows;
    private final long[] perWindowPage;

    private StageFootprint(TotalLedger fixed, long perSequence, long perPage, long[] windows, long[] perWindowPage) {
        this.fixed = fixed.bytes();
        this.fixedLow = fixed.low();
        this.fixedHigh = fixed.high();
        this.perSequence = perSequence;
        this.perPage = perPage;
        this.windows = windows;
        this.perWindowPage = perWindowPage;
    }

    long perSequenceOf(long pages) {
        long bytes = Exact.addCapped(perSequence, Exact.multiplyCapped(perPage, pages));
        for (int i = 0; i < windows.length; i++) {
            bytes = Exact.addCapped(bytes, Exact.multiplyCapped(perWindowPage[i], Math.min(pages, windows[i])));
        }
        return bytes;
    }

    static StageFootprint compiled(EngineProfile engine, Serving serving, CachePaging paging) {
        TotalLedger fixed = new TotalLedger();
        engine.accountFixed(fixed, serving);
        SortedSet<Long> edges = engine.cacheEdges(serving);
        long[] windows = new long[edges.size()];
        long[] perWindowPage = new long[windows.length];
        long slope = slope(engine, serving, paging, 0);
        int i = 0;
        for (long edge : edges) {
            long beyond = slope(engine, serving, paging, edge);
            windows[i] = edge;
            perWindowPage[i] = slope - beyond;
            slope = beyond;
            i++;
        }
        return new StageFootprint(fixed, cacheOf(engine, serving, 0), slope, windows, perWindowPage);
    }

    private static long slope(EngineProfile engine, Serving serving, CachePaging paging, long pages) {
        long page = paging.pageTokens();
        return cacheOf(engine, serving, (pages + 1) * page) - cacheOf(engine, serving, pages * page);
    }

    private static long cacheOf(EngineProfile engine, Serving serving, long tokens) {
        TotalLedger cache = new TotalLedger();
        engine.accountCache(cache, serving, 1, tokens);
        return cache.bytes();
    }

    long fixed() {
        return fixed;
    }

    long fixedLow() {
        return fixedLow;
    }

    long fixedHigh() {
        return fixedHigh;
    }

    long perPage() {
        return perPage;
    }
}
