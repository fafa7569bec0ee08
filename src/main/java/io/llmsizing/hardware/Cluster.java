package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Equal devices in equal nodes.
 *
 * @param accelerator the device
 * @param devicesPerNode devices in one node, 1 to 1,024
 * @param nodes nodes, 1 to 65,536
 */
public record Cluster(Accelerator accelerator, int devicesPerNode, int nodes) {
    private static final Pattern WRITTEN =
            Pattern.compile("(?:(\\d{1,9})\\s*[x*]\\s*)?(?:(\\d{1,9})\\s*[x*]\\s*)?(\\S.*)", Pattern.CASE_INSENSITIVE);

    /**
     * Checks the ranges.
     *
     * @param accelerator as documented above
     * @param devicesPerNode as documented above
     * @param nodes as documented above
     * @throws IllegalArgumentException if a count is out of range
     */
    public Cluster {
        checkArgument(
                devicesPerNode >= 1 && devicesPerNode <= 1 << 10,
                "%s devices in a node; 1 to 1,024 allowed",
                devicesPerNode);
        checkArgument(nodes >= 1 && nodes <= 1 << 16, "%s nodes; 1 to 65,536 allowed", nodes);
    }

    /**
     * One node.
     *
     * @param accelerator the device
     * @param devices how many, 1 to 1,024
     * @return the cluster
     */
    public static Cluster of(Accelerator accelerator, int devices) {
        return new Cluster(accelerator, devices, 1);
    }

    /**
     * Reads {@code "H200"}, {@code "8xH200"} (one node of 8) or {@code "2x8xH100"} (two nodes of 8).
     *
     * @param text what a user wrote
     * @param accelerators finds a device by name, throwing {@link IllegalArgumentException} for an unknown one
     * @return the cluster
     * @throws IllegalArgumentException if it can't be read, or mixes devices
     */
    public static Cluster parse(String text, Function<String, Accelerator> accelerators) {
        checkArgument(
                text.indexOf('+') < 0,
                "'%s' mixes devices; this version sizes clusters of one kind: ask for each part on its own",
                text);
        Matcher matcher = WRITTEN.matcher(text.strip());
        checkArgument(matcher.matches(), "'%s' is not a cluster; write 8xH200, or 2x8xH200 for two nodes of 8", text);
        Accelerator accelerator = accelerators.apply(matcher.group(3));
        int first = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
        return matcher.group(2) == null
                ? new Cluster(accelerator, first, 1)
                : new Cluster(accelerator, Integer.parseInt(matcher.group(2)), first);
    }

    /**
     * All devices.
     *
     * @return nodes x devices in each
     */
    public int devices() {
        return devicesPerNode * nodes;
    }

    /**
     * The written form.
     *
     * @return {@code "8x NVIDIA H200"} or {@code "2x8x NVIDIA H200"}, which {@link #parse} reads back
     */
    @Override
    public String toString() {
        return (nodes > 1 ? nodes + "x" : "") + devicesPerNode + "x " + accelerator.name();
    }
}
