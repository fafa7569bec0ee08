package io.llmsizing;

import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.Exact;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one pipeline stage: what its fullest rank holds whatever it serves, within what, and the form of its cache. Each
 * sequence but the first takes less by what all share. What a draft caches has a form of its own.
 */
final class StageFootprint {
    private final long budget;
    private final long leastBudget;
    private final long mostBudget;
    private final long fixed;
    private final long fixedLow;
    private final long fixedHigh;
    private final boolean startsForSure;
    private final boolean neverStarts;
    private final CacheForm cache;
    private final @Nullable CacheForm draft;
    private final long shared;

    /**
     * A stage.
     *
     * @param budgets what its rank may use
     * @param fixed what it holds whatever it serves
     * @param cache of a sequence
     * @param draft what a draft model caches of a sequence; null where none drafts
     */
    StageFootprint(StageBudgets budgets, TotalLedger fixed, CacheForm cache, @Nullable CacheForm draft) {
        this(budgets, fixed.bytes(), fixed.low(), fixed.high(), cache, draft);
    }

    private StageFootprint(
            StageBudgets budgets,
            long fixed,
            long fixedLow,
            long fixedHigh,
            CacheForm cache,
            @Nullable CacheForm draft) {
        this.budget = budgets.stated().budget().bytes();
        this.leastBudget = budgets.least().budget().bytes();
        this.mostBudget = budgets.most().budget().bytes();
        this.startsForSure = budgets.startsForSure();
        this.neverStarts = budgets.neverStarts();
        this.fixed = fixed;
        this.fixedLow = fixedLow;
        this.fixedHigh = fixedHigh;
        this.cache = cache;
        this.draft = draft;
        this.shared = draft == null ? cache.shared() : Math.addExact(cache.shared(), draft.shared());
    }

    /** The same needs within other budgets. */
    StageFootprint within(StageBudgets other) {
        return new StageFootprint(other, fixed, fixedLow, fixedHigh, cache, draft);
    }

    /** The same with another cache, and no draft. */
    StageFootprint caching(StageBudgets own, CacheForm other) {
        return new StageFootprint(own, fixed, fixedLow, fixedHigh, other, null);
    }

    long fixedLow() {
        return fixedLow;
    }

    long fixedHigh() {
        return fixedHigh;
    }

    boolean startsForSure() {
        return startsForSure;
    }

    boolean neverStarts() {
        return neverStarts;
    }

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

    /** The most tokens, up to some, of sequences that fit for sure on a rank; 0 where not even one token does. */
    long longest(long held, long most) {
        if (fits(most, held)) {
            return most;
        }
        long free = leastBudget - fixedHigh;
        long each = held == 1 ? free : shared + Math.floorDiv(free - shared, held);
        if (draft == null) {
            return cache.longest(each, most);
        }
        long fitting = 0;
        long failing = most;
        while (failing - fitting > 1) {
            long middle = fitting + (failing - fitting) / 2;
            if (perSequenceOf(middle) <= each) {
                fitting = middle;
            } else {
                failing = middle;
            }
        }
        return fitting;
    }

    /** Bytes of a sequence of some tokens. */
    private long perSequenceOf(long tokens) {
        return draft == null ? cache.bytesOf(tokens) : Exact.addCapped(cache.bytesOf(tokens), draft.bytesOf(tokens));
    }

    long budget() {
        return budget;
    }

    long fixed() {
        return fixed;
    }

    /** Tokens of a page. */
    long pageTokens() {
        return cache.pageTokens();
    }

    /** Bytes that a page of a long sequence takes, rounded down where several pages share a row. */
    long perPage() {
        return draft == null
                ? cache.perPage()
                : Math.addExact(
                        cache.perPage(), Math.multiplyExact(draft.perPage(), cache.pageTokens()) / draft.pageTokens());
    }
}
