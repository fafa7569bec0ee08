package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Which replicas go on which machines, in whole numbers alone.
 *
 * @param kinds like machines together
 * @param demands like replicas together
 * @param priced whether the machines that are taken cost their price; if not, devices that are taken cost 1 each
 */
record Packing(List<Kind> kinds, List<Demand> demands, boolean priced) {
    /** A part that stands for all devices of whole machines. */
    static final int WHOLE = -1;

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
     * What one replica takes.
     *
     * @param kind of machine
     * @param part which of its devices, or {@link #WHOLE}
     * @param amount of devices of one machine; of machines where they are taken whole
     */
    record Way(int kind, int part, int amount) {
        boolean takesWhole() {
            return part == WHOLE;
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
        return priced ? 0 : devices(way);
    }

    /** What it costs to be the first on a machine. */
    long opening(int kind) {
        return priced ? kinds.get(kind).price() : 0;
    }

    long devices(Way way) {
        return way.takesWhole() ? (long) way.amount() * kinds.get(way.kind()).devices() : way.amount();
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
