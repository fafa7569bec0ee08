package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.workload.Workload;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OffersTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Model LLAMA = CATALOG.model("llama-3.1-8b");

    private static List<Plan> plans(PriceList prices) {
        Planner planner = Planner.of(LLAMA).prices(prices);
        for (int width : new int[] {8, 2, 1}) {
            planner.on(Cluster.of(CATALOG.accelerator("L40S"), width, 2));
        }
        return planner.plans().best();
    }

    @Test
    void theSameOnTheSameDevicesIsShownOnce() {
        assertThat(plans(PriceList.UNKNOWN))
                .filteredOn(plan -> plan.devices() == 1)
                .hasSize(1);
    }

    @Test
    void ofMachinesWithAPriceTheCheaperAreTaken() {
        List<Plan> plans = plans(node -> Optional.of(BigDecimal.valueOf(node.deviceCount())));
        assertThat(plans)
                .filteredOn(plan -> plan.devices() == 1)
                .singleElement()
                .satisfies(plan -> assertThat(plan.dollarsPerHour()).contains(BigDecimal.ONE));
        assertThat(plans(node -> node.deviceCount() == 8 ? Optional.of(BigDecimal.TEN) : Optional.empty()))
                .filteredOn(plan -> plan.devices() == 1)
                .hasSize(2);
    }

    @Test
    void modelsAreCountedByWhatComesOfThem() {
        Cluster cluster = Cluster.parse("H100-SXM", CATALOG);
        ModelSearch search =
                new ModelSearch(model -> Deployment.builder(model, cluster).workload(Workload.of(1, 4_000)));
        for (String name : List.of("gpt2", "qwen3-0.6b", "llama-3.1-8b", "llama-3.1-70b")) {
            search.add(CATALOG.model(name));
        }
        ModelSearch.Found found = search.found();
        assertThat(found.fitting())
                .extracting(each -> each.model().name())
                .containsExactly("meta-llama/Llama-3.1-8B", "Qwen/Qwen3-0.6B");
        assertThat(List.of(found.tooClose(), found.tooLarge(), found.refused())).containsExactly(0L, 1L, 1L);
    }

    @Test
    void asFewMachinesOfATypeAsAreEnough() {
        DeviceSearch search = new DeviceSearch(cluster -> Deployment.builder(CATALOG.model("deepseek-r1"), cluster));
        Optional<Deployment> found =
                search.fewest(CATALOG.nodeType("p5.48xlarge").node(), 3);
        assertThat(found)
                .hasValueSatisfying(enough ->
                        assertThat(enough.cluster().groups().get(0).count()).isEqualTo(2));
        assertThat(search.fewest(CATALOG.nodeType("p5.48xlarge").node(), 1)).isEmpty();
    }
}
