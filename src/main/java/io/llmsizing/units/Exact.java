package io.llmsizing.units;

/**
 * Integer arithmetic that never loses a byte: every rounding has a name, every overflow is an error.
 *
 * <p>Java 17 has no {@code Math.ceilDiv}; the policy is in the method's name.
 */
public final class Exact {
    private Exact() {}

    /**
     * Divides and rounds up.
     *
     * @param dividend what is divided, not negative
     * @param divisor by what, positive
     * @return the smallest whole number not below the quotient: {@code ceilDiv(576, 128)} is 5
     */
    public static long ceilDiv(long dividend, long divisor) {
        if (divisor >= dividend) {
            return dividend == 0 ? 0 : 1;
        }
        if (isPowerOfTwo(divisor)) {
            return (dividend >>> Long.numberOfTrailingZeros(divisor)) + ((dividend & (divisor - 1)) == 0 ? 0 : 1);
        }
        return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
    }

    /**
     * Whether a number is a multiple of another.
     *
     * @param value the number, not negative
     * @param divisor the other, positive
     * @return whether nothing remains
     */
    public static boolean isMultiple(long value, long divisor) {
        return (isPowerOfTwo(divisor) ? value & (divisor - 1) : value % divisor) == 0;
    }

    /** Tile sides and rank counts nearly always are powers of two, and a shift takes a tenth of a division's time. */
    private static boolean isPowerOfTwo(long value) {
        return (value & (value - 1)) == 0;
    }

    /**
     * Rounds up to a multiple.
     *
     * @param value what is padded, not negative
     * @param multiple of what, positive
     * @return the smallest multiple not below the value: {@code padTo(51_865, 64)} is 51,904
     * @throws ArithmeticException if the multiple is beyond a {@code long}
     */
    public static long padTo(long value, long multiple) {
        return Math.multiplyExact(ceilDiv(value, multiple), multiple);
    }

    /**
     * Multiplies two non-negative numbers, taking "too large for a long" as the largest long. For comparisons only,
     * where a need beyond 2^63 bytes is simply more than any device has; sizes are never computed with it.
     *
     * @param left one factor, not negative
     * @param right the other, not negative
     * @return the product, or {@link Long#MAX_VALUE} where it is larger
     */
    public static long multiplyCapped(long left, long right) {
        long low = left * right;
        return Math.multiplyHigh(left, right) == 0 && low >= 0 ? low : Long.MAX_VALUE;
    }

    /**
     * Adds two non-negative numbers, taking "too large for a long" as the largest long. For comparisons only.
     *
     * @param left one term, not negative
     * @param right the other, not negative
     * @return the sum, or {@link Long#MAX_VALUE} where it is larger
     */
    public static long addCapped(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /**
     * The least common multiple.
     *
     * @param numbers positive
     * @return the smallest number that all of them divide; 1 where there are none: 128 for 4 and 128
     * @throws ArithmeticException if it is beyond a {@code long}
     */
    public static long commonMultiple(long... numbers) {
        long multiple = 1;
        for (long number : numbers) {
            long common = multiple;
            long rest = number;
            while (rest != 0) {
                long next = common % rest;
                common = rest;
                rest = next;
            }
            multiple = Math.multiplyExact(multiple / common, number);
        }
        return multiple;
    }
}
