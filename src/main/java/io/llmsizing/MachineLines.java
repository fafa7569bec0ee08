package io.llmsizing;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The lines in which many kinds of machines are put to choose from. All are ordered by what is usable for sure of the smallest
 * device of a machine, the most first, then by the devices of a machine, the most first, then as they stand in the cluster.
 * Machines with the same devices, whatever is free of them, are of one family. For each family there are two lines: its own
 * machines alone, and all machines from its first on. So ranks stand on the machines of a family with the most memory, on
 * several families, and on all that are no larger than some family: where larger ones are of no use, such as one device beside
 * nodes of eight.
 *
 * <p>Sorting apart, there are at most 128 lines, however many kinds: the two of the 64 families with the most memory.
 */
final class MachineLines {
    private static final int MOST_FAMILIES = 64;

    private MachineLines() {}

    static Set<List<Cluster.Group>> of(Cluster cluster) {
        List<Cluster.Group> sorted = cluster.groups().stream()
                .sorted(Comparator.comparing(MachineLines::smallest)
                        .thenComparing(group -> group.node().deviceCount())
                        .reversed())
                .toList();
        List<Map<String, Integer>> kinds =
                sorted.stream().map(group -> devices(group.node())).toList();
        Set<List<Cluster.Group>> lines = new LinkedHashSet<>();
        for (Map<String, Integer> family :
                kinds.stream().distinct().limit(MOST_FAMILIES).toList()) {
            List<Cluster.Group> own = new ArrayList<>();
            for (int kind = 0; kind < sorted.size(); kind++) {
                if (kinds.get(kind).equals(family)) {
                    own.add(sorted.get(kind));
                }
            }
            lines.add(own);
            lines.add(sorted.subList(kinds.indexOf(family), sorted.size()));
        }
        return lines;
    }

    private static ByteSize smallest(Cluster.Group group) {
        return group.node().devices().stream()
                .map(like -> like.accelerator().memory().usableLow())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Map<String, Integer> devices(Node node) {
        return node.devices().stream()
                .collect(Collectors.toMap(
                        like -> like.accelerator().id(), Node.Devices::count, Integer::sum, TreeMap::new));
    }
}
