package io.llmsizing.inventory;

import io.llmsizing.units.ByteSize;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as tools write them, each in its own way. */
final class PrintedSizes {
    private static final Set<String> ABSENT =
            Set.of("", "n/a", "[n/a]", "[not supported]", "not supported", "(null)", "none");
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|)");
    private static final Map<String, BigDecimal> QUANTITY_UNITS = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("", BigDecimal.ONE),
            Map.entry("k", BigDecimal.valueOf(1_000)),
            Map.entry("M", BigDecimal.valueOf(1_000_000)),
            Map.entry("G", BigDecimal.valueOf(1_000_000_000)),
            Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
            Map.entry("P", BigDecimal.valueOf(1_000_000_000_000_000L)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)));

    private PrintedSizes() {}

    /** Whether a tool says that there is no such value. */
    static boolean isAbsent(String value) {
        return ABSENT.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /** Whether a mode is switched on, where a tool says it. */
    static Optional<Boolean> enabled(String mode) {
        return switch (mode.strip().toLowerCase(Locale.ROOT)) {
            case "enabled" -> Optional.of(true);
            case "disabled" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /**
     * A quantity of Kubernetes.
     *
     * @param text such as {@code "2113410560Ki"}, {@code "8"} or {@code "1500m"}
     * @return the number, fractions cut off
     * @throws IllegalArgumentException if it is none, or beyond 2^63
     */
    static long quantity(String text) {
        Matcher matcher = QUANTITY.matcher(text.strip());
        BigDecimal unit = matcher.matches() ? QUANTITY_UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "'" + Findings.shown(text) + "'; expected a quantity such as 8 or 2113410560Ki");
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(unit)
                    .setScale(0, RoundingMode.DOWN)
                    .longValueExact();
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("'" + text + "' is beyond 2^63", tooLarge);
        }
    }

    /**
     * A whole number of MiB.
     *
     * @throws IllegalArgumentException if it is none, or beyond 2^63 bytes
     */
    static ByteSize mebibytes(String digits) {
        if (!digits.strip().matches("\\d{1,12}")) {
            throw new IllegalArgumentException("'" + Findings.shown(digits) + "'; expected a whole number of MiB");
        }
        return ByteSize.ofBytes(Math.multiplyExact(Long.parseLong(digits.strip()), 1L << 20));
    }
}
