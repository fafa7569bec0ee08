package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkState;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
                    order.question()
                            .apply(SizedWays.cluster(step.way(), machines))
                            .build()));
        }
        check(machines, placed);
        return placed;
    }

    private List<PlacedReplica.Place> places(PackingSearch.Step step) {
        List<Packing.Share> shares = step.way().machineByMachine();
        Set<Machine> taken = new LinkedHashSet<>();
        for (int i = 0; i < shares.size(); i++) {
            int kind = shares.get(i).kind();
            taken.add(step.rooms()
                    .get(i)
                    .map(room -> first(room, taken))
                    .orElseGet(() -> new Machine(kind, opened[kind]++)));
        }
        List<PlacedReplica.Place> places = new ArrayList<>();
        List<Machine> inOrder = List.copyOf(taken);
        for (int i = 0; i < shares.size(); i++) {
            places.addAll(places(shares.get(i), inOrder.get(i)));
        }
        return places;
    }

    private List<PlacedReplica.Place> places(Packing.Share share, Machine machine) {
        List<Integer> all = Fleet.parts(machines.groups().get(machine.kind));
        List<Integer> before = free.getOrDefault(machine, all);
        List<PlacedReplica.Place> places = new ArrayList<>();
        int behind = 0;
        for (int part = 0; part < all.size(); part++) {
            behind += all.get(part);
            int devices = share.devices().get(part);
            int first = behind - before.get(part);
            PlacedReplica.Place last = places.isEmpty() ? null : places.get(places.size() - 1);
            if (devices > 0 && last != null && last.first() + last.devices() == first) {
                places.set(
                        places.size() - 1,
                        new PlacedReplica.Place(machine.kind, machine.number, last.first(), last.devices() + devices));
            } else if (devices > 0) {
                places.add(new PlacedReplica.Place(machine.kind, machine.number, first, devices));
            }
        }
        free.put(
                machine,
                Rooms.after(new Rooms.Room(machine.kind, before), share).free());
        return places;
    }

    private Machine first(Rooms.Room room, Set<Machine> others) {
        for (int number = 0; number < opened[room.kind()]; number++) {
            Machine machine = new Machine(room.kind(), number);
            if (!others.contains(machine) && room.free().equals(free.get(machine))) {
                return machine;
            }
        }
        throw new IllegalStateException("no machine has what the search took of it: " + room);
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
            checkState(
                    accelerators(deployment.cluster()).equals(accelerators(machines, replica.places())),
                    "%s has devices of another kind than it was given",
                    deployment);
        }
    }

    private static Map<Accelerator, Integer> accelerators(Cluster cluster) {
        Map<Accelerator, Integer> counts = new HashMap<>();
        for (Cluster.Group group : cluster.groups()) {
            group.node()
                    .devices()
                    .forEach(like -> counts.merge(like.accelerator(), like.count() * group.count(), Integer::sum));
        }
        return counts;
    }

    private static Map<Accelerator, Integer> accelerators(Cluster machines, List<PlacedReplica.Place> places) {
        Map<Accelerator, Integer> counts = new HashMap<>();
        for (PlacedReplica.Place place : places) {
            List<Accelerator> devices = machines.groups().get(place.kind()).node().devices().stream()
                    .flatMap(like -> Collections.nCopies(like.count(), like.accelerator()).stream())
                    .skip(place.first())
                    .limit(place.devices())
                    .toList();
            devices.forEach(device -> counts.merge(device, 1, Integer::sum));
        }
        return counts;
    }
}
