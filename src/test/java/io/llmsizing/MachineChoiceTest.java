package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fleets of more kinds of machines than selections can be counted through. */
class MachineChoiceTest {
    private static final Catalog CATALOG = Catalog.bundled();

    /** Machines that differ in what is free of their devices: by turns little and much. */
    private static Cluster fleet(String card, int devices, int machines, int step) {
        Accelerator whole = CATALOG.accelerator(card);
        return new Inventory(IntStream.range(0, machines)
                        .mapToObj(i -> node(whole, devices, (long) ((i * 7) % machines) * step, "m" + i))
                        .toList())
                .cluster();
    }

    private static Node node(Accelerator whole, int devices, long heldMebibytes, String name) {
        ByteSize left = ByteSize.ofBytes(whole.memory().usableLow().bytes() - (heldMebibytes << 20));
        Accelerator card = whole.withMemory(whole.memory().limitedTo(left));
        return new Node(
                name,
                List.of(new Node.Devices(card, devices, List.of(left.toString()))),
                Interconnect.UNKNOWN,
                ByteSize.ZERO);
    }

    private static Deployment laidOut(String model, Cluster cluster, EngineProfile engine) {
        return Deployment.builder(CATALOG.model(model), cluster).engine(engine).build();
    }

    private static List<Long> usable(Cluster cluster) {
        return cluster.groups().stream()
                .map(group -> group.node()
                        .devices()
                        .get(0)
                        .accelerator()
                        .memory()
                        .usable()
                        .bytes())
                .toList();
    }

    @Test
    void aModelOfTwoNodesIsOnTheTwoMachinesWithTheMostFree() {
        Cluster fleet = fleet("H100-SXM", 8, 40, 20);
        assertThat(fleet.groups()).hasSize(40);
        Instant before = Instant.now();
        Deployment deployment = laidOut("deepseek-r1", fleet, Engines.vllm());
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(Sizing.fits(deployment)).isTrue();
        assertThat(deployment.layout().ranks()).isEqualTo(16);
        assertThat(deployment.cluster().devices()).isEqualTo(16);
        assertThat(usable(deployment.cluster()))
                .isEqualTo(usable(fleet).stream()
                        .sorted((one, other) -> Long.compare(other, one))
                        .limit(2)
                        .toList());
        assertThat(deployment.assumptions().toString()).contains("alone, of 40 kinds of machines with 320 devices");
    }

    @ParameterizedTest
    @CsvSource({"deepseek-r1, H100-SXM, 8", "llama-3.1-70b, RTX 4090, 2", "llama-3.1-70b, RTX 4090, 1"})
    void layersAreSpreadOverNoMoreMachinesThanItTakes(String model, String card, int devices) {
        Cluster fleet = fleet(card, devices, 40, 20);
        Deployment deployment = laidOut(model, fleet, Engines.llamaCpp());
        assertThat(Sizing.fits(deployment)).isTrue();
        assertThat(deployment.layout().pipeline())
                .isEqualTo(deployment.cluster().devices());
        List<Cluster.Group> fewer = deployment.cluster().groups();
        assertThat(fewer).hasSizeBetween(2, 12);
        assertThat(Sizing.fits(laidOut(model, new Cluster(fewer.subList(0, fewer.size() - 1)), Engines.llamaCpp())))
                .isFalse();
    }

    @Test
    void aDeviceAloneWithMoreMemoryDoesNotSetNodesOfEightApart() {
        List<Cluster.Group> groups =
                new ArrayList<>(List.of(new Cluster.Group(Node.of(CATALOG.accelerator("H200"), 1), 1)));
        groups.addAll(fleet("H100-SXM", 8, 6, 100).groups());
        Deployment deployment = laidOut("deepseek-r1", new Cluster(groups), Engines.vllm());
        assertThat(deployment.layout().tensor()).isEqualTo(8);
        assertThat(deployment.layout().pipeline()).isEqualTo(2);
        assertThat(deployment.cluster().devices()).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({"llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b-v0.1"})
    void ofUnlikeKindsNoneAloneIsBetter(String model) {
        Cluster cluster = Cluster.parse(
                "1xL4 + 2xL40S + 4xRTX 3090 + 1xA100-SXM4-80GB + 2xH100-SXM MIG 3g.40gb + 2xH200 + 1xRTX 4090 + 8xL4",
                CATALOG);
        for (EngineProfile engine : List.of(Engines.vllm(), Engines.llamaCpp())) {
            Deployment chosen = laidOut(model, cluster, engine);
            for (Cluster.Group group : cluster.groups()) {
                Deployment alone = laidOut(model, new Cluster(List.of(group)), engine);
                if (Sizing.fits(alone)) {
                    assertThat(Sizing.fits(chosen)).isTrue();
                    assertThat(chosen.layout().pipeline())
                            .isLessThanOrEqualTo(alone.layout().pipeline());
                }
            }
        }
    }

    @Test
    void thousandsOfKindsAreChosenFromSoon() {
        Instant before = Instant.now();
        for (EngineProfile engine : List.of(Engines.vllm(), Engines.llamaCpp())) {
            assertThat(Sizing.fits(laidOut("deepseek-r1", fleet("L4", 1, 40, 20), engine)))
                    .isFalse();
            assertThat(Sizing.fits(laidOut("deepseek-r1", fleet("L4", 8, 3_000, 1), engine)))
                    .as("%s", engine)
                    .isTrue();
        }
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whatNoKindCanServeIsRefusedForTheReasonOfAll() {
        String part = "%dxH100-SXM MIG %s";
        Cluster parts = Cluster.parse(
                Stream.of("1g.10gb", "2g.20gb", "3g.40gb")
                        .flatMap(profile -> Stream.of(2, 4).map(count -> part.formatted(count, profile)))
                        .collect(Collectors.joining(" + ")),
                CATALOG);
        assertThatExceptionOfType(InvalidLayoutException.class)
                .isThrownBy(() -> Deployment.builder(CATALOG.model("llama-3.1-8b"), parts)
                        .engine(Engines.vllm())
                        .layout(new LayoutRequest(
                                OptionalInt.of(2), OptionalInt.empty(), OptionalInt.empty(), Optional.empty()))
                        .build())
                .withMessageContaining("a process sees one MIG instance");
    }
}
