package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Where ranks are, compared with a walk over all devices one by one. */
class PlacementProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final List<Accelerator> KINDS =
            List.of(CATALOG.accelerator("H200"), CATALOG.accelerator("L40S"), CATALOG.accelerator("RTX 3090"));

    @Provide
    Arbitrary<Cluster> clusters() {
        Arbitrary<Node.Devices> devices = Combinators.combine(
                        Arbitraries.of(KINDS), Arbitraries.integers().between(1, 4))
                .as((kind, count) -> new Node.Devices(kind, count, List.of()));
        Arbitrary<Cluster.Group> groups = Combinators.combine(
                        devices.list().ofMinSize(1).ofMaxSize(2),
                        Arbitraries.integers().between(1, 3))
                .as((inside, count) -> new Cluster.Group(Node.of(inside), count));
        return groups.list().ofMinSize(1).ofMaxSize(3).map(Cluster::new);
    }

    @Provide
    Arbitrary<ParallelLayout> layouts() {
        Arbitrary<Integer> few = Arbitraries.integers().between(1, 5);
        return Combinators.combine(few, few, few)
                .as((tensor, pipeline, data) -> new ParallelLayout(tensor, pipeline, data, false));
    }

    private record Seat(Accelerator device, int node) {}

    private static List<Seat> seats(Cluster cluster) {
        List<Seat> seats = new ArrayList<>();
        int node = 0;
        for (Cluster.Group group : cluster.groups()) {
            for (int i = 0; i < group.count(); i++, node++) {
                for (Node.Devices devices : group.node().devices()) {
                    for (int j = 0; j < devices.count(); j++) {
                        seats.add(new Seat(devices.accelerator(), node));
                    }
                }
            }
        }
        return seats;
    }

    @Property
    void theDevicesOfAStageAreThoseThatItsRanksSitOn(
            @ForAll("clusters") Cluster cluster, @ForAll("layouts") ParallelLayout layout) {
        Assume.that(layout.ranks() <= cluster.devices());
        List<Seat> seats = seats(cluster);
        for (int stage = 0; stage < layout.pipeline(); stage++) {
            Set<Accelerator> expected = new LinkedHashSet<>();
            for (int rank = 0; rank < layout.ranks(); rank++) {
                if (rank / layout.tensor() % layout.pipeline() == stage) {
                    expected.add(seats.get(rank).device());
                }
            }
            assertThat(Placement.of(cluster, layout).devicesOf(stage)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Property
    void tensorParallelismCrossesNodesIfRanksOfOneLayerSitInSeveral(
            @ForAll("clusters") Cluster cluster, @ForAll("layouts") ParallelLayout layout) {
        Assume.that(layout.ranks() <= cluster.devices());
        List<Seat> seats = seats(cluster);
        boolean expected = false;
        for (int rank = 0; rank < layout.ranks(); rank++) {
            int first = rank / layout.tensor() * layout.tensor();
            expected |= seats.get(rank).node() != seats.get(first).node();
        }
        assertThat(Placement.of(cluster, layout).crossesNodes()).isEqualTo(expected);
    }

    @Property
    void runsAreTheDevicesInOrder(@ForAll("clusters") Cluster cluster) {
        List<Accelerator> devices = new ArrayList<>();
        for (Cluster.Run run : cluster.runs()) {
            assertThat(run.first()).isEqualTo(devices.size());
            for (long i = 0; i < run.count(); i++) {
                devices.add(run.accelerator());
            }
        }
        assertThat(devices).isEqualTo(seats(cluster).stream().map(Seat::device).toList());
        assertThat(cluster.devices()).isEqualTo(devices.size());
    }

    @Example
    void partsOfDevicesServeAloneOnly() {
        Cluster parts = Cluster.parse("7x A100-80GB MIG 1g.10gb", CATALOG);
        assertThat(Placement.of(parts, ParallelLayout.tensor(2)).violation()).isPresent();
        assertThat(Placement.of(parts, ParallelLayout.SINGLE.pipeline(2)).violation())
                .isPresent();
        assertThat(Placement.of(parts, ParallelLayout.SINGLE.data(7)).violation())
                .isEmpty();
        assertThat(Placement.of(Cluster.of(KINDS.get(0), 2), ParallelLayout.tensor(2))
                        .violation())
                .isEmpty();
    }
}
