package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import org.junit.jupiter.api.Test;

/** What runs out, rank by rank. */
class BindingConstraintTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeploymentBuilder on(String cluster, ParallelLayout layout) {
        return Deployment.builder(CATALOG.model("meta-llama/Llama-3.1-70B"), Cluster.parse(cluster, CATALOG))
                .engine(Engines.vllm())
                .layout(layout);
    }

    @Test
    void aRankWithRoomIsNotBound() {
        Deployment roomy = on("8xH100", ParallelLayout.tensor(8)).build();
        assertThat(Sizing.constraintOf(roomy, 0)).isEmpty();
    }

    /** Stage 0 on the H100 has room, stage 1 on the L4 is too small for its weights. */
    @Test
    void eachStageIsBoundByItsOwn() {
        Deployment unlike = on("1xH100 + 1xL4", ParallelLayout.SINGLE.pipeline(2))
                .workload(Workload.of(1, 1_024))
                .build();
        assertThat(Sizing.constraintOf(unlike, 0)).isEmpty();
        assertThat(Sizing.constraintOf(unlike, 1)).contains(Constraint.WEIGHTS);
    }

    @Test
    void aLongContextRunsOutOfCache() {
        Deployment large = on("4xH100", ParallelLayout.tensor(4))
                .workload(Workload.of(64, 65_536))
                .build();
        assertThat(Sizing.constraintOf(large, 0)).contains(Constraint.KV_CACHE);
    }

    @Test
    void aShareWithoutRoomBesideItIsBoundByTheDevice() {
        Deployment whole =
                on("8xH100", ParallelLayout.tensor(8)).memoryFraction(Ratio.ONE).build();
        assertThat(Sizing.constraintOf(whole, 0)).contains(Constraint.DEVICE_CONTEXT);
    }
}
