package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.kvcache.PageStep;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cache of one sequence on a rank in closed form. For P pages it is perSequence + perPage x P + sum of w x floor((min(P, W) +
 * lead) / R) over the parts that grow in steps or stop growing. The lead is 0 where what R pages share is taken by the last of
 * them, and R - 1 where by the first; W is {@link Long#MAX_VALUE} where a part does not stop. Where an engine has least pages, P
 * is no less than those. Grows with the tokens.
 */
final class CacheForm {
    private final long pageTokens;
    private final long leastPages;
    private final long perSequence;
    private final long perPage;
    private final long[] bytes;
    private final long[] limits;
    private final long[] strides;
    private final long[] leads;
    private final long shared;

    private CacheForm(
            CachePaging paging, long leastPages, long perSequence, long perPage, long shared, List<Growth> parts) {
        this.pageTokens = paging.pageTokens();
        this.leastPages = leastPages;
        this.perSequence = perSequence;
        this.perPage = perPage;
        this.shared = shared;
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

    /** The form of what an engine caches, made by probing the accounting that explains it. */
    static CacheForm of(EngineProfile engine, Serving serving, long prefixTokens) {
        Optional<PagePool> pool = engine.pool(serving);
        CachePaging paging = pool.map(PagePool::paging).orElseGet(() -> engine.paging(serving));
        CacheProbe probe = new CacheProbe(engine, serving, paging);
        long shared = prefixTokens == 0 ? 0 : probe.sharedBytes(prefixTokens);
        return pool.isPresent() ? pooled(pool.orElseThrow(), shared) : probed(probe, shared);
    }

    private static CacheForm pooled(PagePool pool, long shared) {
        List<Growth> parts = new ArrayList<>();
        for (PageStep step : pool.steps()) {
            parts.add(new Growth(step.bytes(), step.limitPages(), step.stridePages(), step.stridePages() - 1));
        }
        return new CacheForm(pool.paging(), 0, pool.fixedBytes(), 0, shared, parts);
    }

    private static CacheForm probed(CacheProbe probe, long shared) {
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
        return new CacheForm(probe.paging(), least, perSequence, slope, shared, parts);
    }

    /** Tokens of a page. */
    long pageTokens() {
        return pageTokens;
    }

    /** What a further sequence saves of the workload's prefix. */
    long shared() {
        return shared;
    }

    /** Bytes of a sequence of some tokens, at most 2^63 - 1. */
    long bytesOf(long tokens) {
        return bytesOfPages(pageTokens == 1 ? tokens : Exact.ceilDiv(tokens, pageTokens));
    }

    private long bytesOfPages(long asked) {
        long pages = Math.max(leastPages, asked);
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

    /** The most tokens, up to some, of a sequence whose bytes are no more than so many, which those of one token are. */
    long longest(long room, long most) {
        if (bytesOf(most) <= room) {
            return most;
        }
        long fitting = 0;
        long failing = Exact.ceilDiv(most, pageTokens);
        if (bytes.length == 0) {
            fitting = (room - perSequence) / perPage;
        } else {
            while (failing - fitting > 1) {
                long middle = fitting + (failing - fitting) / 2;
                if (bytesOfPages(middle) <= room) {
                    fitting = middle;
                } else {
                    failing = middle;
                }
            }
        }
        return fitting * pageTokens;
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
