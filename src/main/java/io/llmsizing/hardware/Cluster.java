package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Machines with devices, like ones together. Ranks take the devices in the order in which they stand here.
 *
 * @param groups at least one
 * @param choices what was chosen where a written name means several devices, for people; empty for none
 */
public record Cluster(List<Group> groups, List<String> choices) {
    static final int MOST_NODES = 1 << 16;

    /**
     * Like machines.
     *
     * @param node each of them
     * @param count how many, 1 to 65,536
     */
    public record Group(Node node, int count) {
        /**
         * Checks the range.
         *
         * @param node as documented above
         * @param count as documented above
         * @throws IllegalArgumentException if the count is out of range
         */
        public Group {
            checkArgument(count >= 1 && count <= MOST_NODES, "%s nodes; 1 to 65,536 allowed", count);
        }

        @Override
        public String toString() {
            if (!node.name().isEmpty()) {
                return count + "x " + node.name();
            }
            boolean unlike = node.devices().size() > 1;
            return (count > 1 ? count + "x" : "") + (unlike && count > 1 ? "[" + node + "]" : node);
        }
    }

    /**
     * Devices that follow each other and are alike in all that is counted.
     *
     * @param accelerator each of them
     * @param first the number of the first, counted from 0
     * @param count how many
     */
    public record Run(Accelerator accelerator, long first, long count) {}

    /**
     * Checks the number of machines and copies them.
     *
     * @param groups as documented above
     * @param choices as documented above
     * @throws IllegalArgumentException if there are none, or more than 65,536 machines
     */
    public Cluster {
        groups = ImmutableList.copyOf(groups);
        choices = ImmutableList.copyOf(choices);
        checkArgument(!groups.isEmpty(), "a cluster without nodes; 1 to 65,536 allowed");
        long nodes = groups.stream().mapToLong(Group::count).sum();
        checkArgument(nodes <= MOST_NODES, "%s nodes; 1 to 65,536 allowed", nodes);
    }

    /**
     * Machines that are named without a doubt.
     *
     * @param groups as documented above
     * @throws IllegalArgumentException if there are none, or more than 65,536 machines
     */
    public Cluster(List<Group> groups) {
        this(groups, List.of());
    }

    /**
     * One node.
     *
     * @param accelerator the device
     * @param devices how many, 1 to 1,024
     * @return the cluster
     * @throws IllegalArgumentException if a count is out of range
     */
    public static Cluster of(Accelerator accelerator, int devices) {
        return of(accelerator, devices, 1);
    }

    /**
     * Equal devices in equal nodes.
     *
     * @param accelerator the device
     * @param devicesPerNode devices in one node, 1 to 1,024
     * @param nodes nodes, 1 to 65,536
     * @return the cluster
     * @throws IllegalArgumentException if a count is out of range
     */
    public static Cluster of(Accelerator accelerator, int devicesPerNode, int nodes) {
        return new Cluster(List.of(new Group(Node.of(accelerator, devicesPerNode), nodes)));
    }

    /**
     * Reads what people write:
     *
     * <ul>
     *   <li>{@code "H200"}, {@code "8xH200"} or {@code "H200 x 8"}: one node; {@code "2x8xH100"}: two nodes of 8;
     *   <li>{@code "p5en.48xlarge x 4"} or {@code "4x DGX H100"}: four machines of a type;
     *   <li>{@code "4xL40S + 2xA100-80GB"}: one node of each; {@code "RTX 4090 & RTX 3090"}: both in one node;
     *       {@code "3x[RTX 4090 & RTX 3090]"}: three such nodes;
     *   <li>{@code "2x RTX 3090 (PCIe)"}, with terms in parentheses and commas between them: {@code PCIe} (no other link is
     *       there), {@code NVLink} (it is), a size such as {@code 40 GiB} (that much is usable of each; the size that a
     *       device is sold with tells which is meant and changes nothing), a share such as
     *       {@code 50%}, {@code ECC on}, {@code ECC off}, {@code display} (a desktop takes its share of each).
     * </ul>
     *
     * @param text what a user wrote
     * @param names finds devices and types of machines
     * @return the cluster
     * @throws IllegalArgumentException if it can't be read, naming the part, or a name is unknown or ambiguous
     */
    public static Cluster parse(String text, HardwareNames names) {
        return new ClusterText(text, names).cluster();
    }

    /**
     * The same devices with another usable size each, as a user's own driver reports it.
     *
     * @param reported the size
     * @return the changed cluster
     * @throws IllegalArgumentException if the size is 0, or above 16 TiB
     */
    public Cluster withUsable(ByteSize reported) {
        Stream<String> beyond = groups.stream()
                .flatMap(group -> group.node().devices().stream())
                .flatMap(like -> DeviceTerms.beyondDriver(like.accelerator(), reported).stream());
        return new Cluster(
                groups.stream()
                        .map(group -> new Group(group.node().withUsable(reported), group.count()))
                        .toList(),
                Stream.concat(choices.stream(), beyond).distinct().toList());
    }

    /**
     * The device of the first rank.
     *
     * @return the only kind of device where all are alike
     */
    public Accelerator firstAccelerator() {
        return groups.get(0).node().devices().get(0).accelerator();
    }

    /**
     * Devices in the order that ranks take them.
     *
     * @return neighbours that are alike together
     */
    public List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        long next = 0;
        for (Group group : groups) {
            List<Node.Devices> devices = group.node().devices();
            int repeated = devices.size() == 1 ? 1 : group.count();
            for (int node = 0; node < repeated; node++) {
                for (Node.Devices like : devices) {
                    long count = devices.size() == 1 ? (long) like.count() * group.count() : like.count();
                    next = append(runs, like.accelerator(), next, count);
                }
            }
        }
        return runs;
    }

    private static long append(List<Run> runs, Accelerator accelerator, long next, long count) {
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).accelerator().equals(accelerator)) {
            runs.set(
                    last,
                    new Run(accelerator, runs.get(last).first(), runs.get(last).count() + count));
        } else {
            runs.add(new Run(accelerator, next, count));
        }
        return next + count;
    }

    /**
     * Devices of the node that has the most.
     *
     * @return 1 to 1,024
     */
    public int widestNode() {
        int widest = 0;
        for (Group group : groups) {
            widest = Math.max(widest, group.node().deviceCount());
        }
        return widest;
    }

    /**
     * Whether some machine has host memory beside that of its devices.
     *
     * @return false where the memory of every machine is one pool
     */
    public boolean hasHostMemory() {
        return groups.stream().anyMatch(group -> !group.node().isOnePool());
    }

    /**
     * What is known of the memory of the machines' processors, beside that of their devices.
     *
     * @return that of the machine with the least, of those whose memory is not one pool with their devices'; nothing where
     *     there is none, or it is not known of every one
     */
    public Optional<ByteSize> hostMemory() {
        return groups.stream()
                .map(Group::node)
                .filter(node -> !node.isOnePool())
                .map(Node::hostMemory)
                .min(Comparator.naturalOrder())
                .filter(least -> least.bytes() > 0);
    }

    /**
     * All devices.
     *
     * @return 1 to 2^26
     */
    public int devices() {
        int sum = 0;
        for (Group group : groups) {
            sum += group.node().deviceCount() * group.count();
        }
        return sum;
    }

    /**
     * The cluster itself, and where devices of one machine are unlike, what is left of it without those that have the least
     * memory, one step after another: a machine is as good as its free devices, though another process fills one of them.
     * At most 16 steps, those where the memory falls the most.
     *
     * @return at least the cluster, the smallest part last
     */
    public List<Cluster> parts() {
        return ClusterParts.of(this);
    }

    /**
     * The written form.
     *
     * @return {@code "8x NVIDIA H200"} or {@code "2x8x NVIDIA H200"}, which {@link #parse} reads back
     */
    @Override
    public String toString() {
        return groups.stream().map(Group::toString).collect(Collectors.joining(" + "));
    }
}
