package io.llmsizing.inventory;

import io.llmsizing.units.ByteSize;
import java.util.Optional;

/**
 * Like devices, as a tool names them.
 *
 * @param place where they stand in the file
 * @param name as printed
 * @param count how many
 * @param total memory of each as the driver reports it, if printed
 * @param free memory of each that no program holds, if printed
 */
record Sighting(String place, String name, int count, Optional<ByteSize> total, Optional<ByteSize> free) {
    static Sighting of(String place, String name, int count) {
        return new Sighting(place, name, count, Optional.empty(), Optional.empty());
    }

    Sighting withMemory(Optional<ByteSize> printedTotal, Optional<ByteSize> printedFree) {
        return new Sighting(place, name, count, printedTotal, printedFree);
    }

    Sighting withCount(int other) {
        return new Sighting(place, name, other, total, free);
    }

    /** For messages that may stand for many machines. */
    String counted() {
        return count == 1 ? "1 device" : count + " devices";
    }
}
