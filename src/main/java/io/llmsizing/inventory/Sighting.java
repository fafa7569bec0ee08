package io.llmsizing.inventory;

import io.llmsizing.units.ByteSize;
import java.util.Optional;

/**
 * Like devices, as a tool names them.
 *
 * @param place where they stand in the file
 * @param name as printed
 * @param count how many
 * @param memory of each, as far as it is printed
 */
record Sighting(String place, String name, int count, Memory memory) {
    /**
     * What is printed of the memory of a device.
     *
     * @param total as the driver reports it
     * @param free that no program holds
     * @param used that programs hold
     * @param reserved that the driver keeps, neither free nor used
     * @param errorCorrection whether it is on
     */
    record Memory(
            Optional<ByteSize> total,
            Optional<ByteSize> free,
            Optional<ByteSize> used,
            Optional<ByteSize> reserved,
            Optional<Boolean> errorCorrection) {
        static final Memory NONE =
                new Memory(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Sighting of(String place, String name, int count) {
        return new Sighting(place, name, count, Memory.NONE);
    }

    Sighting withMemory(Optional<ByteSize> printedTotal, Optional<ByteSize> printedFree) {
        return with(new Memory(printedTotal, printedFree, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    Sighting with(Memory printed) {
        return new Sighting(place, name, count, printed);
    }

    Sighting withCount(int other) {
        return new Sighting(place, name, other, memory);
    }

    Optional<ByteSize> total() {
        return memory.total();
    }

    /** For messages that may stand for many machines. */
    String counted() {
        return count == 1 ? "1 device" : count + " devices";
    }
}
