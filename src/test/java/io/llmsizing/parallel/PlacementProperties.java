package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.Partition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** What is told by runs of devices is what a walk over all devices, one by one, finds. */
class PlacementProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Accelerator PART = CATALOG.accelerator("H100-SXM MIG 3g.40gb");

    /** A device by its number in the cluster. */
    private record Place(Accelerator accelerator, int node) {}

    private static List<Place> walked(Cluster cluster) {
        List<Place> places = new ArrayList<>();
        int node = 0;
        for (Cluster.Group group : cluster.groups()) {
            for (int machine = 0; machine < group.count(); machine++) {
                for (Node.Devices devices : group.node().devices()) {
                    for (int device = 0; device < devices.count(); device++) {
                        places.add(new Place(devices.accelerator(), node));
                    }
                }
                node++;
            }
        }
        return places;
    }

    private static int number(ParallelLayout layout, int replica, int stage, int tensorRank) {
        return (replica * layout.pipeline() + stage) * layout.tensor() + tensorRank;
    }

    @Property(tries = 2_000)
    void theDevicesOfAStageAreThoseThatItsRanksStandOn(@ForAll("placed") Tuple2<Cluster, ParallelLayout> placed) {
        ParallelLayout layout = placed.get2();
        List<Place> places = walked(placed.get1());
        Placement placement = Placement.of(placed.get1(), layout);
        for (int stage = 0; stage < layout.pipeline(); stage++) {
            Set<Integer> numbers = new TreeSet<>();
            for (int replica = 0; replica < layout.data(); replica++) {
                for (int rank = 0; rank < layout.tensor(); rank++) {
                    numbers.add(number(layout, replica, stage, rank));
                }
            }
            assertThat(placement.devicesOf(stage))
                    .as("stage %s of %s on %s", stage, layout, placed.get1())
                    .containsExactlyElementsOf(numbers.stream()
                            .map(number -> places.get(number).accelerator())
                            .distinct()
                            .toList());
        }
    }

    @Property(tries = 2_000)
    void ranksCrossNodesWhereAnyThatShareALayerStandInTwo(@ForAll("placed") Tuple2<Cluster, ParallelLayout> placed) {
        ParallelLayout layout = placed.get2();
        List<Place> places = walked(placed.get1());
        boolean crosses = false;
        for (int replica = 0; replica < layout.data(); replica++) {
            for (int stage = 0; stage < layout.pipeline(); stage++) {
                Set<Integer> nodes = new HashSet<>();
                for (int rank = 0; rank < layout.tensor(); rank++) {
                    nodes.add(places.get(number(layout, replica, stage, rank)).node());
                }
                crosses |= nodes.size() > 1;
            }
        }
        assertThat(Placement.of(placed.get1(), layout).crossesNodes())
                .as("%s on %s", layout, placed.get1())
                .isEqualTo(crosses);
    }

    @Property
    void onlyRanksThatAreJoinedAreRefusedOnParts(@ForAll("placed") Tuple2<Cluster, ParallelLayout> placed) {
        ParallelLayout layout = placed.get2();
        boolean joined = layout.tensor() > 1 || layout.pipeline() > 1;
        assertThat(Placement.of(placed.get1(), layout).violation()).isEmpty();
        Cluster parts = Cluster.of(PART, layout.ranks());
        assertThat(PART.category()).isEqualTo(Partition.CATEGORY);
        assertThat(Placement.of(parts, layout).violation().isPresent()).isEqualTo(joined);
        if (joined) {
            assertThat(Placement.of(parts, layout).violation().orElseThrow())
                    .contains(layout.toString(), "MIG", "use data parallel alone");
        }
    }

    @Property
    void partsThatNoRankIsOnRefuseNothing(@ForAll("placed") Tuple2<Cluster, ParallelLayout> placed) {
        ParallelLayout layout = placed.get2();
        Cluster.Group parts = new Cluster.Group(Node.of(PART, 2), 1);
        List<Cluster.Group> behind = new ArrayList<>(placed.get1().groups());
        behind.add(parts);
        assertThat(Placement.of(new Cluster(behind), layout).violation()).isEmpty();
        List<Cluster.Group> before = new ArrayList<>(placed.get1().groups());
        before.add(0, parts);
        assertThat(Placement.of(new Cluster(before), layout).violation().isPresent())
                .isEqualTo(layout.tensor() > 1 || layout.pipeline() > 1);
    }

    @Provide
    Arbitrary<Tuple2<Cluster, ParallelLayout>> placed() {
        return clusters().flatMap(cluster -> layouts(cluster.devices()).map(layout -> Tuple.of(cluster, layout)));
    }

    private static Arbitrary<ParallelLayout> layouts(int devices) {
        Arbitrary<Integer> most = Arbitraries.integers().between(1, devices);
        return most.flatMap(tensor -> Arbitraries.integers()
                .between(1, devices / tensor)
                .flatMap(pipeline -> Arbitraries.integers()
                        .between(1, devices / tensor / pipeline)
                        .map(data -> new ParallelLayout(tensor, pipeline, data, false))));
    }

    private static Arbitrary<Cluster> clusters() {
        Arbitrary<Node.Devices> like = Combinators.combine(
                        Arbitraries.of("H100-SXM", "L40S", "RTX 3090"),
                        Arbitraries.integers().between(1, 5))
                .as((card, count) -> new Node.Devices(CATALOG.accelerator(card), count, List.of()));
        Arbitrary<Node> nodes = like.list().ofMinSize(1).ofMaxSize(3).map(Node::of);
        Arbitrary<Cluster.Group> groups =
                Combinators.combine(nodes, Arbitraries.integers().between(1, 5)).as(Cluster.Group::new);
        return groups.list().ofMinSize(1).ofMaxSize(4).map(Cluster::new);
    }
}
