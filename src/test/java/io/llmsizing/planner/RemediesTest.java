package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RemediesTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final List<WeightScheme> SMALLER = List.of(WeightSchemes.named("fp8"), WeightSchemes.named("int4"));

    private static Deployment asked(String model, String cluster, long sequences, long tokens) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG))
                .engine(Engines.vllm("0.24"))
                .workload(Workload.of(sequences, tokens))
                .build();
    }

    private static List<String> changes(Deployment deployment) {
        return Remedies.of(deployment, SMALLER).stream().map(Remedy::change).collect(Collectors.toList());
    }

    /** The cache of 65,536 tokens is 8 GiB beside 15 GiB of weights, on a card of 23.6 GiB. */
    @Test
    void aCacheThatIsTooLargeIsHalvedOrShortened() {
        assertThat(changes(asked("llama-3.1-8b", "RTX 3090", 1, 65_536)))
                .contains("kv_cache=fp8", "weights=fp8-channel")
                .anyMatch(change -> change.startsWith("context_tokens="))
                .anyMatch(change -> change.startsWith("cluster=2x"))
                .noneMatch(change -> change.startsWith("sequences="));
    }

    @Test
    void weightsThatAreTooLargeWantOthersOrMoreDevices() {
        assertThat(changes(asked("deepseek-ai/DeepSeek-R1", "8xH100", 1, 8_192)))
                .contains("weights=int4-g128", "cluster=2x8x NVIDIA H100 SXM5 80GB (tp8 pp2)");
    }

    @Test
    void aLayoutThatIsTooNarrowIsWidened() {
        Deployment narrow = Deployment.builder(CATALOG.model("llama-3.1-70b"), Cluster.parse("8xH100", CATALOG))
                .layout(ParallelLayout.tensor(1))
                .build();
        assertThat(changes(narrow)).first().asString().startsWith("layout=tp");
    }

    @Test
    void hostMemoryIsARemedyWhereTheEngineSharesIt() {
        Deployment large = Deployment.builder(CATALOG.model("llama-3.1-70b"), Cluster.parse("RTX 4090", CATALOG))
                .engine(Engines.llamaCpp())
                .build();
        assertThat(changes(large)).anyMatch(change -> change.startsWith("host_layers="));
    }

    @Test
    void pairsAreTriedWhereOneChangeIsNotEnough() {
        Deployment tight = Deployment.builder(CATALOG.model("llama-3.1-8b"), Cluster.parse("L4", CATALOG))
                .engine(Engines.vllm())
                .memoryFraction(Ratio.parse("0.5"))
                .build();
        assertThat(Sizing.fits(tight)).isFalse();
        assertThat(Remedies.of(tight)).isNotEmpty();
    }

    @Test
    void whatFitsNeedsNoRemedy() {
        assertThat(Remedies.of(asked("llama-3.1-8b", "H100", 1, 8_192))).isEmpty();
    }

    @Property(tries = 60)
    void everyRemedyFitsAndChangesASetting(
            @ForAll("models") String model,
            @ForAll("clusters") String cluster,
            @ForAll @LongRange(min = 1, max = 400) long sequences,
            @ForAll @LongRange(min = 1_000, max = 32_768) long tokens) {
        Deployment deployment = asked(model, cluster, sequences, tokens);
        List<Remedy> remedies = Remedies.of(deployment, SMALLER);
        assertThat(remedies.isEmpty() || !Sizing.fits(deployment)).isTrue();
        for (Remedy remedy : remedies) {
            assertThat(Sizing.fits(remedy.deployment())).as(remedy.change()).isTrue();
            assertThat(remedy.changes()).isNotEmpty().hasSizeLessThanOrEqualTo(2);
            boolean lessHeld = remedy.changes().stream()
                    .anyMatch(change -> List.of("context_tokens", "sequences").contains(change.key()));
            if (!lessHeld) {
                Workload held = remedy.deployment().workload();
                assertThat(held.contextTokens()).isEqualTo(tokens);
                assertThat(held.sequences()).isEqualTo(sequences);
            }
        }
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("llama-3.1-8b", "qwen2.5-32b-instruct", "gemma-3-27b-it", "mixtral-8x7b-v0.1");
    }

    @Provide
    Arbitrary<String> clusters() {
        return Arbitraries.of("RTX 3090", "2xL40S", "H100", "2xA100-SXM4-80GB", "4xRTX 4090");
    }
}
