package io.llmsizing.units;

import static com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * An exact fraction of two whole numbers in lowest terms, not negative: a memory fraction of 0.92 is 23/25.
 *
 * @param numerator above the line, 0 or more
 * @param denominator below it, positive
 */
public record Ratio(long numerator, long denominator) {
    /** One. */
    public static final Ratio ONE = new Ratio(1, 1);

    /**
     * Reduces to lowest terms.
     *
     * @param numerator as documented above
     * @param denominator as documented above
     * @throws IllegalArgumentException if the numerator is negative or the denominator is not positive
     */
    public Ratio {
        checkArgument(numerator >= 0 && denominator > 0, "%s / %s is not a ratio of counts", numerator, denominator);
        long common = commonDivisor(numerator, denominator);
        if (common > 1) {
            numerator /= common;
            denominator /= common;
        }
    }

    private static long commonDivisor(long larger, long smaller) {
        while (smaller != 0) {
            long rest = larger % smaller;
            larger = smaller;
            smaller = rest;
        }
        return larger;
    }

    /**
     * The fraction of two numbers.
     *
     * @param numerator above the line, 0 or more
     * @param denominator below it, positive
     * @return the fraction in lowest terms
     */
    public static Ratio of(long numerator, long denominator) {
        return new Ratio(numerator, denominator);
    }

    /**
     * Reads a decimal exactly, never through a {@code double}.
     *
     * @param decimal such as {@code "0.92"} (23/25) or {@code "14.75"} (59/4), at most 12 decimals
     * @return the fraction
     * @throws IllegalArgumentException if it is not such a number
     */
    public static Ratio parse(String decimal) {
        if (decimal.strip().length() > 32) {
            throw new IllegalArgumentException(
                    "'" + decimal.strip().substring(0, 32) + "...' is too long for a decimal");
        }
        try {
            BigDecimal value = new BigDecimal(decimal.strip()).stripTrailingZeros();
            checkArgument(value.signum() >= 0, "'%s' is negative: a ratio is 0 or more", decimal);
            checkArgument(
                    value.scale() <= 12 && value.precision() - value.scale() <= 18,
                    "'%s' has more digits than a ratio holds (18 before, 12 behind the point)",
                    decimal);
            int scale = Math.max(value.scale(), 0);
            return new Ratio(
                    value.scaleByPowerOfTen(scale).longValueExact(),
                    BigInteger.TEN.pow(scale).longValueExact());
        } catch (NumberFormatException | ArithmeticException malformed) {
            throw new IllegalArgumentException(
                    "'" + decimal + "' is not a decimal number; write it like 0.92", malformed);
        }
    }

    /**
     * This part of a number, rounded down.
     *
     * @param whole 0 or more
     * @return the floor of whole times this
     * @throws ArithmeticException beyond a {@code long}
     */
    public long floorOf(long whole) {
        return product(whole, RoundingMode.DOWN);
    }

    /**
     * This part of a number, rounded up.
     *
     * @param whole 0 or more
     * @return the ceiling of whole times this
     * @throws ArithmeticException beyond a {@code long}
     */
    public long ceilOf(long whole) {
        return product(whole, RoundingMode.UP);
    }

    private long product(long whole, RoundingMode rounding) {
        long high = Math.multiplyHigh(whole, numerator);
        long low = whole * numerator;
        if (high == 0 && low >= 0) {
            return rounding == RoundingMode.UP ? Exact.ceilDiv(low, denominator) : low / denominator;
        }
        return BigDecimal.valueOf(whole)
                .multiply(BigDecimal.valueOf(numerator))
                .divide(BigDecimal.valueOf(denominator), 0, rounding)
                .longValueExact();
    }

    /**
     * Compares two ratios exactly.
     *
     * @param left one
     * @param right the other
     * @return negative, 0 or positive as the left one is smaller, equal or larger
     */
    public static int compare(Ratio left, Ratio right) {
        return BigInteger.valueOf(left.numerator)
                .multiply(BigInteger.valueOf(right.denominator))
                .compareTo(BigInteger.valueOf(right.numerator).multiply(BigInteger.valueOf(left.denominator)));
    }

    /**
     * The ratio for people.
     *
     * @param decimals digits behind the point, 0 to 9
     * @return rounded to nearest: {@code Ratio.of(133, 32).toDisplay(4)} is "4.1562"
     */
    public String toDisplay(int decimals) {
        BigDecimal value =
                BigDecimal.valueOf(numerator).divide(BigDecimal.valueOf(denominator), decimals, RoundingMode.HALF_EVEN);
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /**
     * The exact form.
     *
     * @return for example {@code "23/25"}, or {@code "3"} for a whole number
     */
    @Override
    public String toString() {
        return denominator == 1 ? Long.toString(numerator) : numerator + "/" + denominator;
    }
}
