package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Places replicas of several models on unlike machines. A replica takes devices of which none can be left out: of one machine
 * or of several of one kind, and of unlike machines where it goes no other way. Where there are too many choices to size them
 * all, some are tried: see {@link FleetPlan}. Of all placements the one on the fewest devices is searched, or the cheapest where
 * the price of every machine is known. The search is exact; where it is given up, that is said.
 *
 * <p>Worked value: two replicas of Llama-3.1-70B and two of Llama-3.1-8B, each with 4 sequences of 32,768 tokens under vLLM 0.19, take
 * all devices of a machine of eight H100: 3, 3, 1 and 1.
 */
public final class Fleet {
    /** The most kinds of machines. */
    public static final int MOST_KINDS = 100;

    /** The most orders. */
    public static final int MOST_ORDERS = 100;

    private static final int MOST_TRIES = 200_000;

    private final Cluster machines;
    private final List<List<String>> names;
    private final List<Order> orders = new ArrayList<>();
    private PriceList prices = PriceList.UNKNOWN;
    private int mostTries = MOST_TRIES;
    private Runnable progress = () -> {};

    private Fleet(Cluster machines, List<List<String>> names) {
        checkArgument(
                machines.groups().size() <= MOST_KINDS,
                "%s kinds of machines; 1 to %s allowed: machines that differ in their free memory alone are kinds of their"
                        + " own, leave some out or write the cluster",
                machines.groups().size(),
                MOST_KINDS);
        this.machines = machines;
        this.names = names;
    }

    /**
     * A fleet.
     *
     * @param machines like ones together, up to 100 kinds
     * @return the fleet without orders
     * @throws IllegalArgumentException if there are too many kinds
     */
    public static Fleet of(Cluster machines) {
        return new Fleet(
                machines,
                machines.groups().stream().map(group -> List.<String>of()).toList());
    }

    /**
     * A fleet whose machines have names.
     *
     * @param inventory machines, like ones in any order, up to 100 kinds
     * @return the fleet without orders
     * @throws IllegalArgumentException if there are no machines, or too many kinds
     */
    public static Fleet of(Inventory inventory) {
        Cluster machines = inventory.cluster();
        return new Fleet(
                machines,
                machines.groups().stream()
                        .map(group -> inventory.nodes().stream()
                                .filter(node -> isLike(node, group.node()))
                                .map(Node::name)
                                .toList())
                        .map(own -> own.stream().anyMatch(String::isEmpty) ? List.<String>of() : own)
                        .toList());
    }

    private static boolean isLike(Node node, Node kind) {
        return node.devices().equals(kind.devices())
                && node.network().equals(kind.network())
                && node.hostMemory().equals(kind.hostMemory());
    }

    /**
     * Orders replicas.
     *
     * @param order with a name that no other has
     * @return this fleet
     * @throws IllegalArgumentException if the name is taken, or there are too many orders or replicas
     */
    public Fleet order(Order order) {
        checkArgument(
                orders.size() < MOST_ORDERS, "more than %s deployments; 1 to %s allowed", MOST_ORDERS, MOST_ORDERS);
        checkArgument(
                orders.stream().noneMatch(other -> other.name().equals(order.name())),
                "two deployments named '%s'; give each a name of its own",
                order.name());
        orders.add(order);
        int replicas = orders.stream().mapToInt(Order::replicas).sum();
        checkArgument(
                replicas <= Order.MOST_REPLICAS,
                "%s replicas of all deployments; 1 to %s allowed",
                replicas,
                Order.MOST_REPLICAS);
        return this;
    }

    /**
     * What machines cost; where the price of each is known, the lowest sum is searched instead of the fewest devices.
     *
     * @param list prices by the hour
     * @return this fleet
     */
    public Fleet prices(PriceList list) {
        prices = list;
        return this;
    }

    /**
     * How long to search.
     *
     * @param states that are looked at before the best so far is taken, 1 or more; by default 200,000
     * @return this fleet
     * @throws IllegalArgumentException if it is not positive
     */
    public Fleet mostTries(int states) {
        checkArgument(states >= 1, "%s tries; 1 or more allowed", states);
        mostTries = states;
        return this;
    }

    /**
     * Who is told how far a search is.
     *
     * @param step run for each of up to {@link #steps} steps
     * @return this fleet
     */
    public Fleet progress(Runnable step) {
        progress = step;
        return this;
    }

    /**
     * Steps that a search takes at most: each deployment sized on like machines and on unlike ones, and thousands of states
     * looked at in three searches.
     *
     * @return 1 or more
     */
    public long steps() {
        return 2L * orders.size() + 3L * (mostTries / PackingSearch.STATES);
    }

    /**
     * Searches.
     *
     * @return where every replica goes, or as many as can be
     * @throws IllegalArgumentException if nothing is ordered, or a question is wrong on any machine, naming the order
     */
    public FleetPlan place() {
        checkArgument(!orders.isEmpty(), "no deployments to place; order at least one");
        List<SizedWays> sized = orders.stream()
                .map(order -> named(order, () -> {
                    progress.run();
                    return FleetWays.ofLike(order, machines);
                }))
                .sorted(Comparator.<SizedWays>comparingInt(Fleet::share).reversed())
                .toList();
        FleetPrices known = FleetPrices.of(machines, prices);
        PackingSearch.Packed like = PackingSearch.all(packing(sized, known, SizedWays::sure), mostTries, progress);
        if (like.isFound()) {
            return plan(FleetPlan.Outcome.PLACED, like, sized, known, isOfEveryWay(sized) && !isMixed(sized));
        }
        sized.forEach(ways -> named(ways.order(), () -> {
            progress.run();
            FleetWays.addUnlike(ways, machines);
            return ways;
        }));
        boolean isOfEveryWay = isOfEveryWay(sized);
        Packing sure = packing(sized, known, SizedWays::sure);
        PackingSearch.Packed all = PackingSearch.all(sure, mostTries, progress);
        if (all.isFound()) {
            return plan(FleetPlan.Outcome.PLACED, all, sized, known, isOfEveryWay);
        }
        PackingSearch.Packed most = PackingSearch.most(sure, mostTries, progress);
        if (most.steps().size() == sure.replicas()) {
            return plan(FleetPlan.Outcome.PLACED, most, sized, known, isOfEveryWay);
        }
        return plan(notPlaced(sized, known, all), most, sized, known, isOfEveryWay);
    }

    private FleetPlan.Outcome notPlaced(List<SizedWays> sized, FleetPrices known, PackingSearch.Packed all) {
        if (new FleetBound(machines).isExceededBy(sized)) {
            return FleetPlan.Outcome.IMPOSSIBLE;
        }
        if (!all.isProven()) {
            return FleetPlan.Outcome.NOT_FOUND;
        }
        PackingSearch.Packed possible = PackingSearch.all(packing(sized, known, SizedWays::possible), mostTries);
        if (possible.isFound()) {
            return FleetPlan.Outcome.TOO_CLOSE_TO_CALL;
        }
        if (!possible.isProven()) {
            return FleetPlan.Outcome.NOT_FOUND;
        }
        return isOfEveryWay(sized) ? FleetPlan.Outcome.IMPOSSIBLE : FleetPlan.Outcome.NO_WAY_OF_THOSE_TRIED;
    }

    private static boolean isOfEveryWay(List<SizedWays> sized) {
        return sized.stream().noneMatch(SizedWays::isRestricted);
    }

    /** Whether unlike machines could save a device: not where each replica takes one. */
    private boolean isMixed(List<SizedWays> sized) {
        return machines.groups().size() > 1
                && sized.stream()
                        .anyMatch(ways -> ways.sure().stream().anyMatch(way -> way.devices() > 1)
                                || ways.sure().isEmpty());
    }

    private static SizedWays named(Order order, Supplier<SizedWays> sizing) {
        try {
            return sizing.get();
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("deployment '" + order.name() + "': " + refused.getMessage(), refused);
        }
    }

    /** Devices of each machine, those that are alike together. */
    static List<Integer> parts(Cluster.Group group) {
        return group.node().devices().stream().map(Node.Devices::count).toList();
    }

    /** Devices of one part of one machine. */
    static Packing.Share share(int kind, List<Integer> parts, int part, int amount) {
        List<Integer> devices = new ArrayList<>(Collections.nCopies(parts.size(), 0));
        devices.set(part, amount);
        return new Packing.Share(kind, devices, 1);
    }

    private Packing packing(List<SizedWays> sized, FleetPrices known, Function<SizedWays, List<Packing.Way>> which) {
        List<Packing.Kind> kinds = new ArrayList<>();
        for (int kind = 0; kind < machines.groups().size(); kind++) {
            Cluster.Group group = machines.groups().get(kind);
            kinds.add(new Packing.Kind(group.count(), parts(group), known.units(kind)));
        }
        List<Packing.Demand> demands = sized.stream()
                .map(ways -> new Packing.Demand(ways.order().replicas(), which.apply(ways)))
                .toList();
        return new Packing(kinds, demands, known.areKnown());
    }

    private FleetPlan plan(
            FleetPlan.Outcome outcome,
            PackingSearch.Packed packed,
            List<SizedWays> sized,
            FleetPrices known,
            boolean isOfEveryWay) {
        List<Order> sorted = sized.stream().map(SizedWays::order).toList();
        List<PlacedReplica> placed = new ArrayList<>(Placing.of(machines, sorted, packed.steps()));
        placed.sort(Comparator.comparingInt(replica -> index(replica.order())));
        List<FleetPlan.Unplaced> unplaced = new ArrayList<>();
        for (Order order : orders) {
            long there = placed.stream()
                    .filter(replica -> replica.order().equals(order.name()))
                    .count();
            if (there < order.replicas()) {
                SizedWays ways = sized.stream()
                        .filter(each -> each.order().equals(order))
                        .findFirst()
                        .orElseThrow();
                unplaced.add(new FleetPlan.Unplaced(order.name(), order.replicas() - (int) there, ways.whyNotPlaced()));
            }
        }
        Optional<BigDecimal> dollars = known.areKnown() ? Optional.of(known.dollars(placed)) : Optional.empty();
        int used = placed.stream().mapToInt(PlacedReplica::devices).sum();
        boolean isBest = outcome == FleetPlan.Outcome.PLACED
                && dollars.isEmpty()
                && used <= new FleetBound(machines).fewestDevices(sized);
        return new FleetPlan(
                outcome,
                isBest || (packed.isProven() && isOfEveryWay),
                isBest || packed.isProven(),
                machines,
                names,
                placed,
                unplaced,
                dollars,
                packed.tried());
    }

    private int index(String name) {
        return orders.stream().map(Order::name).toList().indexOf(name);
    }

    /** The fewest devices that a replica takes: those that take most are placed first. */
    private static int share(SizedWays ways) {
        return ways.sure().stream().mapToInt(Packing.Way::devices).min().orElse(0);
    }
}
