package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.ByteSize;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines that are unlike: ranks that share a layer are as small as the smallest, stages have their own devices. */
class MixedClusterTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Accelerator L40S = CATALOG.accelerator("L40S");
    private static final Accelerator A100 = CATALOG.accelerator("A100-SXM4-80GB");

    private static DeploymentBuilder asked(String model, String cluster) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG));
    }

    private static long budget(String cluster) {
        return asked("llama-3.1-8b", cluster)
                .engine(Engines.vllm())
                .layout(ParallelLayout.SINGLE)
                .build()
                .footprint()
                .budget(0);
    }

    private static LayoutRequest tensor(int ranks) {
        return new LayoutRequest(OptionalInt.of(ranks), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"2xL40S + 2xA100-SXM4-80GB", "2xA100-SXM4-80GB + 2xL40S", "2x[A100-SXM4-80GB & L40S]"})
    void ranksThatShareLayersHaveWhatTheSmallestHas(String cluster) {
        Deployment deployment = asked("llama-3.1-8b", cluster)
                .engine(Engines.vllm())
                .layout(ParallelLayout.tensor(4))
                .build();
        assertThat(deployment.footprint().budget(0)).isEqualTo(budget("L40S"));
        assertThat(deployment.stages().get(0).devices()).containsExactlyInAnyOrder(L40S, A100);
    }

    @Test
    void aStageIsHeldAgainstBothEndsOfWhatIsKnownOfItsSmallestDevice() {
        DeviceMemory smaller = CATALOG.accelerator("A10G").memory();
        Stage stage = Deployment.builder(CATALOG.model("llama-3.1-8b"), Cluster.parse("A10G & L40S", CATALOG))
                .layout(ParallelLayout.tensor(2))
                .build()
                .stages()
                .get(0);
        assertThat(smaller.usableLow()).isLessThan(smaller.usable());
        assertThat(smaller.usableHigh()).isGreaterThan(smaller.usable());
        assertThat(stage.leastBudget().usable()).isEqualTo(smaller.usableLow());
        assertThat(stage.budget().usable()).isEqualTo(smaller.usable());
        assertThat(stage.mostBudget().usable()).isEqualTo(smaller.usableHigh());
    }

    @Test
    void stagesHaveTheirOwnDevices() {
        Deployment deployment = asked("llama-3.1-8b", "2xL40S + 2xA100-SXM4-80GB")
                .engine(Engines.vllm())
                .layout(ParallelLayout.tensor(2).pipeline(2))
                .build();
        assertThat(deployment.stages().get(0).devices()).containsExactly(L40S);
        assertThat(deployment.stages().get(1).devices()).containsExactly(A100);
        assertThat(deployment.footprint().budget(0)).isEqualTo(budget("L40S"));
        assertThat(deployment.footprint().budget(1)).isEqualTo(budget("A100-SXM4-80GB"));
    }

    @Test
    void aReplicaOnSmallerDevicesBindsItsStage() {
        Deployment deployment = asked("llama-3.1-8b", "2xA100-SXM4-80GB + 2xL40S")
                .engine(Engines.vllm())
                .layout(ParallelLayout.tensor(2).data(2))
                .build();
        assertThat(deployment.footprint().budget(0)).isEqualTo(budget("L40S"));
    }

    @Test
    void layersOfLlamaCppAreSpreadByMemory() {
        Deployment deployment = asked("llama-3.1-70b", "2xL40S (24 GiB) & A100-SXM4-80GB (48 GiB)")
                .engine(Engines.llamaCpp())
                .build();
        assertThat(deployment.layout()).isEqualTo(ParallelLayout.SINGLE.pipeline(3));
        assertThat(IntStream.range(0, 3)
                        .map(stage ->
                                deployment.stages().get(stage).serving().rank().layers()))
                .containsExactly(21, 20, 39);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4xL40S + 2xA100-SXM4-80GB | llama-3.1-70b | 4x NVIDIA L40S
            2xA100-SXM4-80GB + 4xL40S | llama-3.1-70b | 4x NVIDIA L40S
            RTX 3090 + A100-SXM4-80GB | llama-3.1-8b  | 1x NVIDIA A100 SXM4 80GB
            """)
    void machinesOnWhichNoRankIsAreSaidToBeIdle(String cluster, String model, String used) {
        Deployment deployment = asked(model, cluster).engine(Engines.vllm()).build();
        assertThat(deployment.cluster()).hasToString(used);
        assertThat(deployment.assumptions().toString())
                .contains("ranks are on " + used + " alone, of " + Cluster.parse(cluster, CATALOG));
    }

    @Test
    void machinesThatAllHaveRanksAreNotSaidToBeIdle() {
        Deployment deployment = asked("deepseek-r1", "8xH200 + 8xH100-SXM")
                .engine(Engines.vllm())
                .layout(ParallelLayout.tensor(8).pipeline(2))
                .build();
        assertThat(deployment.assumptions().toString()).doesNotContain("alone, of");
    }

    @Test
    void whatIsAskedForGoesOnTheMachinesThatCanServeIt() {
        Deployment deployment = asked("llama-3.1-8b", "2xH100-SXM MIG 3g.40gb + 2xA100-SXM4-80GB")
                .engine(Engines.vllm())
                .layout(tensor(2))
                .build();
        assertThat(deployment.cluster()).hasToString("2x NVIDIA A100 SXM4 80GB");
        assertThat(Sizing.fits(deployment)).isTrue();
    }

    @Test
    void whatGoesOnNoMachineIsRefusedForTheReasonOfAll() {
        assertThatExceptionOfType(InvalidLayoutException.class)
                .isThrownBy(() -> asked("llama-3.1-8b", "2xH100-SXM MIG 3g.40gb + 2xH200 MIG 3g.71gb")
                        .engine(Engines.vllm())
                        .layout(tensor(2))
                        .build())
                .withMessageContaining("a process sees one MIG instance");
        assertThat(catchMessage("llama-3.1-8b", "2xL40S + 2xA100-SXM4-80GB", 8)).contains("needs 8 devices", "has 4");
    }

    /** An engine that has nothing to say about some devices is no reason to leave them idle in silence. */
    @Test
    void aFaultOnSomeMachinesIsNotTakenForTooFewOfThem() {
        ByteSize ofL40S = L40S.memory().usable();
        EngineProfile faulty = (EngineProfile) Proxy.newProxyInstance(
                EngineProfile.class.getClassLoader(), new Class<?>[] {EngineProfile.class}, (proxy, called, given) -> {
                    if (called.getName().equals("budget") && List.of(given).contains(ofL40S)) {
                        throw new IllegalArgumentException("no constant for such a device");
                    }
                    return called.invoke(Engines.NONE, given);
                });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asked("llama-3.1-8b", "2xA100-SXM4-80GB + 2xL40S")
                        .engine(faulty)
                        .build())
                .withMessage("no constant for such a device");
    }

    @Test
    void machinesWithFewerDevicesThanAskedForAreNoFault() {
        Deployment deployment = asked("llama-3.1-8b", "1xL40S + 2xA100-SXM4-80GB")
                .engine(Engines.vllm())
                .layout(tensor(2))
                .build();
        assertThat(deployment.cluster()).hasToString("2x NVIDIA A100 SXM4 80GB");
    }

    private static String catchMessage(String model, String cluster, int ranks) {
        try {
            return asked(model, cluster)
                    .engine(Engines.vllm())
                    .layout(tensor(ranks))
                    .build()
                    .toString();
        } catch (IllegalArgumentException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
