package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Drafting more never takes less. */
class VllmDraftingProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    @Property(tries = 200)
    void moreDraftedTokensNeverTakeLess(
            @ForAll("drafting") String model,
            @ForAll("versions") String version,
            @ForAll @LongRange(min = 0, max = 12) long drafted,
            @ForAll @LongRange(min = 1, max = 32_768) long tokens) {
        Footprint fewer = drafting(model, version, drafted);
        Footprint more = drafting(model, version, drafted + 1);
        assertThat(more.bytes(0, tokens, 3)).isGreaterThanOrEqualTo(fewer.bytes(0, tokens, 3));
    }

    @Provide
    Arbitrary<String> drafting() {
        return Arbitraries.of(
                "Qwen/Qwen3.5-27B",
                "nvidia/Qwen3.5-122B-A10B-NVFP4",
                "deepseek-ai/DeepSeek-R1",
                "deepseek-ai/DeepSeek-V4-Flash");
    }

    @Provide
    Arbitrary<String> versions() {
        return Arbitraries.of("0.8", "0.19", "0.25", "0.26");
    }

    private static Footprint drafting(String model, String version, long drafted) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(ParallelLayout.tensor(8))
                .engine(Engines.vllm(version))
                .speculativeTokens(drafted)
                .build()
                .footprint();
    }
}
