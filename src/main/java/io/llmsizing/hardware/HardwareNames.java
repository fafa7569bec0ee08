package io.llmsizing.hardware;

import io.llmsizing.units.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what people name. */
public interface HardwareNames {
    /**
     * A device by any of its names.
     *
     * @param name as typed, or as a driver prints it
     * @return the device; of several that share the name, the one that is usually meant, where there is one
     * @throws IllegalArgumentException with the nearest names if it is unknown, with all that it may mean if it is
     *     ambiguous
     */
    Accelerator accelerator(String name);

    /**
     * A device by any of its names, where its memory tells devices of one name apart.
     *
     * @param name as typed, or as a driver prints it
     * @param memory what its driver or a framework shows
     * @return the device; where several share the name, the one whose memory is within a twentieth
     * @throws IllegalArgumentException with the nearest names if it is unknown, with all that it may mean if its memory leaves
     *     several, or none
     */
    default Accelerator accelerator(String name, ByteSize memory) {
        List<Accelerator> near = candidates(name).stream()
                .filter(candidate -> candidate.memory().isNear(memory))
                .toList();
        return near.size() == 1 ? near.get(0) : accelerator(name);
    }

    /**
     * All devices that a name may mean, for who knows more about the device than its name.
     *
     * @param name as typed, or as a driver prints it
     * @return one device, several for a name that they share, none for an unknown one
     */
    default List<Accelerator> candidates(String name) {
        try {
            return List.of(accelerator(name));
        } catch (IllegalArgumentException unknownOrAmbiguous) {
            return List.of();
        }
    }

    /**
     * All devices that may be meant by who types a name: as {@link #candidates}, and those that have it in a looser spelling.
     *
     * @param name as typed
     * @return the device alone where its own name or id is written out
     */
    default List<Accelerator> namesakes(String name) {
        return candidates(name);
    }

    /**
     * What was chosen where a name means several devices, for people.
     *
     * @param name as typed
     * @param taken which of them was taken
     * @return the sentence that names the others; nothing where the name means no other
     */
    default Optional<String> choice(String name, Accelerator taken) {
        return choice(name, taken, namesakes(name));
    }

    /**
     * What was chosen of several devices, for people.
     *
     * @param written what may mean any of them
     * @param taken which of them was taken
     * @param meant all of them
     * @return the sentence that names the others; nothing where there is no other
     */
    static Optional<String> choice(String written, Accelerator taken, List<Accelerator> meant) {
        List<Accelerator> others =
                meant.stream().filter(other -> !other.id().equals(taken.id())).toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("'" + written + "' is taken as " + taken + "; write "
                        + others.stream().map(Accelerator::toString).collect(Collectors.joining(", "))
                        + " if that is meant");
    }

    /**
     * A type of machine by any of its names.
     *
     * @param name such as {@code p5en.48xlarge} or {@code DGX H100}
     * @return a machine of that type, or nothing if no type has that name
     * @throws IllegalArgumentException with all that it may mean if it is ambiguous
     */
    Optional<Node> node(String name);
}
