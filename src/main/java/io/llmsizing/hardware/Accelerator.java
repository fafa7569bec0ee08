package io.llmsizing.hardware;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.units.Bandwidth;
import java.util.List;
import java.util.Set;

/**
 * One device as programs see it.
 *
 * @param id the catalogue's own name, such as {@code nvidia-h200-sxm5-141gb}
 * @param name the product's name
 * @param aliases what people type for it
 * @param vendor who makes it
 * @param architecture the generation
 * @param category {@code datacenter}, {@code workstation}, {@code consumer}, {@code phone} ...
 * @param memory its memory
 * @param memoryKind such as {@code HBM3e}
 * @param memoryBandwidth peak rate of its memory, 0 where unknown
 * @param nativeFormats number formats with matrix arithmetic of their own, lower case
 * @param link to its neighbours
 * @param engine the engine that usually serves on it
 * @param source where the figures come from
 * @param retrieved the day they were taken, ISO 8601
 */
public record Accelerator(
        String id,
        String name,
        List<String> aliases,
        String vendor,
        String architecture,
        String category,
        DeviceMemory memory,
        String memoryKind,
        Bandwidth memoryBandwidth,
        Set<String> nativeFormats,
        Interconnect link,
        String engine,
        String source,
        String retrieved) {
    /**
     * Copies the collections.
     *
     * @param id as documented above
     * @param name as documented above
     * @param aliases as documented above
     * @param vendor as documented above
     * @param architecture as documented above
     * @param category as documented above
     * @param memory as documented above
     * @param memoryKind as documented above
     * @param memoryBandwidth as documented above
     * @param nativeFormats as documented above
     * @param link as documented above
     * @param engine as documented above
     * @param source as documented above
     * @param retrieved as documented above
     */
    public Accelerator {
        aliases = ImmutableList.copyOf(aliases);
        nativeFormats = ImmutableSet.copyOf(nativeFormats);
    }

    /**
     * The same device with other memory.
     *
     * @param other the memory
     * @return the changed device
     */
    public Accelerator withMemory(DeviceMemory other) {
        return new Accelerator(
                id,
                name,
                aliases,
                vendor,
                architecture,
                category,
                other,
                memoryKind,
                memoryBandwidth,
                nativeFormats,
                link,
                engine,
                source,
                retrieved);
    }

    @Override
    public String toString() {
        return name;
    }
}
