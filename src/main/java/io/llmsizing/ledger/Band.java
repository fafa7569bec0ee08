package io.llmsizing.ledger;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Ratio;

/**
 * How far the truth may lie from a line's bytes.
 *
 * @param low the smallest believable share of the stated bytes, at most 1
 * @param high the largest believable share, at least 1
 */
public record Band(Ratio low, Ratio high) {
    /** No doubt at all. */
    public static final Band EXACT = new Band(Ratio.ONE, Ratio.ONE);

    /**
     * Checks that the band holds the stated value.
     *
     * @param low as documented above
     * @param high as documented above
     * @throws IllegalArgumentException if low is above 1 or high below
     */
    public Band {
        checkArgument(
                low.numerator() <= low.denominator() && high.numerator() >= high.denominator(),
                "a band from %s to %s does not hold 1",
                low,
                high);
    }

    /**
     * The lower end.
     *
     * @param bytes stated
     * @return the floor of the low share
     */
    public long lowOf(long bytes) {
        return low.floorOf(bytes);
    }

    /**
     * The upper end.
     *
     * @param bytes stated
     * @return the ceiling of the high share
     */
    public long highOf(long bytes) {
        return high.ceilOf(bytes);
    }
}
