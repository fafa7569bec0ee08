package io.llmsizing.parallel;

import com.google.common.collect.ImmutableList;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Partition;
import io.llmsizing.units.Exact;
import java.util.List;
import java.util.Optional;

/**
 * Which devices the ranks of a layout take. Ranks follow each other as the devices of the cluster do: those that share a
 * layer are neighbours, behind them come those of the next stage, and behind all stages the next replica.
 */
public final class Placement {
    private final Cluster cluster;
    private final ParallelLayout layout;
    private final List<Cluster.Run> runs;

    private Placement(Cluster cluster, ParallelLayout layout) {
        this.cluster = cluster;
        this.layout = layout;
        this.runs = cluster.runs();
    }

    /**
     * The ranks of a layout on a cluster that has a device for each.
     *
     * @param cluster the devices
     * @param layout the ranks
     * @return where they are
     */
    public static Placement of(Cluster cluster, ParallelLayout layout) {
        return new Placement(cluster, layout);
    }

    /**
     * The kinds of devices that ranks of one stage are on, over all replicas.
     *
     * @param stage 0 to the last
     * @return at least one, in the cluster's order
     */
    public List<Accelerator> devicesOf(int stage) {
        if (runs.size() == 1) {
            return List.of(runs.get(0).accelerator());
        }
        return runs.stream()
                .filter(run -> holdsStage(run, stage))
                .map(Cluster.Run::accelerator)
                .distinct()
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * The kinds of devices that ranks are on.
     *
     * @return at least one, in the cluster's order
     */
    public List<Accelerator> devices() {
        if (runs.size() == 1) {
            return List.of(runs.get(0).accelerator());
        }
        return runs.stream()
                .filter(run -> run.first() < layout.ranks())
                .map(Cluster.Run::accelerator)
                .distinct()
                .collect(ImmutableList.toImmutableList());
    }

    /** A run of devices as long as a replica holds every stage; a shorter one touches two replicas at most. */
    private boolean holdsStage(Cluster.Run run, int stage) {
        long replica = (long) layout.tensor() * layout.pipeline();
        long first = run.first();
        long behind = Math.min(first + run.count(), replica * layout.data());
        for (long start : new long[] {first / replica * replica, (behind - 1) / replica * replica}) {
            long from = start + (long) stage * layout.tensor();
            if (first < behind && first < from + layout.tensor() && from < behind) {
                return true;
            }
        }
        return behind - first >= replica;
    }

    /**
     * Whether ranks that share a layer are in more than one node.
     *
     * @return whether tensor parallelism crosses the network
     */
    public boolean crossesNodes() {
        long used = layout.ranks();
        long start = 0;
        for (Cluster.Group group : cluster.groups()) {
            long width = group.node().deviceCount();
            for (long node = 0; node < Math.min(group.count(), layout.tensor()); node++) {
                long edge = start + node * width;
                if (edge >= used) {
                    return false;
                }
                if (!Exact.isMultiple(edge, layout.tensor())) {
                    return true;
                }
            }
            start += width * group.count();
        }
        return start < used;
    }

    /**
     * Why the devices can't serve the ranks together.
     *
     * @return reason and way out, or nothing
     */
    public Optional<String> violation() {
        boolean joined = layout.tensor() * layout.pipeline() > 1;
        return joined && takesPart()
                ? Optional.of(
                        "layout " + layout + " on parts of devices: a process sees one MIG instance, and instances have"
                                + " no way to each other; use data parallel alone, or whole devices")
                : Optional.empty();
    }

    private boolean takesPart() {
        for (Cluster.Run run : runs) {
            if (run.first() < layout.ranks() && run.accelerator().category().equals(Partition.CATEGORY)) {
                return true;
            }
        }
        return false;
    }
}
