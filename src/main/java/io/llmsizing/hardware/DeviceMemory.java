package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.ByteSize;

/**
 * The memory of one device: what the box says, what the driver shows, what a program gets.
 *
 * @param marketing as sold, for people: {@code "141 GB"}
 * @param driver what the vendor's tool reports
 * @param usable the total that a framework sees, of which engines take their fraction; never more than the driver's
 * @param evidence how the usable size is known: measured, observed, or derived by a stated rule
 */
public record DeviceMemory(String marketing, ByteSize driver, ByteSize usable, String evidence) {
    private static final long LARGEST = 1L << 44;

    /**
     * Checks that the sizes are sane.
     *
     * @param marketing as documented above
     * @param driver as documented above
     * @param usable as documented above
     * @param evidence as documented above
     * @throws IllegalArgumentException if no memory is usable, or more than the driver shows
     */
    public DeviceMemory {
        checkArgument(
                usable.bytes() > 0 && usable.compareTo(driver) <= 0 && driver.bytes() <= LARGEST,
                "%s usable of %s that the driver reports; at least 1 B, at most all of it, and no device has over 16 TiB",
                usable,
                driver);
    }

    /**
     * The same device with another usable size, as a user's own driver reports it.
     *
     * @param reported the size
     * @return the memory with that size
     * @throws IllegalArgumentException if the size is 0
     */
    public DeviceMemory withUsable(ByteSize reported) {
        ByteSize shown = reported.compareTo(driver) > 0 ? reported : driver;
        return new DeviceMemory(marketing, shown, reported, "given by the user");
    }
}
