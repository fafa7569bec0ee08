package io.llmsizing.units;

import static com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact, non-negative number of bytes. Value-based.
 *
 * @param bytes the number, 0 or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    /** No bytes. */
    public static final ByteSize ZERO = new ByteSize(0);

    private static final Pattern WRITTEN =
            Pattern.compile("([0-9]{1,40}(?:\\.[0-9]{1,19})?)\\s*([A-Za-z]+)", Pattern.CASE_INSENSITIVE);

    /**
     * Takes a number of bytes as it is.
     *
     * @param bytes as documented above
     * @throws IllegalArgumentException if negative
     */
    public ByteSize {
        checkArgument(bytes >= 0, "a size is 0 bytes or more, not %s", bytes);
    }

    /**
     * A number of bytes.
     *
     * @param bytes 0 or more
     * @return that size
     * @throws IllegalArgumentException if negative
     */
    public static ByteSize ofBytes(long bytes) {
        return new ByteSize(bytes);
    }

    /**
     * A number of binary gigabytes.
     *
     * @param count 0 or more units of 2^30 bytes
     * @return that size: {@code ofGibibytes(80)} is 85,899,345,920 B
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public static ByteSize ofGibibytes(long count) {
        return new ByteSize(Math.multiplyExact(count, SizeUnits.GIB.bytes()));
    }

    /**
     * A number of decimal gigabytes.
     *
     * @param count 0 or more units of 10^9 bytes
     * @return that size: {@code ofGigabytes(141)} is 141,000,000,000 B
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public static ByteSize ofGigabytes(long count) {
        return new ByteSize(Math.multiplyExact(count, SizeUnits.GB.bytes()));
    }

    /**
     * Reads a written size: {@code "141 GB"} (10^9), {@code "80 GiB"} (2^30), {@code "85899345920 B"}. A bare
     * {@code "80G"} says neither and is refused. A fraction of a byte is cut off.
     *
     * @param text number and unit
     * @return the size
     * @throws IllegalArgumentException if it is not a number with one of the units of {@link SizeUnits}, or is beyond
     *     2^63 bytes
     */
    public static ByteSize parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        checkArgument(
                matcher.matches(), "'%s' is not a size: write a number and a unit, such as 80 GiB or 141 GB", text);
        for (SizeUnits candidate : SizeUnits.values()) {
            if (isWritten(matcher.group(2), candidate)) {
                BigDecimal number = new BigDecimal(matcher.group(1));
                try {
                    return new ByteSize(number.multiply(BigDecimal.valueOf(candidate.bytes()))
                            .setScale(0, RoundingMode.DOWN)
                            .longValueExact());
                } catch (ArithmeticException tooLarge) {
                    throw new IllegalArgumentException("'" + text + "' is beyond 2^63 bytes", tooLarge);
                }
            }
        }
        throw new IllegalArgumentException(String.format(
                Locale.ROOT,
                "'%s': '%s' is not a unit of memory; write GiB (2^30 bytes) or GB (10^9 bytes)",
                text,
                matcher.group(2)));
    }

    /** Gb is gigabits to some, so the B is large unless all is small. */
    private static boolean isWritten(String unit, SizeUnits candidate) {
        return unit.equalsIgnoreCase(candidate.symbol())
                && (unit.endsWith("B") || unit.equals(unit.toLowerCase(Locale.ROOT)));
    }

    /**
     * The size for people, with one decimal, rounded to nearest: never parsed back, never compared.
     *
     * @param units in what to write it
     * @return for example {@code "139.8 GiB"} for 150,109,880,320 B
     */
    public String toDisplay(SizeUnits units) {
        BigDecimal value = BigDecimal.valueOf(bytes)
                .divide(BigDecimal.valueOf(units.bytes()), units == SizeUnits.B ? 0 : 1, RoundingMode.HALF_EVEN);
        return String.format(Locale.ROOT, "%,." + value.scale() + "f %s", value, units.symbol());
    }

    /**
     * The size for people in the largest of B, KiB, MiB and GiB that leaves a number of one or more.
     *
     * @return for example {@code "626.9 GiB"} for 673,150,611,808 B
     */
    public String toDisplay() {
        SizeUnits units = SizeUnits.B;
        for (SizeUnits larger : new SizeUnits[] {SizeUnits.KIB, SizeUnits.MIB, SizeUnits.GIB}) {
            if (bytes >= larger.bytes()) {
                units = larger;
            }
        }
        return toDisplay(units);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /**
     * The exact form, which {@link #parse} reads back.
     *
     * @return for example {@code "70272 B"}
     */
    @Override
    public String toString() {
        return bytes + " B";
    }
}
