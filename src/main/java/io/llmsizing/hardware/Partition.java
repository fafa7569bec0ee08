package io.llmsizing.hardware;

import io.llmsizing.units.Bandwidth;
import java.util.List;
import java.util.Map;

/**
 * A part of a device that programs see as a device of its own (MIG).
 *
 * @param profile its name, such as {@code 1g.10gb}
 * @param memory what the part has of the device's memory
 * @param instances how many a device can be cut into
 * @param slices compute slices of a part
 * @param slicesOfDevice compute slices of the whole device
 * @param source where the figures come from
 * @param retrieved the day they were taken, ISO 8601
 */
public record Partition(
        String profile,
        DeviceMemory memory,
        int instances,
        int slices,
        int slicesOfDevice,
        String source,
        String retrieved) {
    /** The category of devices that are parts. */
    public static final String CATEGORY = "partition";

    /**
     * A part of a device. Parts have no link to each other, and a process sees one.
     *
     * @param whole the device
     * @return the part, whose rates are unknown
     */
    public Accelerator of(Accelerator whole) {
        return new Accelerator(
                whole.id() + "-mig-" + profile,
                whole.name() + " MIG " + profile,
                List.of(),
                List.of(),
                whole.vendor(),
                whole.architecture(),
                CATEGORY,
                new DeviceMemory(
                        memory.marketing(),
                        whole.memory().kind(),
                        whole.memory().unified(),
                        memory.bandwidth(),
                        memory.driver(),
                        memory.usable(),
                        memory.usableLow(),
                        memory.usableHigh(),
                        memory.evidence()),
                new ComputeRates(Map.of(), whole.compute().nativeFormats()),
                new Interconnect("none", Bandwidth.NONE, 1),
                whole.host(),
                whole.product(),
                whole.engine(),
                source,
                retrieved);
    }
}
