package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.List;

/**
 * Which replicas go on which machines, in whole numbers alone.
 *
 * @param kinds like machines together
 * @param demands like replicas together
 * @param priced whether the machines that are taken cost their price; if not, devices that are taken cost 1 each
 */
record Packing(List<Kind> kinds, List<Demand> demands, boolean priced) {
    /**
     * Like machines.
     *
     * @param machines how many
     * @param parts devices of each of them, those that are alike together
     * @param price of each of them, 0 where prices do not count
     */
    record Kind(int machines, List<Integer> parts, long price) {
        Kind {
            parts = ImmutableList.copyOf(parts);
        }

        int devices() {
            return parts.stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * What one replica takes of like machines.
     *
     * @param kind of machine
     * @param devices of each part of each of these machines, at least one in all
     * @param machines how many, each another one
     */
    record Share(int kind, List<Integer> devices, int machines) {
        Share {
            devices = ImmutableList.copyOf(devices);
        }

        int devicesOfEach() {
            return devices.stream().mapToInt(Integer::intValue).sum();
        }

        /** How many replicas could take this of one machine of which so much is free. */
        int timesIn(List<Integer> free) {
            int times = Integer.MAX_VALUE;
            for (int part = 0; part < devices.size(); part++) {
                if (devices.get(part) > 0) {
                    times = Math.min(times, free.get(part) / devices.get(part));
                }
            }
            return times;
        }
    }

    /**
     * What one replica takes, each share of other machines.
     *
     * @param shares in the order in which ranks take them
     */
    record Way(List<Share> shares) {
        Way {
            shares = ImmutableList.copyOf(shares);
        }

        int machines() {
            return shares.stream().mapToInt(Share::machines).sum();
        }

        int devices() {
            return shares.stream()
                    .mapToInt(share -> share.machines() * share.devicesOfEach())
                    .sum();
        }

        /** A share for each machine. */
        List<Share> machineByMachine() {
            return shares.stream()
                    .flatMap(share ->
                            Collections.nCopies(share.machines(), new Share(share.kind(), share.devices(), 1)).stream())
                    .toList();
        }
    }

    /**
     * Like replicas.
     *
     * @param replicas how many
     * @param ways of which each takes one
     */
    record Demand(int replicas, List<Way> ways) {
        Demand {
            ways = ImmutableList.copyOf(ways);
        }
    }

    Packing {
        kinds = ImmutableList.copyOf(kinds);
        demands = ImmutableList.copyOf(demands);
    }

    /** What a way costs by itself, without the machines that it is the first on. */
    long cost(Way way) {
        return priced ? 0 : way.devices();
    }

    /** What it costs to be the first on a machine. */
    long opening(int kind) {
        return priced ? kinds.get(kind).price() : 0;
    }

    int replicas() {
        return demands.stream().mapToInt(Demand::replicas).sum();
    }

    /** More than any placement costs. */
    long beyondAll() {
        long sum = 1;
        for (Kind kind : kinds) {
            long each = priced ? kind.price() : kind.devices();
            sum = Math.addExact(sum, Math.multiplyExact(each, (long) kind.machines()));
        }
        return sum;
    }
}
