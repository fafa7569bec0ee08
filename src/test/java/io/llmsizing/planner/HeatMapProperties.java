package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.workload.Workload;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HeatMapProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("llama-3.1-8b", "gemma-3-27b-it", "qwen3-30b-a3b", "deepseek-v2-lite", "gpt2");
    }

    @Provide
    Arbitrary<String> engines() {
        return Arbitraries.of("none", "vllm", "vllm:0.7", "sglang", "llama.cpp", "transformers");
    }

    /** Every cell is the verdict on the deployment with that workload. */
    @Property(tries = 60)
    void aCellIsTheVerdict(
            @ForAll("models") String model,
            @ForAll("engines") String engine,
            @ForAll @IntRange(min = 1, max = 2) int devices) {
        Deployment deployment = Deployment.builder(CATALOG.model(model), Cluster.parse(devices + "xRTX 3090", CATALOG))
                .engine(engine.equals("vllm:0.7") ? Engines.vllm("0.7") : Engines.named(engine, ""))
                .build();
        HeatMap map = HeatMap.of(deployment);
        assertThat(map.contexts().get(map.contexts().size() - 1))
                .isEqualTo(deployment.model().contextTokens());
        assertThat(map.contexts()).isSorted().doesNotHaveDuplicates();
        assertThat(map.sequences()).startsWith(1L, 2L, 4L, 8L, 16L).isSorted();
        for (int row = 0; row < map.contexts().size(); row++) {
            for (int column = 0; column < map.sequences().size(); column++) {
                Workload workload =
                        Workload.of(map.sequences().get(column), map.contexts().get(row));
                assertThat(map.rows().get(row).get(column).name().toLowerCase(Locale.ROOT))
                        .as("%s of %s", workload, deployment)
                        .isEqualTo(Sizing.size(deployment.toBuilder()
                                        .workload(workload)
                                        .build())
                                .id());
            }
        }
    }

    /** Where the logits of the slots are most of what llama.cpp needs. */
    @Example
    void everyNumberOfSequencesHasItsOwnStep() {
        aCellIsTheVerdict("qwen3-0.6b", "llama.cpp", 1);
        aCellIsTheVerdict("gpt2", "llama.cpp", 1);
        aCellIsTheVerdict("gemma-3-27b-it", "llama.cpp", 2);
    }

    @Example
    void contextsShorterThanWhatAllShareAreLeftOut() {
        Deployment deployment = Deployment.builder(CATALOG.model("llama-3.1-8b"), Cluster.parse("RTX 3090", CATALOG))
                .workload(Workload.of(1, 8_192).sharedPrefix(3_000))
                .build();
        HeatMap map = HeatMap.of(deployment);
        assertThat(map.contexts()).startsWith(4_096L, 8_192L);
        assertThat(map.rows().get(0).get(4)).isEqualTo(HeatMap.Cell.FITS);
        assertThat(HeatMap.of(deployment.toBuilder()
                                .workload(Workload.of(1, 8_192))
                                .build())
                        .rows()
                        .get(2)
                        .get(4))
                .isNotEqualTo(HeatMap.Cell.FITS);
    }
}
