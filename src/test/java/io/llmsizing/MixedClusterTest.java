package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.ByteSize;
import io.llmsizing.workload.Workload;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixedClusterTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeploymentBuilder on(String model, String cluster) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG));
    }

    private static long usable(String accelerator) {
        return CATALOG.accelerator(accelerator).memory().usable().bytes();
    }

    @Test
    void tensorParallelismAcrossUnlikeCardsTakesTheSmallest() {
        Deployment deployment = on("llama-3.1-8b", "RTX 3090 & RTX 5090")
                .layout(ParallelLayout.tensor(2))
                .engine(Engines.vllm("0.26"))
                .build();
        assertThat(deployment.stages()).hasSize(1);
        assertThat(deployment.stages().get(0).budget().usable().bytes()).isEqualTo(usable("RTX 3090"));
        assertThat(deployment.stages().get(0).devices()).hasSize(2);
    }

    @Test
    void eachPipelineStageHasTheBudgetOfItsOwnDevices() {
        Deployment deployment = on("llama-3.1-8b", "RTX 3090 + 2xL40S + RTX 5090")
                .layout(ParallelLayout.SINGLE.pipeline(4))
                .engine(Engines.vllm("0.26"))
                .build();
        assertThat(deployment.stages())
                .extracting(stage -> stage.budget().usable().bytes())
                .containsExactly(usable("RTX 3090"), usable("L40S"), usable("L40S"), usable("RTX 5090"));
        long tokens = deployment.workload().contextTokens();
        Footprint footprint = deployment.footprint();
        for (int stage = 0; stage < 4; stage++) {
            assertThat(footprint.headroom(footprint.tightestStage(tokens, 1), tokens, 1))
                    .isLessThanOrEqualTo(footprint.headroom(stage, tokens, 1));
        }
    }

    @Test
    void replicasShareTheBudgetOfTheSmallestOfThem() {
        Deployment deployment = on("llama-3.1-8b", "L40S + RTX 3090")
                .layout(ParallelLayout.SINGLE.data(2))
                .engine(Engines.vllm("0.26"))
                .build();
        assertThat(deployment.stages().get(0).budget().usable().bytes()).isEqualTo(usable("RTX 3090"));
    }

    @Test
    void llamaCppDividesLayersByTheMemoryOfEachDevice() {
        Deployment deployment = on("llama-3.1-8b", "RTX 3090 & L40S")
                .engine(Engines.named("llama.cpp", ""))
                .build();
        long small = usable("RTX 3090");
        long large = usable("L40S");
        int first = (int) Math.ceil(33.0 * small / (small + large));
        assertThat(deployment.stages())
                .extracting(stage -> stage.serving().rank().layers())
                .containsExactly(first, 32 - first);
    }

    @ParameterizedTest
    @CsvSource({
        "48, 1 1, 25 23",
        "32, 1, 32",
        "94, 1 1 1, 32 32 30",
        "32, 24 48, 11 21",
        "32, 48 24, 22 10",
        "32, 25318916096000 50637832192000, 11 21"
    })
    void boundariesFollowMemory(int layers, String memory, String expected) {
        int[] boundaries = Engines.named("llama.cpp", "")
                .stageBoundaries(
                        layers,
                        Arrays.stream(memory.split(" "))
                                .mapToLong(Long::parseLong)
                                .toArray());
        StringBuilder sizes = new StringBuilder();
        for (int stage = 1; stage < boundaries.length; stage++) {
            sizes.append(sizes.isEmpty() ? "" : " ").append(boundaries[stage] - boundaries[stage - 1]);
        }
        assertThat(sizes).hasToString(expected);
    }

    @Test
    void machinesThatDoNotHelpStayIdleAndThatIsSaid() {
        Deployment deployment = on("deepseek-r1", "2x RTX 3090 + 8xH200").build();
        assertThat(Sizing.fits(deployment)).isTrue();
        assertThat(deployment.cluster()).isEqualTo(Cluster.parse("8xH200", CATALOG));
        assertThat(deployment.layout())
                .isEqualTo(on("deepseek-r1", "8xH200").build().layout());
        assertThat(deployment.assumptions())
                .anySatisfy(assumption -> assertThat(assumption.toString())
                        .contains("ranks are on 8x NVIDIA H200")
                        .contains("of 2x NVIDIA GeForce RTX 3090 + 8x NVIDIA H200"));
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.1-70b, 8xH100, 4xL40S",
        "llama-3.1-8b, RTX 3090, RTX 2060 12GB",
        "qwen3-32b, 2xA100-80GB, 8x T4",
        "deepseek-r1, 8xH200, H100"
    })
    void moreMachinesNeverTurnAFitIntoAMiss(String model, String enough, String more) {
        assertThat(Sizing.fits(on(model, enough).build())).isTrue();
        assertThat(Sizing.fits(on(model, enough + " + " + more).build())).isTrue();
        assertThat(Sizing.fits(on(model, more + " + " + enough).build())).isTrue();
    }

    @Test
    void whatIsNotSureOfADevicesMemoryIsNotSureOfTheVerdict() {
        DeviceMemory known = CATALOG.accelerator("H200").memory();
        Deployment deployment = on("llama-3.1-70b", "H200").engine(Engines.NONE).build();
        Stage stage = deployment.stages().get(0);
        assertThat(stage.budget().usable()).isEqualTo(known.usable());
        assertThat(stage.leastBudget().usable()).isEqualTo(known.usableLow());
        assertThat(stage.mostBudget().usable()).isEqualTo(known.usableHigh());
        long fixed = deployment.footprint().fixedBytes(0);
        ByteSize between = ByteSize.ofBytes(fixed);
        Cluster doubtful = Cluster.of(
                CATALOG.accelerator("H200")
                        .withMemory(new DeviceMemory(
                                known.marketing(),
                                known.kind(),
                                false,
                                known.bandwidth(),
                                known.driver(),
                                ByteSize.ofBytes(between.bytes() + (1L << 30)),
                                between,
                                ByteSize.ofBytes(between.bytes() + (8L << 30)),
                                "derived: a range")),
                1);
        assertThat(Sizing.size(Deployment.builder(CATALOG.model("llama-3.1-70b"), doubtful)
                        .engine(Engines.NONE)
                        .workload(Workload.of(1, 8_192))
                        .build()))
                .isInstanceOf(Verdict.TooCloseToCall.class);
    }

    @Test
    void partsOfDevicesAreNotJoined() {
        assertThatThrownBy(() -> on("llama-3.1-8b", "2x A100-80GB MIG 3g.40gb")
                        .layout(ParallelLayout.tensor(2))
                        .build())
                .isInstanceOf(InvalidLayoutException.class)
                .hasMessageContaining("MIG");
        assertThat(on("llama-3.1-8b", "2x A100-80GB MIG 3g.40gb").build().layout())
                .isEqualTo(ParallelLayout.SINGLE);
    }
}
