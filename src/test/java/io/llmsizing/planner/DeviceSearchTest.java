package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.Deployment;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.LayoutRequest;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceSearchTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeviceSearch of(String model, long sequences, long tokens) {
        return new DeviceSearch(cluster -> Deployment.builder(CATALOG.model(model), cluster)
                .engine(Engines.vllm("0.24"))
                .workload(Workload.of(sequences, tokens)));
    }

    @Property(tries = 40)
    void theFewestDevicesAreThoseOfThePlanner(
            @ForAll("models") String model,
            @ForAll("cards") String card,
            @ForAll @LongRange(min = 1, max = 100) long sequences) {
        DeviceSearch search = of(model, sequences, 4_096);
        Accelerator accelerator = CATALOG.accelerator(card);
        Optional<Deployment> fewest = search.fewest(accelerator, 4, 3);
        fewest.ifPresent(found -> assertThat(Sizing.fits(found)).isTrue());
        Planner planner = Planner.of(CATALOG.model(model))
                .engines(List.of(Engines.vllm("0.24")))
                .workload(Workload.of(sequences, 4_096))
                .layout(withoutReplicas())
                .objective(Objective.FEWEST_DEVICES)
                .on(Cluster.of(accelerator, 4, 3));
        assertThat(fewest.map(found -> found.cluster().devices()))
                .isEqualTo(planner.plans().best().stream().findFirst().map(Plan::devices));
    }

    private static LayoutRequest withoutReplicas() {
        return new LayoutRequest(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(1), Optional.empty());
    }

    /** The planner may take replicas too, of which no more is asked here: it finds no more devices, and fewer only so. */
    @Property(tries = 20)
    void aPlannerFindsFewerDevicesOnlyWithReplicas(
            @ForAll("cards") String card, @ForAll @LongRange(min = 1, max = 200) long sequences) {
        Accelerator accelerator = CATALOG.accelerator(card);
        Optional<Deployment> fewest = of("mixtral-8x7b-v0.1", sequences, 4_096).fewest(accelerator, 4, 3);
        List<Plan> plans = Planner.of(CATALOG.model("mixtral-8x7b-v0.1"))
                .engines(List.of(Engines.vllm("0.24")))
                .workload(Workload.of(sequences, 4_096))
                .objective(Objective.FEWEST_DEVICES)
                .on(Cluster.of(accelerator, 4, 3))
                .plans()
                .best();
        fewest.ifPresent(found -> {
            int devices = found.cluster().devices();
            assertThat(plans.get(0).devices()).isLessThanOrEqualTo(devices);
            assertThat(plans)
                    .filteredOn(plan -> plan.devices() < devices)
                    .allSatisfy(plan ->
                            assertThat(plan.deployment().layout().data()).isGreaterThan(1));
        });
    }

    @Test
    void theLastMachineMayBeFilledInPart() {
        Deployment fewest = new DeviceSearch(
                        cluster -> Deployment.builder(CATALOG.model("deepseek-ai/DeepSeek-R1"), cluster))
                .fewest(CATALOG.accelerator("H100"), 8, 8)
                .orElseThrow();
        assertThat(fewest.cluster()).hasToString("8x NVIDIA H100 SXM5 80GB + 3x NVIDIA H100 SXM5 80GB");
        assertThat(fewest.layout()).hasToString("tp1 pp11");
    }

    /** More devices may hold less under llama.cpp, which lays out over all of them. */
    @Property(tries = 20)
    void noFewerAreEnoughWhereLayersAreSpread(
            @ForAll("cards") String card, @ForAll @LongRange(min = 1, max = 64) long sequences) {
        Accelerator accelerator = CATALOG.accelerator(card);
        DeviceSearch search = new DeviceSearch(cluster -> Deployment.builder(CATALOG.model("llama-3.1-70b"), cluster)
                .engine(Engines.named("llama.cpp", ""))
                .workload(Workload.of(sequences, 8_192)));
        int devices = search.fewest(accelerator, 3, 4)
                .map(found -> found.cluster().devices())
                .orElse(13);
        for (int fewer = 1; fewer < devices; fewer++) {
            List<Cluster.Group> machines = new ArrayList<>();
            for (int left = fewer; left > 0; left -= 3) {
                machines.addAll(Cluster.of(accelerator, Math.min(3, left)).groups());
            }
            assertThat(search.fitting(List.of(new Cluster(machines)))).isEmpty();
        }
    }

    @Test
    void theSmallestCardIsTheOneWithTheLeastMemoryThatIsEnough() {
        List<Accelerator> cards = List.of(
                CATALOG.accelerator("H100"),
                CATALOG.accelerator("L4"),
                CATALOG.accelerator("RTX 3090"),
                CATALOG.accelerator("L40S"));
        DeviceSearch search = of("llama-3.1-8b", 1, 8_192);
        assertThat(search.smallest(cards, 1).orElseThrow().cluster()).hasToString("1x NVIDIA L4");
        assertThat(of("qwen2.5-32b-instruct", 1, 8_192)
                        .smallest(cards, 1)
                        .orElseThrow()
                        .cluster())
                .hasToString("1x NVIDIA H100 SXM5 80GB");
        assertThat(of("deepseek-ai/DeepSeek-R1", 1, 8_192).smallest(cards, 1)).isEmpty();
    }

    private static DeviceSearch laidOut(String model, LayoutRequest request) {
        return new DeviceSearch(
                cluster -> Deployment.builder(CATALOG.model(model), cluster).layout(request));
    }

    private static LayoutRequest request(int tensor, int pipeline, int data) {
        return new LayoutRequest(
                OptionalInt.of(tensor), OptionalInt.of(pipeline), OptionalInt.of(data), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 1, 2", "1, 2, 1, 2", "1, 1, 2, 0", "2, 1, 2, 4", "16, 1, 1, 16", "4, 3, 1, 12"})
    void aLayoutThatIsAskedForTakesItsDevices(int tensor, int pipeline, int data, int devices) {
        DeviceSearch search = laidOut("llama-3.1-70b", request(tensor, pipeline, data));
        assertThat(search.fewest(CATALOG.accelerator("H100"), 8, 8)
                        .map(found -> found.cluster().devices())
                        .orElse(0))
                .isEqualTo(devices);
        assertThat(search.fitting(List.of(Cluster.of(CATALOG.accelerator("H100"), 1))))
                .isEmpty();
    }

    @Test
    void whatGoesOnNoNumberOfDevicesIsRefusedWithItsReason() {
        Accelerator card = CATALOG.accelerator("H100");
        assertThatThrownBy(() -> laidOut("llama-3.1-70b", request(3, 1, 1)).fewest(card, 8, 2))
                .isInstanceOf(InvalidLayoutException.class)
                .hasMessageContaining("sizes that work");
        assertThatThrownBy(() -> laidOut("llama-3.1-70b", request(32, 1, 1)).fewest(card, 8, 2))
                .hasMessage("layout tp32 needs 32 devices; 2x8x NVIDIA H100 SXM5 80GB has 16");
        assertThatThrownBy(() -> laidOut("llama-3.1-70b", request(2, 1, 1)).smallest(List.of(card), 1))
                .hasMessageContaining("needs 2 devices");
        assertThatThrownBy(() -> laidOut("llama-3.1-70b", request(2, 1, 1))
                        .fewest(Cluster.of(card, 1).groups().get(0).node(), 1))
                .hasMessageContaining("needs 2 devices");
        LayoutRequest dealt =
                new LayoutRequest(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.of(true));
        assertThatThrownBy(() -> laidOut("llama-3.1-70b", dealt).fewest(card, 8, 8))
                .hasMessageContaining("has no experts; leave it off");
    }

    @Test
    void aCardThatTheEngineRefusesIsNone() {
        DeviceSearch search = new DeviceSearch(cluster -> Deployment.builder(CATALOG.model("llama-3.1-8b"), cluster)
                .engine(Engines.named("sglang", ""))
                .layout(ParallelLayout.SINGLE));
        Deployment smallest = search.smallest(CATALOG.accelerators(), 1).orElseThrow();
        assertThat(Sizing.fits(smallest)).isTrue();
        CATALOG.accelerators().stream()
                .filter(card -> card.memory()
                                .usable()
                                .compareTo(smallest.cluster()
                                        .firstAccelerator()
                                        .memory()
                                        .usable())
                        < 0)
                .forEach(card ->
                        assertThat(search.fitting(List.of(Cluster.of(card, 1)))).isEmpty());
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> of("llama-3.1-8b", 1, 1).fewest(CATALOG.accelerator("L4"), 8, 129))
                .hasMessage("129 machines; 1 to 128 allowed");
        assertThatThrownBy(() -> of("llama-3.1-8b", 1, 1).fewest(CATALOG.accelerator("H100"), 2_000, 1))
                .hasMessage("2000 devices in a machine; 1 to 1024 allowed");
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("llama-3.1-8b", "qwen2.5-32b-instruct", "gemma-3-27b-it", "mixtral-8x7b-v0.1");
    }

    @Provide
    Arbitrary<String> cards() {
        return Arbitraries.of("L4", "RTX 3090", "L40S", "H100", "A100-SXM4-80GB");
    }
}
