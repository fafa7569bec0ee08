package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.Deployment;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.LayoutRequest;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.workload.Workload;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Model R1 = CATALOG.model("deepseek-ai/DeepSeek-R1");
    private static final Model QWEN = CATALOG.model("Qwen/Qwen2.5-14B-Instruct");

    private static LayoutRequest tensor(int ranks) {
        return new LayoutRequest(OptionalInt.of(ranks), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
    }

    @Test
    void anEmptySpaceNamesTheSizesThatWork() {
        assertThatThrownBy(() -> Planner.of(QWEN)
                        .on(Cluster.parse("8xH100", CATALOG))
                        .layout(tensor(6))
                        .plans())
                .isInstanceOf(InvalidLayoutException.class)
                .hasMessageStartingWith("no layout: tensor parallel 6: 40 attention heads do not divide;"
                        + " tensor parallel sizes that work: 1, 2, 4, 8");
    }

    @Test
    void whyNotNamesTheReason() {
        Plans plans = Planner.of(QWEN).on(Cluster.parse("2x8xH100", CATALOG)).plans();
        assertThat(plans.whyNot(ParallelLayout.tensor(6))).contains("40 attention heads do not divide");
        assertThat(plans.whyNot(ParallelLayout.tensor(16))).contains("40 attention heads do not divide");
        assertThat(plans.whyNot(ParallelLayout.tensor(8).pipeline(4))).contains("needs 32 devices");
        assertThat(plans.whyNot(ParallelLayout.tensor(2).expert(true))).contains("has no experts");
        assertThat(plans.whyNot(ParallelLayout.SINGLE)).endsWith("it is among the plans");
        assertThat(Planner.of(R1).on(Cluster.parse("2x8xH100", CATALOG)).plans().whyNot(ParallelLayout.tensor(8)))
                .contains("DOES NOT FIT");
        assertThat(Planner.of(R1).on(Cluster.parse("2x8xH100", CATALOG)).plans().whyNot(ParallelLayout.tensor(16)))
                .contains("would cross machines of 2x8x NVIDIA H100 SXM5 80GB, which have up to 8 devices");
    }

    @Test
    void nothingThatFitsLeavesTheNearest() {
        Plans plans = Planner.of(R1).on(Cluster.parse("4xH100", CATALOG)).plans();
        assertThat(plans.best()).isEmpty();
        assertThat(plans.nearest().orElseThrow().layout().ranks()).isEqualTo(4);
        assertThat(plans.considered()).isGreaterThan(4);
    }

    @Test
    void spareMachinesStayIdle() {
        Plans plans = Planner.of(R1)
                .on(Cluster.parse("3x8xH100", CATALOG))
                .spareNodes(1)
                .plans();
        assertThat(plans.best()).isNotEmpty().allMatch(plan -> plan.nodes() <= 2 && plan.devices() <= 16);
        assertThatThrownBy(() -> Planner.of(R1)
                        .on(Cluster.parse("3x8xH100", CATALOG))
                        .spareNodes(3)
                        .plans())
                .hasMessage("3 spare nodes of 3x8x NVIDIA H100 SXM5 80GB leave none to plan on; offer more, or keep"
                        + " fewer spare");
    }

    @Test
    void unlikeMachinesArePlannedOnByKindAndTogether() {
        Cluster mixed = Cluster.parse("1x8xL40S + 2x4xH100", CATALOG);
        assertThat(Offer.of(mixed, 0))
                .extracting(offer -> offer.machines() + " beyond " + offer.known())
                .containsExactly(
                        "2x4x NVIDIA H100 SXM5 80GB beyond 0",
                        "8x NVIDIA L40S beyond 0",
                        "2x4x NVIDIA H100 SXM5 80GB + 8x NVIDIA L40S beyond 8",
                        "8x NVIDIA L40S + 2x4x NVIDIA H100 SXM5 80GB beyond 8");
        assertThat(Offer.of(mixed, 1))
                .extracting(
                        offer -> offer.machines() + " of " + offer.replaced().size())
                .containsExactly(
                        "4x NVIDIA H100 SXM5 80GB of 0",
                        "4x NVIDIA H100 SXM5 80GB of 2",
                        "8x NVIDIA L40S of 2",
                        "4x NVIDIA H100 SXM5 80GB + 8x NVIDIA L40S of 2",
                        "8x NVIDIA L40S + 4x NVIDIA H100 SXM5 80GB of 2");
        assertThat(Offer.of(mixed, 2))
                .singleElement()
                .satisfies(offer -> assertThat(offer.machines()).hasToString("8x NVIDIA L40S"));
        assertThat(Offer.of(Cluster.parse("[H100 (20 GiB) & 7x H100]", CATALOG), 0))
                .extracting(offer -> offer.machines().devices())
                .containsExactly(8, 7);
    }

    /** The L4 alone can't hold 65,536 tokens of 70B, so that nothing survives the loss of the H100. */
    @Test
    void aPlanSurvivesEachLossOfAsManyMachinesAsMayFail() {
        Model large = CATALOG.model("meta-llama/Llama-3.1-70B-Instruct");
        for (String machines : List.of("1x8xL4 + 1x8xH100", "1x8xH100 + 1x8xL4")) {
            Planner planner =
                    Planner.of(large).on(Cluster.parse(machines, CATALOG)).workload(Workload.of(1, 65_536));
            assertThat(planner.plans().best()).isNotEmpty();
            Plans plans = planner.spareNodes(1).plans();
            assertThat(plans.best()).isEmpty();
            assertThat(plans.nearest().orElseThrow().cluster()).hasToString("8x NVIDIA L4");
        }
        Plans survived = Planner.of(large)
                .on(Cluster.parse("1x8xA100-SXM4-80GB + 1x8xH100", CATALOG))
                .spareNodes(1)
                .plans();
        assertThat(survived.best())
                .isNotEmpty()
                .allMatch(plan -> plan.deployment().cluster().toString().contains("A100"));
    }

    /** Three A100 nodes hold it when the H200 fails, and it with two of them when one of those does. */
    @Test
    void aKindAloneMayTakeThePlaceOfTheLargest() {
        List<Plan> plans = Planner.of(R1)
                .on(Cluster.parse("1x8xH200 + 3x8xA100-SXM4-80GB", CATALOG))
                .weights(List.of(WeightSchemes.BF16))
                .spareNodes(1)
                .plans()
                .best();
        assertThat(plans)
                .isNotEmpty()
                .allMatch(plan -> plan.deployment().cluster().toString().equals("3x8x NVIDIA A100 SXM4 80GB"));
    }

    @Test
    void aLossThatNoLayoutSurvivesIsSaid() {
        assertThatThrownBy(() -> Planner.of(CATALOG.model("llama-3.1-8b"))
                        .on(Cluster.parse("8xH200 + 4xH100", CATALOG))
                        .layout(tensor(8))
                        .spareNodes(1)
                        .plans())
                .hasMessageContaining("needs 8 devices; 4x NVIDIA H100 SXM5 80GB has 4");
    }

    @Test
    void whatAnEngineHasNotIsLeftOutAndSaid() {
        Planner planner = Planner.of(CATALOG.model("llama-3.1-8b"))
                .on(Cluster.parse("4xH100", CATALOG))
                .engines(List.of(Engines.vllm(), Engines.llamaCpp(), Engines.vllm("0.26")))
                .eager(true);
        assertThat(planner.plans().best())
                .isNotEmpty()
                .allMatch(plan -> plan.deployment().engine().name().equals("vllm"))
                .extracting(plan -> plan.deployment().layout())
                .doesNotHaveDuplicates();
        assertThat(planner.plans().leftOut()).singleElement().asString().contains("llama.cpp");
        assertThatThrownBy(() -> planner.engines(List.of(Engines.llamaCpp())).plans())
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** SGLang 0.5 keeps more than an H100 has beside 61 stages, which makes no search of the other layouts end. */
    @Test
    void aLayoutThatAnEngineCanNotServeIsNoReasonAgainstOthers() {
        Plans plans = Planner.of(R1)
                .on(Cluster.parse("8x8xH100", CATALOG))
                .engines(List.of(Engines.named("sglang", "")))
                .plans();
        assertThat(plans.best()).isNotEmpty();
        assertThat(plans.leftOut()).isEmpty();
    }

    @Test
    void oneServerIsOnTheDevicesOfOneVendor() {
        Model large = CATALOG.model("meta-llama/Llama-3.1-405B");
        Cluster both = Cluster.parse("4xMI300X + 8xH100", CATALOG);
        assertThat(Sizing.fits(large, both)).isFalse();
        assertThat(Planner.of(large).on(both).plans().best()).isEmpty();
    }

    @Test
    void copiesOfExpertsAreCounted() {
        LayoutRequest copied = new LayoutRequest(
                OptionalInt.of(8),
                OptionalInt.empty(),
                OptionalInt.of(2),
                Optional.of(true),
                OptionalInt.empty(),
                OptionalInt.of(32));
        Planner planner = Planner.of(R1).on(Cluster.parse("2x8xH200", CATALOG)).layout(copied);
        assertThat(planner.plans().best())
                .isNotEmpty()
                .allMatch(plan -> plan.deployment().layout().redundantExperts() == 32);
        assertThat(planner.plans().whyNot(ParallelLayout.tensor(8).data(2).expert(true)))
                .contains("has 0 copies of experts, where 32 were asked for");
    }

    @Test
    void aMachineIsAsGoodAsItsFreeDevices() {
        Model small = CATALOG.model("llama-3.1-8b");
        for (String devices : List.of("[H100 (1 GiB) & H100]", "[H100 & H100 (1 GiB)]")) {
            Cluster cluster = Cluster.parse(devices, CATALOG);
            assertThat(Planner.of(small).on(cluster).plans().best()).hasSize(1);
            assertThat(Sizing.fits(small, cluster)).isTrue();
        }
    }

    @Test
    void enginesAreNotMeasuredAgainstEachOther() {
        List<Plan> plans = Planner.of(QWEN)
                .on(Cluster.parse("8xH100", CATALOG))
                .engines(List.of(Engines.vllm(), Engines.named("sglang", ""), Engines.NONE))
                .plans()
                .best();
        assertThat(plans).extracting(plan -> plan.deployment().engine().name()).contains("vllm", "sglang", "none");
    }

    @Test
    void pricesAreThoseOfWholeMachines() {
        PriceList eachFive = node -> Optional.of(BigDecimal.valueOf(5));
        Cluster cluster = Cluster.parse("3x8xH100", CATALOG);
        assertThat(eachFive.dollarsPerHour(cluster, 8)).contains(BigDecimal.valueOf(5));
        assertThat(eachFive.dollarsPerHour(cluster, 9)).contains(BigDecimal.valueOf(10));
        assertThat(eachFive.dollarsPerHour(cluster, 24)).contains(BigDecimal.valueOf(15));
        PriceList ofH100 = node -> node.toString().contains("H100") ? Optional.of(BigDecimal.ONE) : Optional.empty();
        Cluster mixed = Cluster.parse("1x8xH100 + 1x8xL40S", CATALOG);
        assertThat(ofH100.dollarsPerHour(mixed, 8)).contains(BigDecimal.ONE);
        assertThat(ofH100.dollarsPerHour(mixed, 9)).isEmpty();
    }

    @Test
    void theLowestPriceComesFirstAndTheUnknownLast() {
        PriceList prices = node -> node.toString().contains("H100")
                ? Optional.of(BigDecimal.TEN)
                : node.toString().contains("A100") ? Optional.of(BigDecimal.ONE) : Optional.empty();
        List<Plan> plans = Planner.of(QWEN)
                .on(Cluster.parse("8xH100", CATALOG))
                .on(Cluster.parse("8xA100-SXM4-80GB", CATALOG))
                .on(Cluster.parse("8xH200", CATALOG))
                .objective(Objective.LOWEST_PRICE)
                .prices(prices)
                .plans()
                .best();
        assertThat(plans.get(0).dollarsPerHour()).contains(BigDecimal.ONE);
        assertThat(plans.get(plans.size() - 1).dollarsPerHour()).isEmpty();
    }

    @Test
    void aFormatFurtherDownIsTakenOnlyWhereItHelps() {
        List<Plan> plans = Planner.of(QWEN)
                .on(Cluster.parse("2xRTX 3090", CATALOG))
                .engines(List.of(Engines.vllm("0.24")))
                .weights(List.of(WeightSchemes.BF16, WeightSchemes.named("int4")))
                .workload(Workload.of(1, 8_192))
                .plans()
                .best();
        assertThat(plans.get(0).deployment().weights()).isEqualTo(WeightSchemes.named("int4"));
        assertThat(plans.get(0).devices()).isEqualTo(1);
        assertThat(plans).anyMatch(plan -> plan.deployment().weights().equals(WeightSchemes.BF16));
    }

    @Test
    void noOfferIsNoSearch() {
        assertThatThrownBy(() -> Planner.of(QWEN).plans()).hasMessageContaining("offer at least one cluster");
    }

    @Test
    void aDeploymentGoesBackIntoABuilder() {
        Deployment one = Deployment.builder(R1, Cluster.parse("8xH200", CATALOG))
                .speculative(true)
                .eager(true)
                .workload(Workload.of(7, 1_000).maxBatchedTokens(2_048).maxSequences(32))
                .build();
        Deployment again = one.toBuilder().build();
        assertThat(again).hasToString(one.toString());
        assertThat(again.footprint().highBytes(0, 1_000, 7))
                .isEqualTo(one.footprint().highBytes(0, 1_000, 7));
    }
}
