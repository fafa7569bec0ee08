package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkState;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the replicas of a search machines and devices by number, and checks all of it again without the search: each device has
 * one replica at most, and each replica is built on its devices and fits.
 */
final class Placing {
    private final Cluster machines;
    private final Map<Machine, List<Integer>> free = new HashMap<>();
    private final int[] opened;

    private record Machine(int kind, int number) {}

    private Placing(Cluster machines) {
        this.machines = machines;
        this.opened = new int[machines.groups().size()];
    }

    /**
     * The replicas on their devices, in the order of the orders.
     *
     * @param orders as the search has them as demands
     * @throws IllegalStateException if a device is taken twice or is not there, or a replica does not fit: a fault of the search
     */
    static List<PlacedReplica> of(Cluster machines, List<Order> orders, List<PackingSearch.Step> steps) {
        Placing placing = new Placing(machines);
        int[] numbers = new int[orders.size()];
        List<PlacedReplica> placed = new ArrayList<>();
        for (PackingSearch.Step step : steps) {
            List<PlacedReplica.Place> places = placing.places(step);
            Order order = orders.get(step.demand());
            numbers[step.demand()]++;
            placed.add(new PlacedReplica(
                    order.name(),
                    numbers[step.demand()],
                    places,
                    order.question().apply(cluster(machines, places)).build()));
        }
        check(machines, placed);
        return placed;
    }

    private List<PlacedReplica.Place> places(PackingSearch.Step step) {
        Packing.Way way = step.way();
        Node node = machines.groups().get(way.kind()).node();
        List<Integer> all = node.devices().stream().map(Node.Devices::count).toList();
        if (way.takesWhole()) {
            List<PlacedReplica.Place> places = new ArrayList<>();
            for (int i = 0; i < way.amount(); i++) {
                Machine machine = new Machine(way.kind(), opened[way.kind()]++);
                free.put(machine, all.stream().map(count -> 0).toList());
                places.add(new PlacedReplica.Place(way.kind(), machine.number, 0, node.deviceCount()));
            }
            return places;
        }
        Machine machine = step.room().map(this::first).orElseGet(() -> new Machine(way.kind(), opened[way.kind()]++));
        List<Integer> before = free.getOrDefault(machine, all);
        int first =
                all.subList(0, way.part()).stream().mapToInt(Integer::intValue).sum()
                        + all.get(way.part())
                        - before.get(way.part());
        free.put(machine, Rooms.after(new Rooms.Room(way.kind(), before), way).free());
        return List.of(new PlacedReplica.Place(way.kind(), machine.number, first, way.amount()));
    }

    private Machine first(Rooms.Room room) {
        for (int number = 0; number < opened[room.kind()]; number++) {
            Machine machine = new Machine(room.kind(), number);
            if (room.free().equals(free.get(machine))) {
                return machine;
            }
        }
        throw new IllegalStateException("no machine has what the search took of it: " + room);
    }

    private static Cluster cluster(Cluster machines, List<PlacedReplica.Place> places) {
        PlacedReplica.Place place = places.get(0);
        Cluster.Group group = machines.groups().get(place.kind());
        int part = 0;
        int before = 0;
        while (place.first() >= before + group.node().devices().get(part).count()) {
            before += group.node().devices().get(part).count();
            part++;
        }
        boolean isWhole = place.devices() == group.node().deviceCount();
        return SizedWays.cluster(
                isWhole
                        ? new Packing.Way(place.kind(), Packing.WHOLE, places.size())
                        : new Packing.Way(place.kind(), part, place.devices()),
                group);
    }

    /** Nothing of what the search knows is asked here. */
    static void check(Cluster machines, List<PlacedReplica> placed) {
        Map<Machine, BitSet> taken = new HashMap<>();
        for (PlacedReplica replica : placed) {
            Deployment deployment = replica.deployment();
            checkState(Sizing.fits(deployment), "%s was placed where it does not fit", deployment);
            checkState(
                    deployment.cluster().devices() == replica.devices(),
                    "%s has other devices than it was given",
                    deployment);
            for (PlacedReplica.Place place : replica.places()) {
                Cluster.Group group = machines.groups().get(place.kind());
                int behind = place.first() + place.devices();
                checkState(
                        place.machine() < group.count()
                                && behind <= group.node().deviceCount(),
                        "%s is not there",
                        place);
                BitSet devices =
                        taken.computeIfAbsent(new Machine(place.kind(), place.machine()), unseen -> new BitSet());
                checkState(
                        devices.get(place.first(), behind).isEmpty(), "%s has devices that were taken before", place);
                devices.set(place.first(), behind);
            }
        }
    }
}
