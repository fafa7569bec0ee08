package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.units.Ratio;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsualRemediesTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static Deployment deployment(String model, String cluster, String engine) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG))
                .engine(Engines.named(engine, ""))
                .build();
    }

    private static List<String> changes(Deployment deployment) {
        List<Remedy> remedies = Remedies.usual(deployment);
        assertThat(remedies).allMatch(remedy -> Sizing.fits(remedy.deployment()));
        return remedies.stream().map(Remedy::change).toList();
    }

    @Test
    void weightsOfEightBitsAreThoseThatTheDeviceComputesWith() {
        assertThat(changes(deployment("llama-3.1-70b", "2xL40S", "vllm"))).contains("weights=fp8-channel");
        assertThat(changes(deployment("llama-3.1-70b", "2xA100-SXM4-40GB", "vllm")))
                .noneMatch(change -> change.contains("fp8-channel"))
                .anyMatch(change -> change.startsWith("weights=int"));
    }

    @Test
    void underLlamaCppTheyAreItsMixes() {
        assertThat(changes(deployment("llama-3.1-8b", "RTX 4070", "llama.cpp"))).contains("weights=gguf:q8_0");
        assertThat(changes(deployment("llama-3.1-8b", "RTX 4060", "llama.cpp"))).contains("weights=gguf:q4_k_m");
    }

    @Test
    void noWeightsAreOfferedThatAreNotSmaller() {
        Deployment small = Deployment.builder(CATALOG.model("deepseek-r1"), Cluster.parse("6xH100", CATALOG))
                .weights(CATALOG.model("deepseek-r1").weightsNamed("int4"))
                .build();
        assertThat(changes(small)).noneMatch(change -> change.contains("weights="));
    }

    @Test
    void whereTheShareLeavesNoRoomForTheRestASmallerOneIsTheRemedy() {
        Deployment greedy = Deployment.builder(CATALOG.model("llama-3.1-8b"), Cluster.parse("H100-SXM", CATALOG))
                .memoryFraction(Ratio.ONE)
                .build();
        assertThat(changes(greedy)).containsExactly("memory_fraction=0.97");
    }

    @Test
    void phonesAreNotPutTogether() {
        assertThat(changes(deployment("r1-distill-qwen-7b", "phone 16 GB", "llama.cpp")))
                .noneMatch(change -> change.contains("cluster="));
    }

    @Test
    void whatFitsNeedsNothing() {
        assertThat(changes(deployment("llama-3.1-8b", "H100-SXM", "vllm"))).isEmpty();
        assertThat(changes(deployment("llama-3.1-8b", "RTX 3090", "llama.cpp"))).isEmpty();
    }
}
