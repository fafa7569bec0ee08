package io.llmsizing.units;

import static com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Arithmetic operations per second, a multiplication and an addition counting as two. Value-based.
 *
 * @param operationsPerSecond the rate, 0 or more: 989,500,000,000,000 for dense BF16 on an H100
 */
public record FlopRate(long operationsPerSecond) {
    private static final long TERA = 1_000_000_000_000L;
    private static final Pattern WRITTEN = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,12})?");

    /**
     * Takes the rate as it is.
     *
     * @param operationsPerSecond as documented above
     * @throws IllegalArgumentException if negative
     */
    public FlopRate {
        checkArgument(operationsPerSecond >= 0, "a rate is 0 operations or more, not %s", operationsPerSecond);
    }

    /**
     * Reads a number of 10^12 operations a second; what is below one operation is cut off.
     *
     * @param trillions a decimal number: {@code "989.5"}
     * @return the rate
     * @throws IllegalArgumentException if it is no decimal number from 0 to 2^63 operations
     */
    public static FlopRate ofTrillions(String trillions) {
        checkArgument(
                WRITTEN.matcher(trillions).matches(),
                "'%s' is not a number of 10^12 operations a second; write one such as 989.5",
                trillions);
        BigDecimal rate = new BigDecimal(trillions).multiply(BigDecimal.valueOf(TERA));
        checkArgument(
                rate.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0,
                "'%s' times 10^12 operations a second is beyond 2^63",
                trillions);
        return new FlopRate(rate.setScale(0, RoundingMode.DOWN).longValueExact());
    }

    /**
     * The rate for people.
     *
     * @return in 10^12 operations per second with one decimal, for example {@code "989.5 T/s"}
     */
    public String toDisplay() {
        return String.format(
                Locale.ROOT,
                "%,.1f T/s",
                BigDecimal.valueOf(operationsPerSecond).divide(BigDecimal.valueOf(TERA), 1, RoundingMode.HALF_EVEN));
    }
}
