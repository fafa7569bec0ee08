package io.llmsizing.units;

import java.util.function.LongPredicate;

/** The search for where something ends that holds up to some number and for none behind it. */
public final class Bisection {
    private Bisection() {}

    /**
     * The last number for which something holds.
     *
     * @param least the first that is asked about
     * @param most the last that is asked about, not below the one before the first
     * @param holds what holds for every number before one for which it holds
     * @return the number; the one before the first where it holds for none: of 1 to 100, what squares to 50 or less ends with 7
     */
    public static long last(long least, long most, LongPredicate holds) {
        long holding = least - 1;
        long failing = most + 1;
        while (failing - holding > 1) {
            long middle = holding + (failing - holding) / 2;
            if (holds.test(middle)) {
                holding = middle;
            } else {
                failing = middle;
            }
        }
        return holding;
    }

    /**
     * The same, found in a few steps where a guess is near.
     *
     * @param least the first that is asked about
     * @param most the last that is asked about, not below the first
     * @param guess where to begin; one out of range is taken as the nearest in it
     * @param holds what holds for every number before one for which it holds
     * @return the number; the one before the first where it holds for none
     */
    public static long lastNear(long least, long most, long guess, LongPredicate holds) {
        long holding = least - 1;
        long failing = most + 1;
        long tried = Math.min(Math.max(guess, least), most);
        for (long width = 1; failing - holding > 1; width *= 2) {
            if (holds.test(tried)) {
                holding = tried;
            } else {
                failing = tried;
            }
            if (holding >= least && failing <= most) {
                return last(holding + 1, failing - 1, holds);
            }
            tried = holding >= least ? Math.min(holding + width, most) : Math.max(failing - width, least);
        }
        return holding;
    }
}
