package io.llmsizing.units;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Bytes per second, decimal as vendors state it. Value-based.
 *
 * @param bytesPerSecond the rate, 0 or more: 4,800,000,000,000 for the memory of an H200
 */
public record Bandwidth(long bytesPerSecond) {
    /** No link at all, or none known. */
    public static final Bandwidth NONE = new Bandwidth(0);

    /**
     * Takes the rate as it is.
     *
     * @param bytesPerSecond as documented above
     * @throws IllegalArgumentException if negative
     */
    public Bandwidth {
        checkArgument(bytesPerSecond >= 0, "a bandwidth is 0 B/s or more, not %s", bytesPerSecond);
    }

    /**
     * The rate for people.
     *
     * @return in decimal gigabytes per second, for example {@code "4,800.0 GB/s"}
     */
    public String toDisplay() {
        return new ByteSize(bytesPerSecond).toDisplay(SizeUnits.GB) + "/s";
    }
}
