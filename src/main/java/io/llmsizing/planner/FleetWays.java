package io.llmsizing.planner;

import io.llmsizing.hardware.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds the ways of one replica: every choice of devices, the fewest first, as long as that can be afforded; beyond that parts of
 * one machine, two parts, whole machines, and whole machines with a part of one more.
 */
final class FleetWays {
    /** Sizings of one replica on one kind of machine, and again on unlike machines, before choices are left out. */
    private static final int MOST_SIZINGS = 160;

    /** The same on all kinds of machines together, where there are many. */
    private static final int MOST_OF_ALL = 960;

    private final SizedWays ways;
    private final Cluster machines;
    private final int least;

    private FleetWays(SizedWays ways, Cluster machines) {
        this.ways = ways;
        this.machines = machines;
        this.least = ways.fewestDevices();
    }

    /** On machines of one kind. */
    static SizedWays ofLike(Order order, Cluster machines) {
        SizedWays ways = new SizedWays(order, machines);
        FleetWays found = new FleetWays(ways, machines);
        if (found.least > machines.devices()) {
            ways.refuse(
                    "what is asked for takes " + found.least + " devices; " + machines + " has " + machines.devices());
            return ways;
        }
        for (int kind : FleetOrder.kinds(machines)) {
            ways.tryMachine(kind);
            if (!found.tryEvery(List.of(kind))) {
                ways.restrict();
                found.trySome(kind);
            }
        }
        return ways;
    }

    /** On unlike machines too. */
    static void addUnlike(SizedWays ways, Cluster machines) {
        FleetWays found = new FleetWays(ways, machines);
        if (machines.groups().size() > 1
                && found.least <= machines.devices()
                && !found.tryEvery(FleetOrder.kinds(machines))) {
            ways.restrict();
            found.trySomeUnlike();
        }
    }

    /** Whether it came to an end: larger choices have all that a smaller one has. */
    private boolean tryEvery(List<Integer> kinds) {
        FleetShapes shapes = new FleetShapes(machines, kinds, ways::isNeedless);
        int before = ways.sizings();
        int mostSizings = kinds.size() > 1
                ? MOST_SIZINGS
                : Math.min(MOST_SIZINGS, MOST_OF_ALL / machines.groups().size());
        int most = kinds.stream()
                .map(machines.groups()::get)
                .mapToInt(group -> Math.min(group.count(), SizedWays.MOST_MACHINES)
                        * group.node().deviceCount())
                .sum();
        for (int devices = least; devices <= most; devices++) {
            List<List<Packing.Share>> ofSize = shapes.ofSize(devices);
            for (List<Packing.Share> shape : ofSize) {
                boolean isOfOther = kinds.size() > 1 && isOfOne(shape);
                if (isOfOther || ways.isTooSmall(shape)) {
                    continue;
                }
                if (ways.sizings() - before >= mostSizings || ways.sure().size() >= SizedWays.MOST_WAYS) {
                    return false;
                }
                tryOrders(shape);
            }
            if (ofSize.isEmpty() || shapes.isCut()) {
                break;
            }
        }
        boolean isWhole =
                kinds.stream().allMatch(kind -> machines.groups().get(kind).count() <= SizedWays.MOST_MACHINES);
        return isWhole && !shapes.isCut();
    }

    private static boolean isOfOne(List<Packing.Share> shape) {
        return shape.stream().mapToInt(Packing.Share::kind).distinct().count() == 1;
    }

    private void tryOrders(List<Packing.Share> shape) {
        List<List<Packing.Share>> orders = FleetOrder.of(shape);
        for (List<Packing.Share> order : orders.subList(0, Math.min(orders.size(), FleetOrder.MOST))) {
            if (ways.tryWay(order)) {
                return;
            }
        }
        boolean hasUnlikeDevices = shape.stream()
                .anyMatch(share ->
                        share.devices().stream().filter(amount -> amount > 0).count() > 1);
        if (orders.size() > FleetOrder.MOST || hasUnlikeDevices) {
            ways.restrict();
        }
    }

    private boolean tryShape(List<Packing.Share> shape) {
        return !ways.isNeedless(shape) && !ways.isTooSmall(shape) && ways.tryWay(shape);
    }

    private void trySome(int kind) {
        Cluster.Group group = machines.groups().get(kind);
        List<Integer> parts = Fleet.parts(group);
        for (int part = 0; part < parts.size(); part++) {
            boolean fits = false;
            for (int amount = 1; amount <= parts.get(part) && !fits; amount++) {
                fits = tryShape(List.of(Fleet.share(kind, parts, part, amount)));
            }
        }
        boolean isOfLargest = parts.size() == 1;
        for (Packing.Share share : isOfLargest ? List.<Packing.Share>of() : FleetOrder.largest(machines, kind)) {
            isOfLargest = isOfLargest || tryShape(List.of(share));
        }
        Packing.Share whole = new Packing.Share(kind, parts, 1);
        int most = Math.min(group.count(), SizedWays.MOST_MACHINES);
        int count = 1;
        while (count <= most && !tryShape(Collections.nCopies(count, whole))) {
            count++;
        }
        if (parts.size() == 1 && most > 1) {
            tryTwoParts(kind, parts);
            if (count > 2 && count <= most) {
                tryWithPart(kind, parts, count - 1);
            }
        }
    }

    private void tryTwoParts(int kind, List<Integer> parts) {
        int width = parts.get(0);
        for (int devices = 2; devices <= 2 * width; devices++) {
            boolean fits = false;
            for (int more = Math.min(width, devices - 1); 2 * more >= devices; more--) {
                fits |= tryShape(
                        List.of(Fleet.share(kind, parts, 0, more), Fleet.share(kind, parts, 0, devices - more)));
            }
            if (fits) {
                return;
            }
        }
    }

    private void tryWithPart(int kind, List<Integer> parts, int whole) {
        boolean fits = false;
        for (int part = 1; part < parts.get(0) && !fits; part++) {
            List<Packing.Share> shape = new ArrayList<>(Collections.nCopies(whole, new Packing.Share(kind, parts, 1)));
            shape.add(Fleet.share(kind, parts, 0, part));
            fits = tryShape(shape);
        }
    }

    /** Whole machines of two kinds, those with the larger devices first, and at last all machines. */
    private void trySomeUnlike() {
        List<Integer> kinds = FleetOrder.kinds(machines);
        int before = ways.sizings();
        List<Packing.Share> all = new ArrayList<>();
        for (int one : kinds) {
            for (int other : kinds.subList(kinds.indexOf(one) + 1, kinds.size())) {
                boolean fits = false;
                int most = most(one) + most(other);
                for (int count = 2; count <= most && !fits && ways.sizings() - before < MOST_SIZINGS; count++) {
                    for (int first = Math.min(count - 1, most(one));
                            first >= Math.max(1, count - most(other));
                            first--) {
                        fits |= tryShape(whole(one, first, other, count - first));
                    }
                }
            }
            all.addAll(Collections.nCopies(most(one), whole(one)));
        }
        if (all.size() <= SizedWays.MOST_MACHINES) {
            tryShape(all);
        }
    }

    private int most(int kind) {
        return Math.min(machines.groups().get(kind).count(), SizedWays.MOST_MACHINES);
    }

    private Packing.Share whole(int kind) {
        return new Packing.Share(kind, Fleet.parts(machines.groups().get(kind)), 1);
    }

    private List<Packing.Share> whole(int one, int first, int other, int second) {
        List<Packing.Share> shape = new ArrayList<>(Collections.nCopies(first, whole(one)));
        shape.addAll(Collections.nCopies(second, whole(other)));
        return shape;
    }
}
