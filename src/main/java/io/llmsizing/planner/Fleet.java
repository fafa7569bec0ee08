package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Places replicas of several models on unlike machines. A replica takes the fewest like devices of one machine that are enough
 * for sure, or the fewest whole machines of one kind where no one is enough; it never stands on machines of two kinds. Of all
 * placements the one on the fewest devices is searched, or the cheapest where the price of every machine is known. The search is
 * exact; where it is given up, that is said.
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
     * Searches.
     *
     * @return where every replica goes, or as many as can be
     * @throws IllegalArgumentException if nothing is ordered, or a question is wrong on any machine, naming the order
     */
    public FleetPlan place() {
        checkArgument(!orders.isEmpty(), "no deployments to place; order at least one");
        List<Sized> sized = orders.stream()
                .map(this::sized)
                .sorted(Comparator.comparing(Sized::share).reversed())
                .toList();
        List<Order> sorted = sized.stream().map(Sized::order).toList();
        FleetPrices known = FleetPrices.of(machines, prices);
        PackingSearch.Packed all = PackingSearch.all(packing(sized, known, SizedWays::sure), mostTries);
        if (all.isFound()) {
            return plan(FleetPlan.Outcome.PLACED, all, sorted, sized, known);
        }
        PackingSearch.Packed most = PackingSearch.most(packing(sized, known, SizedWays::sure), mostTries);
        if (most.steps().size() == sorted.stream().mapToInt(Order::replicas).sum()) {
            return plan(FleetPlan.Outcome.PLACED, most, sorted, sized, known);
        }
        if (!all.isProven()) {
            return plan(FleetPlan.Outcome.NOT_FOUND, most, sorted, sized, known);
        }
        PackingSearch.Packed possible = PackingSearch.all(packing(sized, known, SizedWays::possible), mostTries);
        FleetPlan.Outcome outcome = possible.isFound()
                ? FleetPlan.Outcome.TOO_CLOSE_TO_CALL
                : possible.isProven() ? FleetPlan.Outcome.IMPOSSIBLE : FleetPlan.Outcome.NOT_FOUND;
        return plan(outcome, most, sorted, sized, known);
    }

    private Sized sized(Order order) {
        try {
            List<SizedWays> ways = new ArrayList<>();
            for (int kind = 0; kind < machines.groups().size(); kind++) {
                ways.add(SizedWays.of(order, kind, machines.groups().get(kind)));
            }
            return new Sized(order, ways);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("deployment '" + order.name() + "': " + refused.getMessage(), refused);
        }
    }

    private Packing packing(List<Sized> sized, FleetPrices known, Function<SizedWays, List<Packing.Way>> which) {
        List<Packing.Kind> kinds = new ArrayList<>();
        for (int kind = 0; kind < machines.groups().size(); kind++) {
            Cluster.Group group = machines.groups().get(kind);
            kinds.add(new Packing.Kind(
                    group.count(),
                    group.node().devices().stream().map(Node.Devices::count).toList(),
                    known.units(kind)));
        }
        List<Packing.Demand> demands = sized.stream()
                .map(one -> new Packing.Demand(
                        one.order().replicas(),
                        one.ways().stream()
                                .flatMap(ways -> which.apply(ways).stream())
                                .toList()))
                .toList();
        return new Packing(kinds, demands, known.areKnown());
    }

    private FleetPlan plan(
            FleetPlan.Outcome outcome,
            PackingSearch.Packed packed,
            List<Order> sorted,
            List<Sized> sized,
            FleetPrices known) {
        List<PlacedReplica> placed = new ArrayList<>(Placing.of(machines, sorted, packed.steps()));
        placed.sort(Comparator.comparingInt(replica -> index(replica.order())));
        List<FleetPlan.Unplaced> unplaced = new ArrayList<>();
        for (Order order : orders) {
            long there = placed.stream()
                    .filter(replica -> replica.order().equals(order.name()))
                    .count();
            if (there < order.replicas()) {
                Sized one = sized.stream()
                        .filter(each -> each.order().equals(order))
                        .findFirst()
                        .orElseThrow();
                unplaced.add(new FleetPlan.Unplaced(order.name(), order.replicas() - (int) there, reason(one)));
            }
        }
        Optional<BigDecimal> dollars = known.areKnown() ? Optional.of(known.dollars(placed)) : Optional.empty();
        return new FleetPlan(outcome, packed.isProven(), machines, names, placed, unplaced, dollars, packed.tried());
    }

    private int index(String name) {
        return orders.stream().map(Order::name).toList().indexOf(name);
    }

    private String reason(Sized sized) {
        List<Packing.Way> ways =
                sized.ways().stream().flatMap(each -> each.sure().stream()).toList();
        if (!ways.isEmpty()) {
            return "each takes "
                    + ways.stream()
                            .map(way -> SizedWays.cluster(way, machines.groups().get(way.kind()))
                                    .toString())
                            .distinct()
                            .collect(Collectors.joining(" or "))
                    + "; what the others leave is less";
        }
        return sized.ways().stream()
                .flatMap(each -> each.nearest().stream())
                .reduce((before, each) -> SizedWays.isNearer(each, before) ? each : before)
                .map(Fleet::said)
                .or(() -> sized.ways().stream()
                        .flatMap(each -> each.refusal().stream())
                        .findFirst())
                .orElse("no machine can serve it");
    }

    private static String said(Verdict nearest) {
        return "fits no machines of one kind for sure; closest on "
                + nearest.finding().deployment().cluster() + ": " + nearest.summary();
    }

    /** An order with its ways on each kind of machine. */
    private record Sized(Order order, List<SizedWays> ways) {
        private Sized {
            ways = ImmutableList.copyOf(ways);
        }

        /** The fewest devices that a replica takes: those that take most are placed first. */
        int share() {
            return ways.stream()
                    .flatMap(each -> each.sure().stream())
                    .mapToInt(way -> way.takesWhole() ? SizedWays.MOST_MACHINES * way.amount() : way.amount())
                    .min()
                    .orElse(0);
        }
    }
}
