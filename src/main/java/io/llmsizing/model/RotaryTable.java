package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * The table of sines and cosines that engines keep for rotary positions, once for each rank.
 *
 * @param positions rows, 1 or more; of several tables of one width those of all together
 * @param width rotary elements of a head, sines and cosines together
 * @param elementBytes 2 in the model's type, 4 where the scaling keeps it in FP32
 */
public record RotaryTable(long positions, long width, long elementBytes) {
    /**
     * Checks the ranges.
     *
     * @param positions as documented above
     * @param width as documented above
     * @param elementBytes as documented above
     * @throws IllegalArgumentException if a number is out of range
     */
    public RotaryTable {
        checkArgument(
                positions >= 1
                        && positions <= 1L << 40
                        && width >= 1
                        && width <= 1 << 20
                        && (elementBytes == 2 || elementBytes == 4),
                "a rotary table of %s x %s elements of %s B",
                positions,
                width,
                elementBytes);
    }
}
