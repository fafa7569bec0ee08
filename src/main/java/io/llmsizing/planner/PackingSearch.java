package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Branch and bound: demand by demand, replica by replica, each on one of the rooms that are told apart. A state that was
 * reached before at no higher cost is not searched again.
 */
final class PackingSearch {
    /** Replicas that are left out cost so many times what all machines do, so that a fraction of one shows in the bound. */
    private static final int DETERRENT = 1 << 10;

    static final int STATES = 1_000;

    private final Packing packing;
    private final PackingBound bound;
    private final LinearRelaxation relaxation;
    private final long penalty;
    private final long limit;
    private final Map<State, Long> reached = new HashMap<>();
    private final List<Step> path = new ArrayList<>();
    private List<Step> best = List.of();
    private long bestCost;
    private boolean found;
    private long tried;
    private boolean isCut;
    private final Runnable thousand;

    /**
     * A replica that is placed.
     *
     * @param demand it is of
     * @param way that it takes
     * @param rooms of which a machine is taken, for each machine of the way; nothing for one that is not in use
     */
    record Step(int demand, Packing.Way way, List<Optional<Rooms.Room>> rooms) {
        Step {
            rooms = ImmutableList.copyOf(rooms);
        }
    }

    /**
     * What was found.
     *
     * @param steps the replicas that are placed, in the order in which they can be
     * @param isFound whether there is anything within what was allowed
     * @param isProven whether nothing is better, or nothing can be found
     * @param tried states that were looked at
     */
    record Packed(List<Step> steps, boolean isFound, boolean isProven, long tried) {}

    private record State(int demand, int left, Rooms rooms) {}

    private record Branch(long worth, int leftover, Rooms rooms, Step step, long cost) {}

    private PackingSearch(Packing packing, long penalty, long below, long limit, Runnable thousand) {
        this.thousand = thousand;
        this.packing = packing;
        this.penalty = penalty;
        this.limit = limit;
        this.bound = new PackingBound(packing, penalty);
        this.relaxation = new LinearRelaxation(packing, penalty, bound.fillings());
        this.bestCost = below;
    }

    /** The cheapest placement of all replicas. */
    static Packed all(Packing packing, long limit) {
        return all(packing, limit, () -> {});
    }

    /** The same, told of each thousand states that were looked at. */
    static Packed all(Packing packing, long limit, Runnable thousand) {
        long beyond = packing.beyondAll();
        return new PackingSearch(packing, Math.multiplyExact(beyond, (long) DETERRENT), beyond, limit, thousand)
                .packed();
    }

    /** The cheapest placement of the most replicas. */
    static Packed most(Packing packing, long limit) {
        return most(packing, limit, () -> {});
    }

    /** The same, told of each thousand states that were looked at. */
    static Packed most(Packing packing, long limit, Runnable thousand) {
        long beyond = packing.beyondAll();
        long none = Math.multiplyExact(beyond, packing.replicas() + 1L);
        return new PackingSearch(packing, beyond, none, limit, thousand).packed();
    }

    private Packed packed() {
        place(0, packing.demands().get(0).replicas(), Rooms.of(packing), 0, 0, bound.cheapest(), true);
        return new Packed(best, found, tried <= limit && !isCut, tried);
    }

    private void place(
            int at, int left, Rooms rooms, long cost, long atLeast, PackingBound.Prices known, boolean isNew) {
        if (at == packing.demands().size()) {
            take(cost);
            return;
        }
        if (tried > limit || atLeast >= bestCost || ++tried > limit || isReached(new State(at, left, rooms), cost)) {
            return;
        }
        if (tried % STATES == 0) {
            thousand.run();
        }
        PackingBound.Prices prices = isNew ? relaxation.prices(at, left, rooms).orElse(known) : known;
        long least = Math.max(atLeast, cost + bound.least(prices, at, left, rooms));
        for (Branch branch : least >= bestCost ? List.<Branch>of() : branches(at, rooms, prices)) {
            path.add(branch.step);
            next(at, left - 1, branch.rooms, cost + branch.cost, least, prices);
            path.remove(path.size() - 1);
        }
        long without = cost + penalty * left;
        if (Math.max(least, without) < bestCost) {
            next(at, 0, rooms, without, least, prices);
        }
    }

    private void next(int at, int left, Rooms rooms, long cost, long atLeast, PackingBound.Prices prices) {
        if (left > 0) {
            place(at, left, rooms, cost, atLeast, prices, false);
        } else {
            int next = at + 1;
            int all = next == packing.demands().size()
                    ? 0
                    : packing.demands().get(next).replicas();
            place(next, all, rooms, cost, atLeast, prices, true);
        }
    }

    private void take(long cost) {
        if (cost < bestCost) {
            bestCost = cost;
            best = ImmutableList.copyOf(path);
            found = true;
        }
    }

    private boolean isReached(State state, long cost) {
        Long before = reached.get(state);
        if (before != null && before <= cost) {
            return true;
        }
        reached.put(state, cost);
        return false;
    }

    /** The ways of a replica, those first that are worth most at the given prices, and of these the tightest. */
    private List<Branch> branches(int at, Rooms rooms, PackingBound.Prices prices) {
        List<Branch> branches = new ArrayList<>();
        for (Packing.Way way : packing.demands().get(at).ways()) {
            PackingChoices choices = PackingChoices.of(way, rooms, packing);
            isCut |= choices.isCut();
            for (List<Integer> chosen : choices.all()) {
                branches.add(branch(at, way, chosen, rooms, prices));
            }
        }
        branches.sort(Comparator.comparingLong(Branch::worth)
                .thenComparingInt(branch -> branch.step.way().machines())
                .thenComparingInt(Branch::leftover));
        return branches;
    }

    private Branch branch(int at, Packing.Way way, List<Integer> chosen, Rooms rooms, PackingBound.Prices prices) {
        List<Packing.Share> shares = way.machineByMachine();
        List<Optional<Rooms.Room>> taken = new ArrayList<>();
        long cost = packing.cost(way);
        long worth = cost * prices.scale();
        int leftover = 0;
        for (int i = 0; i < shares.size(); i++) {
            Packing.Share share = shares.get(i);
            if (chosen.get(i) == Rooms.UNTOUCHED) {
                taken.add(Optional.empty());
                cost += packing.opening(share.kind());
                worth += bound.taken(prices.untouched(), share);
                leftover += packing.kinds().get(share.kind()).devices();
            } else {
                Rooms.Room room = rooms.room(chosen.get(i));
                taken.add(Optional.of(room));
                worth += bound.taken(prices.touched(), share);
                leftover += Rooms.after(room, share).free().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
            }
        }
        return new Branch(worth, leftover, rooms.after(shares, chosen, packing), new Step(at, way, taken), cost);
    }
}
