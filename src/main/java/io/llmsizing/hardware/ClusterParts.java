package io.llmsizing.hardware;

import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What is left of a cluster without its smallest devices, where those of one machine are unlike. */
final class ClusterParts {
    private static final int MOST_STEPS = 16;

    private ClusterParts() {}

    static List<Cluster> of(Cluster cluster) {
        if (cluster.groups().stream().allMatch(group -> group.node().devices().size() == 1)) {
            return List.of(cluster);
        }
        List<Cluster> parts = new ArrayList<>();
        parts.add(cluster);
        for (ByteSize least : steps(cluster)) {
            parts.add(withDevicesOf(least, cluster));
        }
        return parts;
    }

    /** Sizes of devices above the smallest, ascending; of many those where the memory falls the most. */
    private static List<ByteSize> steps(Cluster cluster) {
        List<ByteSize> sizes = cluster.groups().stream()
                .flatMap(group -> group.node().devices().stream())
                .map(like -> like.accelerator().memory().usableLow())
                .distinct()
                .sorted()
                .toList();
        return IntStream.range(1, sizes.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(
                                i -> sizes.get(i - 1).bytes() - sizes.get(i).bytes())
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_STEPS)
                .sorted()
                .map(sizes::get)
                .toList();
    }

    private static Cluster withDevicesOf(ByteSize least, Cluster cluster) {
        return new Cluster(
                cluster.groups().stream()
                        .flatMap(group -> group.node().withDevicesOf(least).stream()
                                .map(node -> new Cluster.Group(node, group.count())))
                        .toList(),
                cluster.choices());
    }
}
