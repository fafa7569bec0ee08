package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one replica can take of a fleet: the choices of devices that fit, of which none has all that another one has and more.
 * More would be in the way of others and help nothing.
 */
final class SizedWays {
    private static final int MOST_SAID = 4;

    /** The most machines that one replica is tried on. */
    static final int MOST_MACHINES = 128;

    /** The most ways that a search is given of one replica; each is on few devices, those on the fewest are kept. */
    static final int MOST_WAYS = 48;

    private final Order order;
    private final Cluster machines;
    private final long weights;
    private final List<Packing.Way> sure = new ArrayList<>();
    private final List<Packing.Way> possible = new ArrayList<>();
    private final Set<Integer> hopeless = new HashSet<>();
    private @Nullable Verdict last;
    private @Nullable Verdict nearest;
    private @Nullable InvalidLayoutException refused;
    private boolean isRestricted;
    private int sizings;

    SizedWays(Order order, Cluster machines) {
        this.order = order;
        this.machines = machines;
        this.weights = FleetBound.weights(order, machines);
    }

    Order order() {
        return order;
    }

    /** Bytes that a replica can't do without. */
    long weights() {
        return weights;
    }

    /** Ways that fit for sure. */
    List<Packing.Way> sure() {
        return sure;
    }

    /** Ways that fit or are too close to call. */
    List<Packing.Way> possible() {
        return possible;
    }

    /** Whether there may be other ways, which were not tried. */
    boolean isRestricted() {
        return isRestricted;
    }

    void restrict() {
        isRestricted = true;
    }

    /** How often a replica was sized. */
    int sizings() {
        return sizings;
    }

    /** What came closest to fitting, where something could be laid out. */
    Optional<Verdict> nearest() {
        return Optional.ofNullable(nearest);
    }

    /** Why nothing could be laid out, where nothing could. */
    Optional<String> refusal() {
        return refused == null || nearest != null ? Optional.empty() : Optional.ofNullable(refused.getMessage());
    }

    /** Devices without which what is asked for can't be laid out. */
    int fewestDevices() {
        return order.question().apply(new Cluster(machines.groups())).fewestDevices();
    }

    void refuse(String why) {
        refused = new InvalidLayoutException(why);
    }

    /** Whether some way that fits for sure takes no more of any machine than this does. */
    boolean isNeedless(List<Packing.Share> shape) {
        return isBeyond(shape, sure);
    }

    /** Where ranks may leave devices idle, what does not fit all like devices of a machine fits no fewer. */
    void tryMachine(int kind) {
        List<Integer> parts = Fleet.parts(machines.groups().get(kind));
        List<Packing.Share> machine = List.of(new Packing.Share(kind, parts, 1));
        if (parts.size() == 1 && !isTooSmall(machine)) {
            last = null;
            tryWay(machine);
            if (last instanceof Verdict.DoesNotFit
                    && !last.finding().deployment().engine().spreadsLayers()) {
                hopeless.add(kind);
            }
        }
    }

    /** Whether it is too small for the weights whatever the layout, or of one machine on all of which it does not fit. */
    boolean isTooSmall(List<Packing.Share> shape) {
        if (shape.size() == 1 && hopeless.contains(shape.get(0).kind())) {
            return true;
        }
        long left = weights;
        for (Packing.Share share : shape) {
            List<Node.Devices> like = machines.groups().get(share.kind()).node().devices();
            for (int part = 0; part < like.size() && left > 0; part++) {
                long capacity = FleetBound.capacity(like.get(part).accelerator());
                for (int i = 0; i < share.devices().get(part) * share.machines() && left > 0; i++) {
                    left -= Math.min(left, capacity);
                }
            }
        }
        return left > 0;
    }

    /** Sizes a replica on devices whose ranks come in this order; whether it fits for sure. */
    boolean tryWay(List<Packing.Share> inOrder) {
        Packing.Way way = new Packing.Way(joined(inOrder));
        sizings++;
        try {
            Cluster cluster = cluster(way, machines);
            DeploymentBuilder builder = order.question().apply(cluster);
            if (builder.fewestDevices() > cluster.devices()) {
                return false;
            }
            Deployment deployment = builder.build();
            Verdict verdict = Sizing.size(deployment);
            last = verdict;
            if (nearest == null || isNearer(verdict, nearest)) {
                nearest = verdict;
            }
            return !(verdict instanceof Verdict.DoesNotFit) && found(way, deployment, verdict);
        } catch (InvalidLayoutException impossible) {
            refused = impossible;
            return false;
        } catch (IllegalArgumentException refusedHere) {
            if (way.shares().stream().map(Packing.Share::kind).distinct().count() == 1) {
                throw refusedHere;
            }
            return false;
        }
    }

    /** Where machines stay idle, it is a way without them. */
    private boolean found(Packing.Way way, Deployment deployment, Verdict verdict) {
        List<Cluster.Group> used = deployment.cluster().groups();
        List<Packing.Share> taken = way.shares().stream()
                .filter(share -> used.contains(group(share, machines)))
                .toList();
        if (taken.size() < way.shares().size()) {
            return !isNeedless(taken) && tryWay(taken);
        }
        if (deployment.cluster().devices() != way.devices()) {
            isRestricted = true;
            return false;
        }
        add(possible, way);
        if (verdict instanceof Verdict.Fits) {
            add(sure, way);
            return true;
        }
        return false;
    }

    private static void add(List<Packing.Way> ways, Packing.Way way) {
        if (!isBeyond(way.machineByMachine(), ways)) {
            ways.removeIf(other -> isBeyond(other.machineByMachine(), List.of(way)));
            ways.add(way);
        }
    }

    private static boolean isBeyond(List<Packing.Share> shape, List<Packing.Way> ways) {
        return ways.stream().anyMatch(way -> holds(shape, way.machineByMachine()));
    }

    /** Whether each machine of the lesser one has one of its own in the greater one that has as much and more. */
    private static boolean holds(List<Packing.Share> greater, List<Packing.Share> lesser) {
        if (lesser.size() > greater.size()) {
            return false;
        }
        List<Packing.Share> left = new ArrayList<>(greater);
        left.sort((one, other) -> Integer.compare(one.devicesOfEach(), other.devicesOfEach()));
        List<Packing.Share> wanted = new ArrayList<>(lesser);
        wanted.sort((one, other) -> Integer.compare(other.devicesOfEach(), one.devicesOfEach()));
        for (Packing.Share share : wanted) {
            Optional<Packing.Share> there = left.stream()
                    .filter(each -> each.kind() == share.kind() && share.timesIn(each.devices()) > 0)
                    .findFirst();
            if (there.isEmpty()) {
                return false;
            }
            left.remove(there.get());
        }
        return true;
    }

    private static List<Packing.Share> joined(List<Packing.Share> inOrder) {
        List<Packing.Share> joined = new ArrayList<>();
        for (Packing.Share share : inOrder) {
            int last = joined.size() - 1;
            boolean isLike = last >= 0
                    && joined.get(last).kind() == share.kind()
                    && joined.get(last).devices().equals(share.devices());
            if (isLike) {
                joined.set(
                        last,
                        new Packing.Share(
                                share.kind(), share.devices(), joined.get(last).machines() + share.machines()));
            } else {
                joined.add(share);
            }
        }
        return joined;
    }

    /** What a replica stands on that goes a way. */
    static Cluster cluster(Packing.Way way, Cluster machines) {
        return new Cluster(
                way.shares().stream().map(share -> group(share, machines)).toList());
    }

    /** Like devices stand together, those with the most memory first. */
    private static Cluster.Group group(Packing.Share share, Cluster machines) {
        return new Cluster.Group(
                FleetOrder.taken(machines.groups().get(share.kind()).node(), share.devices()), share.machines());
    }

    static boolean isNearer(Verdict one, Verdict other) {
        boolean isClose = one instanceof Verdict.TooCloseToCall;
        return isClose == other instanceof Verdict.TooCloseToCall
                ? one.shortfall().compareTo(other.shortfall()) < 0
                : isClose;
    }

    /** Why a replica has no place beside the others. */
    String whyNotPlaced() {
        if (!sure.isEmpty()) {
            List<String> ways = sure.stream()
                    .map(way -> cluster(way, machines).toString())
                    .distinct()
                    .toList();
            int more = ways.size() - MOST_SAID;
            return "each takes " + String.join(" or ", ways.subList(0, Math.min(ways.size(), MOST_SAID)))
                    + (more > 0 ? " or one of " + more + " other ways" : "") + "; what the others leave is less";
        }
        return nearest().map(SizedWays::said).or(this::refusal).orElse("no machine can serve it");
    }

    private static String said(Verdict closest) {
        return "fits for sure in no way that was tried; closest on "
                + closest.finding().deployment().cluster() + ": " + closest.summary();
    }
}
