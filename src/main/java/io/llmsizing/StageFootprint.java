package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.Exact;
import java.util.SortedSet;

/**
 * The numbers of one pipeline stage: bytes, windows and strides in pages. The cache of a sequence of P pages is
 * perSequence + perPage x P + sum of w x min(P, W) over the windows (a w below 0 is a least that short sequences take too) + sum of s x floor((P + lead) / R) over the strides; the
 * lead is 0 where a row that pages share is taken by the last of them, and R - 1 where by the first.
 */
final class StageFootprint {
    private final long budget;
    private final long leastBudget;
    private final long mostBudget;
    private final long fixed;
    private final long fixedLow;
    private final long fixedHigh;
    private final long perSequence;
    private final long perPage;
    private final long[] windows;
    private final long[] perWindowPage;
    private final long[] strides;
    private final long[] leads;
    private final long[] perStride;

    private StageFootprint(
            Stage stage,
            TotalLedger fixed,
            long perSequence,
            long perPage,
            long[] windows,
            long[] perWindowPage,
            Probe probe) {
        this.budget = stage.budget().budget().bytes();
        this.leastBudget = stage.leastBudget().budget().bytes();
        this.mostBudget = stage.mostBudget().budget().bytes();
        this.fixed = fixed.bytes();
        this.fixedLow = fixed.low();
        this.fixedHigh = fixed.high();
        this.perSequence = perSequence;
        this.perPage = perPage;
        this.windows = windows;
        this.perWindowPage = perWindowPage;
        this.strides = probe.strides;
        this.leads = probe.leads;
        this.perStride = probe.perStride;
    }

    long perSequenceOf(long pages) {
        long bytes = Exact.addCapped(perSequence, Exact.multiplyCapped(perPage, pages));
        for (int i = 0; i < windows.length; i++) {
            long each = perWindowPage[i];
            long kept = Math.min(pages, windows[i]);
            bytes = each >= 0
                    ? Exact.addCapped(bytes, Exact.multiplyCapped(each, kept))
                    : bytes - Exact.multiplyCapped(-each, kept);
        }
        for (int i = 0; i < strides.length; i++) {
            bytes = Exact.addCapped(bytes, Exact.multiplyCapped(perStride[i], (pages + leads[i]) / strides[i]));
        }
        return bytes;
    }

    static StageFootprint compiled(EngineProfile engine, Stage stage, TotalLedger fixed, CachePaging paging) {
        Serving serving = stage.serving();
        SortedSet<Long> edges = engine.cacheEdges(serving);
        Probe probe = new Probe(engine, serving, paging, engine.cacheStrides(serving), edges);
        long[] windows = new long[edges.size()];
        long[] perWindowPage = new long[windows.length];
        long slope = probe.slope(0);
        int i = 0;
        for (long edge : edges) {
            long beyond = probe.slope(edge);
            windows[i] = edge;
            perWindowPage[i] = slope - beyond;
            slope = beyond;
            i++;
        }
        return new StageFootprint(stage, fixed, probe.cacheOf(0), slope, windows, perWindowPage, probe);
    }

    /** Asks the engine for the cache of single sequences, and takes apart what it answers. */
    private static final class Probe {
        private final EngineProfile engine;
        private final Serving serving;
        private final long pageTokens;
        private final boolean leading;
        private final long[] strides;
        private final long[] leads;
        private final long[] perStride;

        Probe(
                EngineProfile engine,
                Serving serving,
                CachePaging paging,
                SortedSet<Long> strides,
                SortedSet<Long> edges) {
            this.engine = engine;
            this.serving = serving;
            this.pageTokens = paging.pageTokens();
            this.leading = paging.rows().sharedPaged();
            this.strides = strides.stream().mapToLong(Long::longValue).toArray();
            this.leads = strides.stream()
                    .mapToLong(stride -> leading ? stride - 1 : 0)
                    .toArray();
            this.perStride = new long[this.strides.length];
            if (this.strides.length > 0) {
                measureStrides(edges.isEmpty() ? 0 : edges.last());
            }
        }

        /** Behind all windows, a page that takes a row of a stride takes those of its divisors too. */
        private void measureStrides(long lastEdge) {
            long period = Exact.commonMultiple(strides);
            long behind = Math.multiplyExact(Exact.ceilDiv(lastEdge, period), period) + (leading ? 1 : 0);
            long plain = cacheOf(behind + 1) - cacheOf(behind);
            for (int i = 0; i < strides.length; i++) {
                long at = behind + strides[i];
                perStride[i] = cacheOf(at) - cacheOf(at - 1) - plain;
                for (int j = 0; j < i; j++) {
                    perStride[i] -= strides[i] % strides[j] == 0 ? perStride[j] : 0;
                }
            }
        }

        long slope(long pages) {
            return unstrided(pages + 1) - unstrided(pages);
        }

        private long unstrided(long pages) {
            long bytes = cacheOf(pages);
            for (int i = 0; i < strides.length; i++) {
                bytes -= Math.multiplyExact(perStride[i], (pages + leads[i]) / strides[i]);
            }
            return bytes;
        }

        long cacheOf(long pages) {
            TotalLedger cache = new TotalLedger();
            engine.accountCache(cache, serving, 1, pages * pageTokens);
            return cache.bytes();
        }
    }

    long budget() {
        return budget;
    }

    long leastBudget() {
        return leastBudget;
    }

    long mostBudget() {
        return mostBudget;
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

    /** Bytes that a page of a long sequence takes, rounded down where several pages share a row. */
    long perPage() {
        if (strides.length == 0) {
            return perPage;
        }
        long period = Exact.commonMultiple(strides);
        long bytes = Math.multiplyExact(perPage, period);
        for (int i = 0; i < strides.length; i++) {
            bytes = Math.addExact(bytes, Math.multiplyExact(perStride[i], period / strides[i]));
        }
        return bytes / period;
    }
}
