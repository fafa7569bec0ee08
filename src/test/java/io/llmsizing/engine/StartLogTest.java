package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** A start of vLLM 0.19 with Llama-3.1-8B on one H100 of 79.19 GiB, share 0.95, context 8,192: pool 58.11 GiB. */
class StartLogTest {
    private static final long POOL = 62_395_137_457L; // 58.11 GiB
    private static final long TOKENS = 476_016;

    private final Footprint footprint = footprint();

    private static Footprint footprint() {
        Catalog catalog = Catalog.bundled();
        Accelerator h100 = catalog.accelerator("H100");
        Accelerator card = h100.withMemory(h100.memory().withUsable(ByteSize.ofBytes(85_029_615_043L)));
        return Deployment.builder(catalog.model("meta-llama/Llama-3.1-8B"), Cluster.of(card, 1))
                .engine(Engines.vllm("0.19"))
                .memoryFraction(Ratio.parse("0.95"))
                .workload(Workload.of(1, 8_192))
                .build()
                .footprint();
    }

    @Test
    void theCachePoolIsTheOneThatTheServerPrints() {
        assertThat(pool()).isCloseTo(POOL, Percentage.withPercentage(0.05));
    }

    @Test
    void theTokensOfThePoolAreThoseThatTheServerPrints() {
        long tokens = pool() / footprint.bytesPerPage(0) * footprint.pageTokens();
        assertThat(footprint.pageTokens()).isEqualTo(16);
        assertThat(tokens).isCloseTo(TOKENS, Percentage.withPercentage(0.1));
        assertThat(tokens / 8_192).isCloseTo(58, within(0L));
    }

    @Test
    void theBudgetIsTheShareRoundedUp() {
        assertThat(footprint.budget(0)).isEqualTo(80_778_134_291L);
    }

    private long pool() {
        return footprint.budget(0) - footprint.fixedBytes(0);
    }
}
