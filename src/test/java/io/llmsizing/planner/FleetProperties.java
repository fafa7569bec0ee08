package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FleetProperties {
    private static final Catalog CATALOG = Catalog.bundled();

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

    /** Every assignment of up to 4 replicas to up to 4 machines, each sized on every number of devices. */
    @Property(tries = 60)
    void thePlacementIsTheOneThatTryingAllFinds(
            @ForAll("machines") Cluster machines, @ForAll("orders") List<Order> orders) {
        FleetPlan plan = fleet(machines, orders).place();
        Optional<Integer> fewest = new Trial(machines, orders).fewest();
        assertThat(plan.isProven()).isTrue();
        assertThat(plan.outcome() == FleetPlan.Outcome.PLACED).isEqualTo(fewest.isPresent());
        fewest.ifPresent(devices -> assertThat(plan.devices()).isEqualTo(devices));
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

    private static final class Trial {
        private final List<int[]> free = new ArrayList<>();
        private final List<Order> replicas = new ArrayList<>();
        private final Map<String, Integer> needs = new HashMap<>();
        private final Cluster machines;
        private int fewest = Integer.MAX_VALUE;

        private Trial(Cluster machines, List<Order> orders) {
            this.machines = machines;
            for (int kind = 0; kind < machines.groups().size(); kind++) {
                for (int i = 0; i < machines.groups().get(kind).count(); i++) {
                    free.add(new int[] {kind, machines.groups().get(kind).node().deviceCount()});
                }
            }
            for (Order order : orders) {
                for (int i = 0; i < order.replicas(); i++) {
                    replicas.add(order);
                }
            }
        }

        private Optional<Integer> fewest() {
            place(0, 0);
            return Optional.of(fewest).filter(devices -> devices < Integer.MAX_VALUE);
        }

        private void place(int at, int used) {
            if (at == replicas.size()) {
                fewest = Math.min(fewest, used);
                return;
            }
            Order order = replicas.get(at);
            for (int kind = 0; kind < machines.groups().size(); kind++) {
                int need = need(order, kind);
                int width = machines.groups().get(kind).node().deviceCount();
                if (need > 0 && need <= width) {
                    for (int[] machine : free) {
                        if (machine[0] == kind && machine[1] >= need) {
                            machine[1] -= need;
                            place(at + 1, used + need);
                            machine[1] += need;
                        }
                    }
                } else if (need > width) {
                    placeWhole(at, used, kind, need / width, width);
                }
            }
        }

        private void placeWhole(int at, int used, int kind, int count, int width) {
            List<int[]> whole = free.stream()
                    .filter(machine -> machine[0] == kind && machine[1] == width)
                    .limit(count)
                    .toList();
            if (whole.size() == count) {
                whole.forEach(machine -> machine[1] = 0);
                place(at + 1, used + count * width);
                whole.forEach(machine -> machine[1] = width);
            }
        }

        /** Devices that a replica takes of a kind, 0 if no number is enough. */
        private int need(Order order, int kind) {
            return needs.computeIfAbsent(order.name() + " " + kind, unseen -> {
                Cluster.Group group = machines.groups().get(kind);
                Node.Devices like = group.node().devices().get(0);
                return new DeviceSearch(order.question())
                        .fewest(like.accelerator(), like.count(), group.count())
                        .map(deployment -> deployment.cluster().devices())
                        .orElse(0);
            });
        }
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
