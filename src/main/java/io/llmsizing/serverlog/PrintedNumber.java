package io.llmsizing.serverlog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A number as engines print it: thousands separators, and units that mean powers of 1024 whatever they are called. */
record PrintedNumber(long value, long resolution) {
    /** Of a size or a count, with its unit behind it. */
    static final String PATTERN =
            "(-?[0-9][0-9,_]{0,24}(?:\\.[0-9]{1,12})?)(?:\\s{0,2}(GiB|GB|MiB|MB|KiB|KB|B)(?![A-Za-z/]))?";

    /** Sums of thousands of them stay below 2^63. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 52);

    private static final BigDecimal HALF = new BigDecimal("0.5");

    /** Nothing for what is below 0 or beyond 2^52. */
    static Optional<PrintedNumber> of(
            LogTerm.Unit unit, String digits, @Nullable String printedUnit, String usualUnit) {
        BigDecimal scale = switch (unit) {
            case BYTES -> scale(printedUnit == null ? usualUnit : printedUnit);
            case COUNT -> BigDecimal.ONE;
            case HUNDREDTHS -> BigDecimal.valueOf(100);
        };
        BigDecimal printed = new BigDecimal(digits.replace(",", "").replace("_", ""));
        BigDecimal half = unit == LogTerm.Unit.COUNT && printed.scale() == 0
                ? BigDecimal.ZERO
                : HALF.scaleByPowerOfTen(-printed.scale()).multiply(scale);
        BigDecimal value = printed.multiply(scale).setScale(0, RoundingMode.HALF_EVEN);
        if (value.signum() < 0 || value.compareTo(MOST) > 0) {
            return Optional.empty();
        }
        return Optional.of(new PrintedNumber(
                value.longValueExact(), half.setScale(0, RoundingMode.UP).longValueExact()));
    }

    private static BigDecimal scale(String unit) {
        return BigDecimal.valueOf(
                switch (unit.charAt(0)) {
                    case 'G' -> 1L << 30;
                    case 'M' -> 1L << 20;
                    case 'K' -> 1L << 10;
                    default -> 1;
                });
    }
}
