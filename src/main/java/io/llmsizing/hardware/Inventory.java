package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The machines that someone has, each by its own name.
 *
 * @param nodes at most 65,536
 * @param choices what was taken where the file that they were read from leaves a choice, for people; empty for none
 */
public record Inventory(List<Node> nodes, List<String> choices) {
    private static final int MOST_NODES = 1 << 16;

    /**
     * Copies the machines.
     *
     * @param nodes as documented above
     * @param choices as documented above
     * @throws IllegalArgumentException if there are too many
     */
    public Inventory {
        nodes = ImmutableList.copyOf(nodes);
        choices = ImmutableList.copyOf(choices);
        checkArgument(nodes.size() <= MOST_NODES, "%s nodes; 0 to 65,536 allowed", nodes.size());
    }

    /**
     * Machines that are named without a doubt.
     *
     * @param nodes as documented above
     * @throws IllegalArgumentException if there are too many
     */
    public Inventory(List<Node> nodes) {
        this(nodes, List.of());
    }

    /**
     * All of it as one cluster, machines that differ in nothing but their names together, in the order in which a machine of
     * their kind first stands here.
     *
     * @return the cluster, with the same choices
     * @throws IllegalArgumentException if there are no machines
     */
    public Cluster cluster() {
        checkArgument(
                !nodes.isEmpty(),
                "an inventory without devices that can be used: nothing to size for; the findings of its reading say why");
        Map<Node, Integer> kinds = new LinkedHashMap<>();
        nodes.forEach(
                node -> kinds.merge(new Node("", node.devices(), node.network(), node.hostMemory()), 1, Integer::sum));
        return new Cluster(
                kinds.entrySet().stream()
                        .map(kind -> new Cluster.Group(kind.getKey(), kind.getValue()))
                        .toList(),
                choices);
    }

    /**
     * All devices.
     *
     * @return 0 or more
     */
    public int devices() {
        return nodes.stream().mapToInt(Node::deviceCount).sum();
    }
}
