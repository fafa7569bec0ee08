package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.units.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One machine.
 *
 * @param name its type's or its own name, empty for none
 * @param devices what stands in it, like devices together, at least one and 1,024 in all
 * @param network from this machine to others, of the machine as a whole
 * @param hostMemory memory of its processors, {@link ByteSize#ZERO} where unknown
 */
public record Node(String name, List<Devices> devices, Interconnect network, ByteSize hostMemory) {
    static final int MOST_DEVICES = 1 << 10;

    /**
     * Like devices of one machine.
     *
     * @param accelerator each of them
     * @param count how many, 1 to 1,024
     * @param terms what was said about them beyond their name, as {@link Cluster#parse} reads it
     */
    public record Devices(Accelerator accelerator, int count, List<String> terms) {
        /**
         * Checks the range and copies the terms.
         *
         * @param accelerator as documented above
         * @param count as documented above
         * @param terms as documented above
         * @throws IllegalArgumentException if the count is out of range
         */
        public Devices {
            checkArgument(count >= 1 && count <= MOST_DEVICES, "%s devices in a node; 1 to %s allowed", count, "1,024");
            terms = ImmutableList.copyOf(terms);
        }

        /**
         * What is said where a product shows as several devices and the name that is written does not say so.
         *
         * @return the sentence, nothing where a product is one device
         */
        public Optional<String> productNote() {
            int parts = accelerator.product().devices();
            return parts == 1
                    ? Optional.empty()
                    : Optional.of(count + "x " + accelerator.name()
                            + " counts devices as programs see them, of which a product"
                            + " has " + parts + "; write " + (long) count * parts + "x if " + count
                            + (count == 1 ? " product is" : " products are") + " meant");
        }

        /**
         * The written form.
         *
         * @return such as {@code "8x NVIDIA H200"} or {@code "2x NVIDIA GeForce RTX 3090 (PCIe)"}
         */
        @Override
        public String toString() {
            return count + "x " + accelerator.name() + (terms.isEmpty() ? "" : " (" + String.join(", ", terms) + ")");
        }
    }

    /**
     * Checks the number of devices and copies them.
     *
     * @param name as documented above
     * @param devices as documented above
     * @param network as documented above
     * @param hostMemory as documented above
     * @throws IllegalArgumentException if there are none or too many
     */
    public Node {
        devices = ImmutableList.copyOf(devices);
        checkArgument(!devices.isEmpty(), "a node without devices; 1 to 1,024 allowed");
        int all = devices.stream().mapToInt(Devices::count).sum();
        checkArgument(all <= MOST_DEVICES, "%s devices in a node; 1 to 1,024 allowed", all);
    }

    /**
     * A machine of which nothing but its devices is known.
     *
     * @param accelerator each of them
     * @param count how many, 1 to 1,024
     * @return the node
     * @throws IllegalArgumentException if the count is out of range
     */
    public static Node of(Accelerator accelerator, int count) {
        return of(List.of(new Devices(accelerator, count, List.of())));
    }

    /**
     * A machine of which nothing but its devices is known.
     *
     * @param devices what stands in it
     * @return the node
     * @throws IllegalArgumentException if there are none or too many
     */
    public static Node of(List<Devices> devices) {
        return new Node("", devices, Interconnect.UNKNOWN, ByteSize.ZERO);
    }

    /**
     * The same machine with another usable size of each device, in place of what was said of it before.
     *
     * @param reported the size
     * @return the changed machine, named by its devices alone
     * @throws IllegalArgumentException if the size is 0, or above 16 TiB
     */
    Node withUsable(ByteSize reported) {
        return new Node(
                "",
                devices.stream()
                        .map(like -> new Devices(
                                like.accelerator()
                                        .withMemory(like.accelerator().memory().withUsable(reported)),
                                like.count(),
                                and(DeviceTerms.withoutSizes(like.terms()), reported.toString())))
                        .toList(),
                network,
                hostMemory);
    }

    /** The same machine without devices of which less is usable for sure; nothing where none is left. */
    Optional<Node> withDevicesOf(ByteSize least) {
        List<Devices> left = devices.stream()
                .filter(like -> like.accelerator().memory().usableLow().compareTo(least) >= 0)
                .toList();
        return left.isEmpty() ? Optional.empty() : Optional.of(new Node(name, left, network, hostMemory));
    }

    private static List<String> and(List<String> terms, String last) {
        return ImmutableList.<String>builder().addAll(terms).add(last).build();
    }

    /**
     * Whether its processors and one of its devices use the same memory, so that nothing can be moved from one to the other.
     *
     * @return whether a device's memory is unified
     */
    public boolean isOnePool() {
        return devices.stream().anyMatch(like -> like.accelerator().memory().unified());
    }

    /**
     * All devices.
     *
     * @return 1 to 1,024
     */
    public int deviceCount() {
        int sum = 0;
        for (Devices like : devices) {
            sum += like.count();
        }
        return sum;
    }

    /**
     * The written form of the devices.
     *
     * @return unlike ones joined by {@code &}
     */
    @Override
    public String toString() {
        return devices.stream().map(Devices::toString).collect(Collectors.joining(" & "));
    }
}
