package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;

/**
 * The memory of one device: what the box says, what the driver shows, what a program gets, and how sure that is.
 *
 * <p>Worked value: an H200 is sold with 141 GB, its driver shows 143,771 MiB, and a program sees 139.72 to 139.83 GiB,
 * depending on the driver's version.
 *
 * @param marketing as sold, for people: {@code "141 GB"}
 * @param kind such as {@code HBM3e}, {@code GDDR6} or {@code LPDDR5X}
 * @param unified whether it is the machine's own memory, shared with the operating system
 * @param bandwidth its peak rate, {@link Bandwidth#NONE} where unknown
 * @param driver what the vendor's tool reports
 * @param usable the total that a framework sees, of which engines take their fraction; never more than the driver's
 * @param usableLow the least that it may be, at most {@code usable}
 * @param usableHigh the most that it may be, at least {@code usable} and at most {@code driver}
 * @param evidence how the usable size is known: measured, observed, derived by a stated rule, or given
 */
public record DeviceMemory(
        String marketing,
        String kind,
        boolean unified,
        Bandwidth bandwidth,
        ByteSize driver,
        ByteSize usable,
        ByteSize usableLow,
        ByteSize usableHigh,
        String evidence) {
    private static final long LARGEST = 1L << 44;
    private static final String GIVEN = "given by the user";

    /**
     * Checks that the sizes are sane.
     *
     * @param marketing as documented above
     * @param kind as documented above
     * @param unified as documented above
     * @param bandwidth as documented above
     * @param driver as documented above
     * @param usable as documented above
     * @param usableLow as documented above
     * @param usableHigh as documented above
     * @param evidence as documented above
     * @throws IllegalArgumentException if no memory is usable, more than the driver shows, or the band does not hold the
     *     usable size
     */
    public DeviceMemory {
        checkArgument(
                usableLow.bytes() > 0
                        && usableLow.compareTo(usable) <= 0
                        && usable.compareTo(usableHigh) <= 0
                        && usableHigh.compareTo(driver) <= 0
                        && driver.bytes() <= LARGEST,
                "%s usable of %s that the driver reports (%s to %s by what is known); at least 1 B, at most all of it, and"
                        + " no device has over 16 TiB",
                usable,
                driver,
                usableLow,
                usableHigh);
    }

    /**
     * A memory whose usable size is certain.
     *
     * @param marketing as documented above
     * @param driver as documented above
     * @param usable as documented above
     * @param evidence as documented above
     * @return a memory of unknown kind and bandwidth
     * @throws IllegalArgumentException if no memory is usable, or more than the driver shows
     */
    public static DeviceMemory of(String marketing, ByteSize driver, ByteSize usable, String evidence) {
        return new DeviceMemory(marketing, "unknown", false, Bandwidth.NONE, driver, usable, usable, usable, evidence);
    }

    /**
     * The same device with another usable size, as a user's own driver reports it.
     *
     * @param reported the size; the driver's figure grows with it where it is larger
     * @return the memory with that size, without doubt
     * @throws IllegalArgumentException if the size is 0, or above 16 TiB
     */
    public DeviceMemory withUsable(ByteSize reported) {
        checkArgument(
                reported.bytes() > 0 && reported.bytes() <= LARGEST,
                "%s usable of a device; 1 B to 16 TiB allowed",
                reported);
        return withUsable(reported, reported, reported, GIVEN);
    }

    /**
     * The same device of which programs may take a part only.
     *
     * @param share above 0 and up to 1
     * @return the memory with that share of the usable size and its band, each rounded down
     * @throws IllegalArgumentException if the share is above 1, or leaves nothing
     */
    public DeviceMemory share(Ratio share) {
        checkArgument(
                share.numerator() > 0 && share.numerator() <= share.denominator(),
                "a share of %s; above 0 and up to 1 allowed",
                share);
        checkArgument(share.floorOf(usableLow.bytes()) > 0, "a share of %s leaves nothing of %s", share, usable);
        return withUsable(
                ByteSize.ofBytes(share.floorOf(usable.bytes())),
                ByteSize.ofBytes(share.floorOf(usableLow.bytes())),
                ByteSize.ofBytes(share.floorOf(usableHigh.bytes())),
                evidence + "; " + share + " of it");
    }

    /**
     * The same device with no more than a part of its memory free.
     *
     * @param free what other programs leave; a larger size than the usable one changes nothing
     * @return the memory with that size at most
     * @throws IllegalArgumentException if nothing is free
     */
    public DeviceMemory limitedTo(ByteSize free) {
        return free.compareTo(usableHigh) >= 0
                ? this
                : withUsable(
                        smaller(usable, free),
                        smaller(usableLow, free),
                        smaller(usableHigh, free),
                        "free memory as reported");
    }

    /**
     * Whether a size that was read may be that of this memory.
     *
     * @param shown what a driver or a framework shows
     * @return whether it is within a twentieth of the driver's figure
     */
    public boolean isNear(ByteSize shown) {
        return Math.abs(driver.bytes() - shown.bytes()) <= driver.bytes() / 20;
    }

    private static ByteSize smaller(ByteSize one, ByteSize other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /**
     * The same device with another total; what programs do not get of it stays as much.
     *
     * @param total what the driver reports instead
     * @param how how the sizes are known
     * @return the memory with that total
     * @throws IllegalArgumentException if nothing is left for programs
     */
    public DeviceMemory withDriver(ByteSize total, String how) {
        long less = driver.bytes() - total.bytes();
        return with(total, less(usable, less), less(usableLow, less), less(usableHigh, less), how);
    }

    /** Usable sizes within the driver's, or with the driver's grown to them. */
    DeviceMemory withUsable(ByteSize stated, ByteSize low, ByteSize high, String how) {
        return with(high.compareTo(driver) > 0 ? high : driver, stated, low, high, how);
    }

    static ByteSize less(ByteSize size, long taken) {
        return ByteSize.ofBytes(Math.max(0, size.bytes() - taken));
    }

    private DeviceMemory with(ByteSize total, ByteSize stated, ByteSize low, ByteSize high, String how) {
        return new DeviceMemory(marketing, kind, unified, bandwidth, total, stated, low, high, how);
    }
}
