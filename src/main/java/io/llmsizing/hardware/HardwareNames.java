package io.llmsizing.hardware;

import java.util.Optional;

/** Finds what people name. */
public interface HardwareNames {
    /**
     * A device by any of its names.
     *
     * @param name as typed, or as a driver prints it
     * @return the device
     * @throws IllegalArgumentException with the nearest names if it is unknown, with all that it may mean if it is
     *     ambiguous
     */
    Accelerator accelerator(String name);

    /**
     * A type of machine by any of its names.
     *
     * @param name such as {@code p5en.48xlarge} or {@code DGX H100}
     * @return a machine of that type, or nothing if no type has that name
     * @throws IllegalArgumentException with all that it may mean if it is ambiguous
     */
    Optional<Node> node(String name);
}
