package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measured on one H200 of 150,109,880,320 B with torch 2.11 and transformers 5.17. */
class TransformersProfileTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final String LLAMA_70B = "deepseek-ai/DeepSeek-R1-Distill-Llama-70B";

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B, 1, 8192, 977338368, 0",
        "meta-llama/Llama-3.1-8B, 1, 1024, 122167296, 0.01",
        "meta-llama/Llama-3.1-8B, 1, 32768, 3909353472, 0.01",
        "meta-llama/Llama-3.1-8B, 8, 2048, 1947222016, 0.4",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B, 1, 8192, 1698758656, 0",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B, 1, 32768, 6795034624, 0.01",
        "deepseek-ai/DeepSeek-R1-Distill-Llama-70B, 1, 8192, 1950416896, 0",
        "deepseek-ai/DeepSeek-V2-Lite, 1, 1024, 168582144, 0.3",
        "deepseek-ai/DeepSeek-V2-Lite, 1, 32768, 5395645440, 0.3"
    })
    void aForwardPassHoldsWhatWasMeasured(String model, long sequences, long tokens, long bytes, double percent) {
        LineItem needed = Sizing.explain(deployment(model, "5.17", Workload.of(sequences, tokens)));
        assertThat(needed.find("activation").orElseThrow().bytes())
                .isCloseTo(bytes, Percentage.withPercentage(percent));
        assertThat(needed.find("reserved").orElseThrow().bytes()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "deepseek-ai/DeepSeek-R1-Distill-Llama-70B, 12032, 12288",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B, 155648, 157696"
    })
    void theLongestPromptIsWithinATenthOfTheOneThatWasMeasured(String model, long fits, long fails) {
        Footprint footprint = deployment(model, "5.17", Workload.of(1, 1_024)).footprint();
        long longest = (footprint.budget(0) - footprint.fixedBytes(0)) / footprint.bytesPerPage(0);
        assertThat(longest).isBetween(fits * 9 / 10, fails * 11 / 10);
    }

    @Test
    void theLongestPromptOfThe70bDistillIsTheOneMeasured() {
        Footprint footprint =
                deployment(LLAMA_70B, "5.17", Workload.of(1, 1_024)).footprint();
        assertThat((footprint.budget(0) - footprint.fixedBytes(0)) / footprint.bytesPerPage(0))
                .isBetween(12_032L, 12_288L);
        assertThat(footprint.maxContext(1)).isLessThan(12_288).isCloseTo(12_032, Percentage.withPercentage(10));
    }

    @Test
    void eightPromptsOf2048DoNotFitBesideThe70bDistillAndOneOf8192Does() {
        assertThat(Sizing.size(deployment(LLAMA_70B, "5.17", Workload.of(8, 2_048))))
                .isNotInstanceOf(Verdict.Fits.class);
        assertThat(Sizing.size(deployment(LLAMA_70B, "5.17", Workload.of(1, 8_192))))
                .isInstanceOf(Verdict.Fits.class);
    }

    @Test
    void before445ThePromptsLogitsAreHeldInTwoPrecisions() {
        String model = "meta-llama/Llama-3.1-8B";
        long before = deployment(model, "4.44", Workload.of(1, 100)).footprint().cacheBytes(0, 100, 1);
        long after = deployment(model, "4.45", Workload.of(1, 100)).footprint().cacheBytes(0, 100, 1);
        assertThat(before - after).isEqualTo(100 * 128_256 * 6L);
    }

    /** 4,160,749,568 B of whole prompts were measured for 8,192 tokens of Gemma 3 27B, and 6.7 MB of alignment. */
    @Test
    void layersWithAWindowKeepTheWholePrompt() {
        LineItem cache = Sizing.explain(deployment("google/gemma-3-27b-it", "5.17", Workload.of(1, 8_192)))
                .find("kv_cache")
                .orElseThrow();
        assertThat(cache.bytes()).isEqualTo(4_160_749_568L).isCloseTo(4_160_776_192L, within(1L << 20));
    }

    @Test
    void onlyWholeLayersAreSpread() {
        EngineProfile engine = Engines.transformers();
        assertThat(engine.violation(ParallelLayout.tensor(2)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("tp2").contains("pipeline"));
        assertThat(engine.violation(ParallelLayout.SINGLE.pipeline(2))).isEmpty();
    }

    private static Deployment deployment(String model, String version, Workload workload) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator("H200"), 1))
                .engine(Engines.transformers(version))
                .workload(workload)
                .build();
    }
}
