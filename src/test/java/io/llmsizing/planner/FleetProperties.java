package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FleetProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final int NONE = 1 << 20;

    private static Fleet fleet(Cluster machines, List<Order> orders) {
        Fleet fleet = Fleet.of(machines);
        orders.forEach(fleet::order);
        return fleet;
    }

    @Property(tries = 100)
    void everyPlacedReplicaFitsAndNoDeviceIsTakenTwice(
            @ForAll("machines") Cluster machines, @ForAll("orders") List<Order> orders) {
        FleetPlan plan = fleet(machines, orders).place();
        Set<String> taken = new HashSet<>();
        for (PlacedReplica replica : plan.placed()) {
            assertThat(Sizing.fits(replica.deployment())).isTrue();
            assertThat(replica.deployment().layout().ranks()).isLessThanOrEqualTo(replica.devices());
            for (PlacedReplica.Place place : replica.places()) {
                Cluster.Group group = machines.groups().get(place.kind());
                assertThat(place.machine()).isBetween(0, group.count() - 1);
                for (int device = place.first(); device < place.first() + place.devices(); device++) {
                    assertThat(device).isLessThan(group.node().deviceCount());
                    assertThat(taken.add(place.kind() + " " + place.machine() + " " + device))
                            .isTrue();
                }
            }
        }
        assertThat(taken).hasSize(plan.devices());
        for (Order order : orders) {
            long placed = plan.placed().stream()
                    .filter(replica -> replica.order().equals(order.name()))
                    .count();
            int unplaced = plan.unplaced().stream()
                    .filter(left -> left.order().equals(order.name()))
                    .mapToInt(FleetPlan.Unplaced::replicas)
                    .sum();
            assertThat(placed + unplaced).isEqualTo(order.replicas());
        }
        assertThat(plan.outcome() == FleetPlan.Outcome.PLACED)
                .isEqualTo(plan.unplaced().isEmpty());
    }

    /** A placement is found where there is one, and none is said to be proven that is not. */
    @Property(tries = 200)
    void thePlacementIsTheOneThatTryingAllDevicesFinds(
            @ForAll("tinyFleets") Cluster machines, @ForAll("orders") List<Order> orders) {
        FleetPlan plan = fleet(machines, orders).place();
        Optional<Integer> fewest = new Trial(machines, orders).fewest();
        assertThat(plan.outcome() == FleetPlan.Outcome.PLACED).isEqualTo(fewest.isPresent());
        if (plan.isProven()) {
            fewest.ifPresent(devices -> assertThat(plan.devices()).isEqualTo(devices));
        }
    }

    /** The weights that a way can't do without are there, whichever way was found. */
    @Property(tries = 100)
    void noReplicaFitsLessMemoryThanItsWeights(
            @ForAll("machines") Cluster machines, @ForAll("orders") List<Order> orders) {
        for (PlacedReplica replica : fleet(machines, orders).place().placed()) {
            Order order = orders.stream()
                    .filter(each -> each.name().equals(replica.order()))
                    .findFirst()
                    .orElseThrow();
            long memory = replica.deployment().cluster().groups().stream()
                    .mapToLong(group -> group.count()
                            * group.node().devices().stream()
                                    .mapToLong(like -> like.count() * FleetBound.capacity(like.accelerator()))
                                    .sum())
                    .sum();
            assertThat(FleetBound.weights(order, machines)).isPositive().isLessThanOrEqualTo(memory);
            long held = IntStream.range(0, replica.deployment().stages().size())
                    .mapToLong(stage -> replica.deployment().layout().tensor()
                            * FleetBound.weights(Sizing.explain(replica.deployment(), stage)))
                    .sum();
            assertThat(FleetBound.weights(order, machines)).isLessThanOrEqualTo(held);
        }
    }

    /** Of a machine some of whose devices are busy the others serve, in whatever order a tool prints them. */
    @Property(tries = 150)
    void theOrderOfMachinesAndDevicesChangesNothing(
            @ForAll("busyMachines") List<Node> nodes, @ForAll("orders") List<Order> orders, @ForAll long seed) {
        FleetPlan plan = fleet(new Inventory(nodes), orders).place();
        Random random = new Random(seed);
        List<Node> shuffled = new ArrayList<>();
        for (Node node : nodes) {
            List<Node.Devices> devices = new ArrayList<>(node.devices());
            Collections.shuffle(devices, random);
            shuffled.add(new Node("", devices, node.network(), node.hostMemory()));
        }
        Collections.shuffle(shuffled, random);
        FleetPlan again = fleet(new Inventory(shuffled), orders).place();
        assertThat(again.outcome()).isEqualTo(plan.outcome());
        assertThat(again.placed()).hasSameSizeAs(plan.placed());
        assertThat(again.devices()).isEqualTo(plan.devices());
    }

    private static Fleet fleet(Inventory machines, List<Order> orders) {
        Fleet fleet = Fleet.of(machines);
        orders.forEach(fleet::order);
        return fleet;
    }

    @Provide
    Arbitrary<List<Node>> busyMachines() {
        Arbitrary<Node.Devices> devices = Combinators.combine(
                        Arbitraries.of(80L, 79L, 40L, 10L, 1L),
                        Arbitraries.integers().between(1, 3))
                .as((free, count) -> new Node.Devices(
                        CATALOG.accelerator("H100")
                                .withMemory(
                                        CATALOG.accelerator("H100").memory().limitedTo(ByteSize.ofBytes(free << 30))),
                        count,
                        List.of()));
        return devices.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .uniqueElements(like -> like.accelerator().memory())
                .map(Node::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    /** What the sizing of ways leaves out unseen. */
    @Property(tries = 100)
    void whatFitsSomeDevicesOfAMachineFitsAllOfThem(
            @ForAll("kinds") Cluster.Group kind,
            @ForAll("models") String model,
            @ForAll("engines") EngineProfile engine) {
        Node.Devices like = kind.node().devices().get(0);
        boolean fitsAll = fits(model, engine, like, like.count());
        for (int devices = 1; devices < like.count(); devices++) {
            assertThat(fits(model, engine, like, devices)).isIn(false, fitsAll);
        }
    }

    private static boolean fits(String model, EngineProfile engine, Node.Devices like, int devices) {
        return Sizing.fits(Deployment.builder(CATALOG.model(model), Cluster.of(like.accelerator(), devices))
                .engine(engine)
                .build());
    }

    /** Every assignment of every device, machine by machine, each sized in every order of its machines. */
    private static final class Trial {
        private final List<int[]> machines = new ArrayList<>();
        private final Cluster fleet;
        private final List<Order> orders;
        private final Map<String, Boolean> sized = new HashMap<>();
        private final Map<String, Integer> fewest = new HashMap<>();

        private Trial(Cluster fleet, List<Order> orders) {
            this.fleet = fleet;
            this.orders = orders;
            for (int kind = 0; kind < fleet.groups().size(); kind++) {
                for (int i = 0; i < fleet.groups().get(kind).count(); i++) {
                    machines.add(
                            new int[] {kind, fleet.groups().get(kind).node().deviceCount()});
                }
            }
        }

        private Optional<Integer> fewest() {
            List<Order> replicas = orders.stream()
                    .flatMap(order -> Collections.nCopies(order.replicas(), order).stream())
                    .toList();
            int[] free = machines.stream().mapToInt(machine -> machine[1]).toArray();
            return Optional.of(place(replicas, 0, free)).filter(devices -> devices < NONE);
        }

        private int place(List<Order> replicas, int at, int[] free) {
            if (at == replicas.size()) {
                return 0;
            }
            String state = at + Arrays.toString(free);
            Integer known = fewest.get(state);
            if (known == null) {
                known = take(replicas, at, free, new int[free.length], 0);
                fewest.put(state, known);
            }
            return known;
        }

        private int take(List<Order> replicas, int at, int[] free, int[] taken, int machine) {
            if (machine == free.length) {
                int devices = Arrays.stream(taken).sum();
                if (devices == 0 || !fits(replicas.get(at), taken)) {
                    return NONE;
                }
                int[] left = free.clone();
                Arrays.setAll(left, i -> free[i] - taken[i]);
                return Math.min(NONE, devices + place(replicas, at + 1, left));
            }
            int least = NONE;
            for (int amount = 0; amount <= free[machine]; amount++) {
                taken[machine] = amount;
                least = Math.min(least, take(replicas, at, free, taken, machine + 1));
            }
            taken[machine] = 0;
            return least;
        }

        private boolean fits(Order order, int[] taken) {
            List<int[]> used = new ArrayList<>();
            for (int i = 0; i < taken.length; i++) {
                if (taken[i] > 0) {
                    used.add(new int[] {machines.get(i)[0], taken[i]});
                }
            }
            return fitsInSomeOrder(order, used, new ArrayList<>());
        }

        private boolean fitsInSomeOrder(Order order, List<int[]> left, List<int[]> chosen) {
            if (left.isEmpty()) {
                String asked =
                        order.name() + chosen.stream().map(Arrays::toString).toList();
                return sized.computeIfAbsent(asked, unseen -> fits(order, chosen));
            }
            for (int[] next : left) {
                List<int[]> others = new ArrayList<>(left);
                others.remove(next);
                List<int[]> more = new ArrayList<>(chosen);
                more.add(next);
                if (fitsInSomeOrder(order, others, more)) {
                    return true;
                }
            }
            return false;
        }

        private boolean fits(Order order, List<int[]> chosen) {
            List<Cluster.Group> groups = chosen.stream()
                    .map(each -> new Cluster.Group(
                            Node.of(
                                    fleet.groups()
                                            .get(each[0])
                                            .node()
                                            .devices()
                                            .get(0)
                                            .accelerator(),
                                    each[1]),
                            1))
                    .toList();
            try {
                return Sizing.fits(order.question().apply(new Cluster(groups)).build());
            } catch (InvalidLayoutException notOnThese) {
                return false;
            }
        }
    }

    /** Up to 3 machines of up to 4 devices, of two kinds at most. */
    @Provide
    Arbitrary<Cluster> tinyFleets() {
        Arbitrary<Cluster.Group> group = Combinators.combine(
                        Arbitraries.of("H100", "L40S", "L4", "RTX 3090"),
                        Arbitraries.of(1, 2, 3, 4),
                        Arbitraries.integers().between(1, 3))
                .as((card, devices, count) -> new Cluster.Group(Node.of(CATALOG.accelerator(card), devices), count));
        return group.list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .filter(groups -> groups.stream().mapToInt(Cluster.Group::count).sum() <= 3)
                .map(Cluster::new);
    }

    @Provide
    Arbitrary<Cluster> machines() {
        return kinds().list().ofMinSize(1).ofMaxSize(2).map(Cluster::new);
    }

    @Provide
    Arbitrary<Cluster.Group> kinds() {
        return Combinators.combine(
                        Arbitraries.of("H100", "A100-SXM4-80GB", "L40S", "L4", "RTX 3090"),
                        Arbitraries.of(1, 2, 4, 6, 8),
                        Arbitraries.integers().between(1, 2))
                .as((card, devices, count) -> new Cluster.Group(Node.of(CATALOG.accelerator(card), devices), count));
    }

    @Provide
    Arbitrary<List<Order>> orders() {
        Arbitrary<Function<Cluster, DeploymentBuilder>> question = Combinators.combine(
                        models(), Arbitraries.of(1_024L, 8_192L), Arbitraries.of(1L, 16L))
                .as((model, tokens, sequences) ->
                        on -> Deployment.builder(CATALOG.model(model), on).workload(Workload.of(sequences, tokens)));
        return Combinators.combine(question, Arbitraries.integers().between(1, 2))
                .as((asked, replicas) -> new Order("order", replicas, asked))
                .list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .map(FleetProperties::named);
    }

    private static List<Order> named(List<Order> orders) {
        List<Order> named = new ArrayList<>();
        for (Order order : orders) {
            named.add(new Order("order " + named.size(), order.replicas(), order.question()));
        }
        return named;
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("llama-3.1-8b", "qwen2.5-32b", "llama-3.1-70b", "mixtral-8x7b-v0.1", "qwen3-0.6b");
    }

    @Provide
    Arbitrary<EngineProfile> engines() {
        return Arbitraries.of(Engines.vllm(), Engines.NONE, Engines.named("sglang", ""));
    }
}
