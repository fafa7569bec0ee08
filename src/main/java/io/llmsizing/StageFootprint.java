package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.kvcache.PageStep;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The numbers of one pipeline stage: bytes, and limits and strides in pages of its own. The cache of a sequence of P pages is
 * perSequence + perPage x P + sum of w x floor((min(P, W) + lead) / R) over the parts that grow in steps or stop growing (a w below
 * 0 is a least that short sequences take too). The lead is 0 where what R pages share is taken by the last of them, and R - 1
 * where by the first; W is {@link Long#MAX_VALUE} where a part does not stop.
 */
final class StageFootprint {
    private final long budget;
    private final long leastBudget;
    private final long mostBudget;
    private final long fixed;
    private final long fixedLow;
    private final long fixedHigh;
    private final long pageTokens;
    private final long perSequence;
    private final long perPage;
    private final long[] bytes;
    private final long[] limits;
    private final long[] strides;
    private final long[] leads;

    private StageFootprint(
            Stage stage, TotalLedger fixed, CachePaging paging, long perSequence, long perPage, List<Growth> parts) {
        this.budget = stage.budget().budget().bytes();
        this.leastBudget = stage.leastBudget().budget().bytes();
        this.mostBudget = stage.mostBudget().budget().bytes();
        this.fixed = fixed.bytes();
        this.fixedLow = fixed.low();
        this.fixedHigh = fixed.high();
        this.pageTokens = paging.pageTokens();
        this.perSequence = perSequence;
        this.perPage = perPage;
        int size = parts.size();
        this.bytes = new long[size];
        this.limits = new long[size];
        this.strides = new long[size];
        this.leads = new long[size];
        for (int i = 0; i < size; i++) {
            Growth part = parts.get(i);
            bytes[i] = part.bytes();
            limits[i] = part.limit();
            strides[i] = part.stride();
            leads[i] = part.lead();
        }
    }

    /** A part of the cache that does not grow with every page. */
    private record Growth(long bytes, long limit, long stride, long lead) {}

    /** Bytes of a sequence of some tokens. */
    long perSequenceOf(long tokens) {
        long pages = pageTokens == 1 ? tokens : Exact.ceilDiv(tokens, pageTokens);
        long sum = Exact.addCapped(perSequence, Exact.multiplyCapped(perPage, pages));
        for (int i = 0; i < bytes.length; i++) {
            long kept = Math.min(pages, limits[i]);
            long steps = strides[i] == 1 ? kept : (kept + leads[i]) / strides[i];
            sum = bytes[i] >= 0
                    ? Exact.addCapped(sum, Exact.multiplyCapped(bytes[i], steps))
                    : sum - Exact.multiplyCapped(-bytes[i], steps);
        }
        return sum;
    }

    static StageFootprint compiled(EngineProfile engine, Stage stage, TotalLedger fixed) {
        Serving serving = stage.serving();
        Optional<PagePool> pool = engine.pool(serving);
        return pool.isPresent()
                ? pooled(stage, fixed, pool.orElseThrow())
                : probed(engine, stage, fixed, engine.paging(serving));
    }

    private static StageFootprint pooled(Stage stage, TotalLedger fixed, PagePool pool) {
        List<Growth> parts = new ArrayList<>();
        for (PageStep step : pool.steps()) {
            parts.add(new Growth(step.bytes(), step.limitPages(), step.stridePages(), step.stridePages() - 1));
        }
        return new StageFootprint(stage, fixed, pool.paging(), pool.fixedBytes(), 0, parts);
    }

    private static StageFootprint probed(EngineProfile engine, Stage stage, TotalLedger fixed, CachePaging paging) {
        Serving serving = stage.serving();
        SortedSet<Long> edges = engine.cacheEdges(serving);
        Probe probe = new Probe(engine, serving, paging, engine.cacheStrides(serving), edges);
        List<Growth> parts = new ArrayList<>();
        long slope = probe.slope(0);
        for (long edge : edges) {
            long beyond = probe.slope(edge);
            parts.add(new Growth(slope - beyond, edge, 1, 0));
            slope = beyond;
        }
        for (int i = 0; i < probe.strides.length; i++) {
            parts.add(new Growth(probe.perStride[i], Long.MAX_VALUE, probe.strides[i], probe.leads[i]));
        }
        return new StageFootprint(stage, fixed, paging, probe.cacheOf(0), slope, parts);
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

    /** Tokens of a page. */
    long pageTokens() {
        return pageTokens;
    }

    /** Bytes that a page of a long sequence takes, rounded down where several pages share a row. */
    long perPage() {
        long period = 1;
        for (int i = 0; i < bytes.length; i++) {
            period = limits[i] == Long.MAX_VALUE ? Exact.commonMultiple(period, strides[i]) : period;
        }
        long sum = Math.multiplyExact(perPage, period);
        for (int i = 0; i < bytes.length; i++) {
            if (limits[i] == Long.MAX_VALUE) {
                sum = Math.addExact(sum, Math.multiplyExact(bytes[i], period / strides[i]));
            }
        }
        return sum / period;
    }
}
