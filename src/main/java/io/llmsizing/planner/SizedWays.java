package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one replica can take of the machines of one kind: the fewest like devices of one machine that are enough, of each part of
 * it; only where no part is enough, the fewest whole machines. More of either would be in the way of others and help nothing.
 */
final class SizedWays {
    /** The most machines that one replica is tried on. */
    static final int MOST_MACHINES = 128;

    private final Order order;
    private final int kind;
    private final Cluster.Group machines;
    private final List<Packing.Way> sure = new ArrayList<>();
    private final List<Packing.Way> possible = new ArrayList<>();
    private @Nullable Verdict nearest;
    private @Nullable InvalidLayoutException refused;

    private SizedWays(Order order, int kind, Cluster.Group machines) {
        this.order = order;
        this.kind = kind;
        this.machines = machines;
    }

    static SizedWays of(Order order, int kind, Cluster.Group machines) {
        SizedWays ways = new SizedWays(order, kind, machines);
        Node node = machines.node();
        for (int part = 0; part < node.devices().size(); part++) {
            ways.find(part, 1, node.devices().get(part).count());
        }
        if (ways.sure.isEmpty()) {
            ways.find(Packing.WHOLE, node.devices().size() == 1 ? 2 : 1, Math.min(machines.count(), MOST_MACHINES));
        }
        return ways;
    }

    /** Ways that fit for sure. */
    List<Packing.Way> sure() {
        return sure;
    }

    /** Ways that fit or are too close to call. */
    List<Packing.Way> possible() {
        return possible;
    }

    /** What came closest to fitting, where something could be laid out. */
    Optional<Verdict> nearest() {
        return Optional.ofNullable(nearest);
    }

    /** Why nothing could be laid out, where nothing could. */
    Optional<String> refusal() {
        return refused == null || nearest != null ? Optional.empty() : Optional.ofNullable(refused.getMessage());
    }

    /** What a replica stands on that goes a way. */
    static Cluster cluster(Packing.Way way, Cluster.Group machines) {
        if (way.takesWhole()) {
            return new Cluster(List.of(new Cluster.Group(machines.node(), way.amount())));
        }
        Node node = machines.node();
        Node.Devices like = node.devices().get(way.part());
        if (way.amount() == node.deviceCount()) {
            return new Cluster(List.of(new Cluster.Group(node, 1)));
        }
        long memory = Math.multiplyExact(node.hostMemory().bytes(), (long) way.amount()) / node.deviceCount();
        Node share = new Node(
                "",
                List.of(new Node.Devices(like.accelerator(), way.amount(), like.terms())),
                node.network(),
                ByteSize.ofBytes(memory));
        return new Cluster(List.of(new Cluster.Group(share, 1)));
    }

    private void find(int part, int least, int most) {
        Packing.Way all = new Packing.Way(kind, part, most);
        if (most < least) {
            return;
        }
        DeploymentBuilder onAll = order.question().apply(cluster(all, machines));
        int each = part == Packing.WHOLE ? machines.node().deviceCount() : 1;
        int amount = (int) Math.max(least, Exact.ceilDiv(onAll.fewestDevices(), each));
        if (amount > most) {
            refused = new InvalidLayoutException("what is asked for takes " + onAll.fewestDevices() + " devices; "
                    + cluster(all, machines) + " has " + (long) most * each);
            return;
        }
        Optional<Verdict> atMost = sized(all);
        if (atMost.isPresent() && isHopeless(atMost.get())) {
            return;
        }
        boolean isPossible = part == Packing.WHOLE && !possible.isEmpty();
        for (; amount <= most; amount++) {
            Packing.Way way = new Packing.Way(kind, part, amount);
            Optional<Verdict> verdict = sized(way);
            boolean fits = verdict.filter(Verdict.Fits.class::isInstance).isPresent();
            if (!isPossible && verdict.isPresent() && !(verdict.get() instanceof Verdict.DoesNotFit)) {
                possible.add(way);
                isPossible = true;
            }
            if (fits) {
                sure.add(way);
                return;
            }
        }
    }

    /** Where ranks may leave devices idle, what does not fit all devices fits no fewer. */
    private static boolean isHopeless(Verdict verdict) {
        return verdict instanceof Verdict.DoesNotFit
                && !verdict.finding().deployment().engine().spreadsLayers();
    }

    private Optional<Verdict> sized(Packing.Way way) {
        try {
            Deployment deployment =
                    order.question().apply(cluster(way, machines)).build();
            Verdict verdict = Sizing.size(deployment);
            if (nearest == null || isNearer(verdict, nearest)) {
                nearest = verdict;
            }
            return Optional.of(verdict);
        } catch (InvalidLayoutException impossible) {
            refused = impossible;
            return Optional.empty();
        }
    }

    static boolean isNearer(Verdict one, Verdict other) {
        boolean isClose = one instanceof Verdict.TooCloseToCall;
        return isClose == other instanceof Verdict.TooCloseToCall
                ? one.shortfall().compareTo(other.shortfall()) < 0
                : isClose;
    }
}
