package io.llmsizing.hardware;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * One device as programs see it: of a product with two dies that are two devices, one die.
 *
 * @param id the catalogue's own name, such as {@code nvidia-h200-sxm5-141gb}
 * @param name the product's name
 * @param aliases what people type for it
 * @param driverNames what drivers print for it
 * @param vendor who makes it
 * @param architecture the generation
 * @param category {@code datacenter}, {@code workstation}, {@code consumer}, {@code phone} ...
 * @param memory its memory
 * @param compute what it computes
 * @param link to its neighbours
 * @param host its way to the machine it stands in
 * @param product what it is sold as
 * @param engine the engine that usually serves on it
 * @param source where the figures come from, in short; {@link Reading} has it figure by figure
 * @param retrieved the day they were taken, ISO 8601
 */
public record Accelerator(
        String id,
        String name,
        List<String> aliases,
        List<String> driverNames,
        String vendor,
        String architecture,
        String category,
        DeviceMemory memory,
        ComputeRates compute,
        Interconnect link,
        Interconnect host,
        Product product,
        String engine,
        String source,
        String retrieved) {
    /**
     * Copies the collections.
     *
     * @param id as documented above
     * @param name as documented above
     * @param aliases as documented above
     * @param driverNames as documented above
     * @param vendor as documented above
     * @param architecture as documented above
     * @param category as documented above
     * @param memory as documented above
     * @param compute as documented above
     * @param link as documented above
     * @param host as documented above
     * @param product as documented above
     * @param engine as documented above
     * @param source as documented above
     * @param retrieved as documented above
     */
    public Accelerator {
        aliases = ImmutableList.copyOf(aliases);
        driverNames = ImmutableList.copyOf(driverNames);
    }

    /**
     * The same device with other memory.
     *
     * @param other the memory
     * @return the changed device
     */
    public Accelerator withMemory(DeviceMemory other) {
        return with(other, link);
    }

    /**
     * The same device with another link to its neighbours.
     *
     * @param other the link
     * @return the changed device
     */
    public Accelerator withLink(Interconnect other) {
        return with(memory, other);
    }

    /**
     * The same device with error correction of its memory switched on or off.
     *
     * @param on which
     * @return the changed device, or this one where its kind of memory takes no room for error correction
     */
    public Accelerator withErrorCorrection(boolean on) {
        if (!ErrorCorrection.isGraphicsMemory(memory)) {
            return this;
        }
        return withMemory(on ? ErrorCorrection.on(this) : ErrorCorrection.off(this));
    }

    private Accelerator with(DeviceMemory otherMemory, Interconnect otherLink) {
        return new Accelerator(
                id,
                name,
                aliases,
                driverNames,
                vendor,
                architecture,
                category,
                otherMemory,
                compute,
                otherLink,
                host,
                product,
                engine,
                source,
                retrieved);
    }

    @Override
    public String toString() {
        return name;
    }
}
