package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import io.llmsizing.hardware.Cluster;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where replicas go.
 *
 * @param outcome whether all can be placed
 * @param isProven of replicas that are all placed: that none cheaper exists; otherwise that no more can be placed; in whatever way,
 *     so that it is false where not every way of a replica was tried and no bound proves it
 * @param isSearched the same of the ways of a replica that were tried: the search came to its end
 * @param machines what they were to be placed on
 * @param names of the machines of each kind that have names of their own; empty for the others
 * @param placed the replicas that have a place
 * @param unplaced the others, by order
 * @param dollarsPerHour what the machines in use cost, if that was made least; empty where the number of devices was
 * @param tried states that the search looked at
 */
public record FleetPlan(
        Outcome outcome,
        boolean isProven,
        boolean isSearched,
        Cluster machines,
        List<List<String>> names,
        List<PlacedReplica> placed,
        List<Unplaced> unplaced,
        Optional<BigDecimal> dollarsPerHour,
        long tried) {
    /** Whether all replicas can be placed. */
    public enum Outcome {
        /** All are, and each fits for sure. */
        PLACED,
        /**
         * No placement exists, not even if all that is too close to call did fit; that is proven: every choice of devices was
         * tried, or the weights alone take more than there is.
         */
        IMPOSSIBLE,
        /** None exists in which replicas go the ways that were tried; others may be. */
        NO_WAY_OF_THOSE_TRIED,
        /** Not so that each fits for sure, in the ways that were tried; perhaps if some that is too close to call does fit. */
        TOO_CLOSE_TO_CALL,
        /** Nothing was found before the search was given up. */
        NOT_FOUND;

        /**
         * The name in machine-readable answers.
         *
         * @return lower case, such as {@code too_close_to_call}
         */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Replicas without a place.
     *
     * @param order by name
     * @param replicas how many of it
     * @param reason why
     */
    public record Unplaced(String order, int replicas, String reason) {}

    /**
     * Copies the lists.
     *
     * @param outcome as documented above
     * @param isProven as documented above
     * @param isSearched as documented above
     * @param machines as documented above
     * @param names as documented above
     * @param placed as documented above
     * @param unplaced as documented above
     * @param dollarsPerHour as documented above
     * @param tried as documented above
     */
    public FleetPlan {
        names = ImmutableList.copyOf(names);
        placed = ImmutableList.copyOf(placed);
        unplaced = ImmutableList.copyOf(unplaced);
    }

    /**
     * Devices in use.
     *
     * @return those of all placed replicas
     */
    public int devices() {
        return placed.stream().mapToInt(PlacedReplica::devices).sum();
    }

    /**
     * A machine for people.
     *
     * @param kind of machine, from 0
     * @param machine of that kind, from 0
     * @return its own name, or the name of its kind with its number from 1
     */
    public String machine(int kind, int machine) {
        if (!names.get(kind).isEmpty()) {
            return names.get(kind).get(machine);
        }
        return kind(kind) + " #" + (machine + 1);
    }

    /**
     * A kind of machine for people.
     *
     * @param kind from 0
     * @return the name of its type, or its devices
     */
    public String kind(int kind) {
        Cluster.Group group = machines.groups().get(kind);
        return group.node().name().isEmpty()
                ? group.node().toString()
                : group.node().name();
    }
}
