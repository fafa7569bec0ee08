package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.kvcache.PageStep;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one pipeline stage: bytes, and limits and strides in pages of its own. The cache of a sequence of P pages is
 * perSequence + perPage x P + sum of w x floor((min(P, W) + lead) / R) over the parts that grow in steps or stop growing. The lead
 * is 0 where what R pages share is taken by the last of them, and R - 1 where by the first; W is {@link Long#MAX_VALUE} where a
 * part does not stop. Where an engine has least pages, P is no less than those. Each sequence but the first takes less by what
 * all share. What a draft caches is a sum of the same form, in pages of its own.
 */
final class StageFootprint {
    private final long budget;
    private final long leastBudget;
    private final long mostBudget;
    private final long fixed;
    private final long fixedLow;
    private final long fixedHigh;
    private final long pageTokens;
    private final long leastPages;
    private final long perSequence;
    private final long perPage;
    private final long[] bytes;
    private final long[] limits;
    private final long[] strides;
    private final long[] leads;
    private final long shared;
    private final @Nullable StageFootprint draft;

    private StageFootprint(
            Stage stage,
            TotalLedger fixed,
            CachePaging paging,
            long leastPages,
            long perSequence,
            long perPage,
            long shared,
            List<Growth> parts,
            @Nullable StageFootprint draft) {
        this.budget = stage.budget().budget().bytes();
        this.leastBudget = stage.leastBudget().budget().bytes();
        this.mostBudget = stage.mostBudget().budget().bytes();
        this.fixed = fixed.bytes();
        this.fixedLow = fixed.low();
        this.fixedHigh = fixed.high();
        this.pageTokens = paging.pageTokens();
        this.leastPages = leastPages;
        this.perSequence = perSequence;
        this.perPage = perPage;
        this.shared = draft == null ? shared : Math.addExact(shared, draft.shared);
        this.draft = draft;
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

    private StageFootprint(StageFootprint needs, MemoryBudget budget, MemoryBudget least, MemoryBudget most) {
        this.budget = budget.budget().bytes();
        this.leastBudget = least.budget().bytes();
        this.mostBudget = most.budget().bytes();
        this.fixed = needs.fixed;
        this.fixedLow = needs.fixedLow;
        this.fixedHigh = needs.fixedHigh;
        this.pageTokens = needs.pageTokens;
        this.leastPages = needs.leastPages;
        this.perSequence = needs.perSequence;
        this.perPage = needs.perPage;
        this.shared = needs.shared;
        this.draft = needs.draft;
        this.bytes = needs.bytes;
        this.limits = needs.limits;
        this.strides = needs.strides;
        this.leads = needs.leads;
    }

    /** The same needs within other budgets. */
    StageFootprint within(MemoryBudget stated, MemoryBudget least, MemoryBudget most) {
        return new StageFootprint(this, stated, least, most);
    }

    long fixedLow() {
        return fixedLow;
    }

    long fixedHigh() {
        return fixedHigh;
    }

    /** A part of the cache that does not grow with every page. */
    private record Growth(long bytes, long limit, long stride, long lead) {}

    /** The cache of sequences of so many tokens on a rank, what they share counted once. */
    long cacheOf(long tokens, long held) {
        if (held <= 1) {
            return held == 0 ? 0 : perSequenceOf(tokens);
        }
        long each = perSequenceOf(tokens);
        return each == Long.MAX_VALUE ? each : Exact.addCapped(shared, Exact.multiplyCapped(each - shared, held));
    }

    long highBytes(long tokens, long held) {
        return Exact.addCapped(fixedHigh, cacheOf(tokens, held));
    }

    long lowBytes(long tokens, long held) {
        return Exact.addCapped(fixedLow, cacheOf(tokens, held));
    }

    boolean fits(long tokens, long held) {
        return highBytes(tokens, held) <= leastBudget;
    }

    boolean neverFits(long tokens, long held) {
        return lowBytes(tokens, held) > mostBudget;
    }

    /** What is left for sure, negative where it may not fit. */
    long headroom(long tokens, long held) {
        return leastBudget - highBytes(tokens, held);
    }

    /** What is left if every band is taken at its better end. */
    long bestHeadroom(long tokens, long held) {
        return mostBudget - lowBytes(tokens, held);
    }

    /** The most sequences of so many tokens that fit for sure on a rank; 2^63 - 1 for no bound. */
    long mostHeld(long tokens) {
        long each = perSequenceOf(tokens);
        long free = leastBudget - fixedHigh;
        if (free < each) {
            return 0;
        }
        return each == shared ? Long.MAX_VALUE : (free - shared) / (each - shared);
    }

    /** Bytes of a sequence of some tokens. */
    private long perSequenceOf(long tokens) {
        return draft == null ? ownOf(tokens) : Exact.addCapped(ownOf(tokens), draft.ownOf(tokens));
    }

    private long ownOf(long tokens) {
        long pages = Math.max(leastPages, pageTokens == 1 ? tokens : Exact.ceilDiv(tokens, pageTokens));
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

    static StageFootprint compiled(EngineProfile engine, Stage stage, TotalLedger fixed, long prefixTokens) {
        @Nullable
        StageFootprint draft = stage.draft()
                .map(drafting -> compiled(engine, stage, drafting, new TotalLedger(), prefixTokens, null))
                .orElse(null);
        return compiled(engine, stage, stage.serving(), fixed, prefixTokens, draft);
    }

    private static StageFootprint compiled(
            EngineProfile engine,
            Stage stage,
            Serving serving,
            TotalLedger fixed,
            long prefixTokens,
            @Nullable StageFootprint draft) {
        Optional<PagePool> pool = engine.pool(serving);
        CachePaging paging = pool.map(PagePool::paging).orElseGet(() -> engine.paging(serving));
        CacheProbe probe = new CacheProbe(engine, serving, paging);
        long shared = prefixTokens == 0 ? 0 : probe.sharedBytes(prefixTokens);
        return pool.isPresent()
                ? pooled(stage, fixed, pool.orElseThrow(), shared, draft)
                : probed(stage, fixed, probe, shared, draft);
    }

    private static StageFootprint pooled(
            Stage stage, TotalLedger fixed, PagePool pool, long shared, @Nullable StageFootprint draft) {
        List<Growth> parts = new ArrayList<>();
        for (PageStep step : pool.steps()) {
            parts.add(new Growth(step.bytes(), step.limitPages(), step.stridePages(), step.stridePages() - 1));
        }
        return new StageFootprint(stage, fixed, pool.paging(), 0, pool.fixedBytes(), 0, shared, parts, draft);
    }

    private static StageFootprint probed(
            Stage stage, TotalLedger fixed, CacheProbe probe, long shared, @Nullable StageFootprint draft) {
        probe.measureStrides();
        List<Growth> parts = new ArrayList<>();
        long least = probe.leastPages();
        long slope = probe.slope(least);
        long perSequence = Math.subtractExact(probe.unstrided(least), Math.multiplyExact(slope, least));
        for (long edge : probe.edges()) {
            long beyond = probe.slope(edge);
            parts.add(new Growth(slope - beyond, edge, 1, 0));
            slope = beyond;
        }
        for (int i = 0; i < probe.strides(); i++) {
            parts.add(new Growth(probe.perStride(i), Long.MAX_VALUE, probe.stride(i), probe.lead(i)));
        }
        return new StageFootprint(stage, fixed, probe.paging(), least, perSequence, slope, shared, parts, draft);
    }

    long budget() {
        return budget;
    }

    long fixed() {
        return fixed;
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
        long own = sum / period;
        return draft == null
                ? own
                : Math.addExact(own, Math.multiplyExact(draft.perPage(), pageTokens) / draft.pageTokens);
    }
}
