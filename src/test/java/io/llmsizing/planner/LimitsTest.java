package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A limit fits, and one step beyond it does not. */
class LimitsTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @Property(tries = 60)
    void theSmallestFractionFitsAndAThousandthLessDoesNot(@ForAll("deployments") Deployment deployment) {
        Optional<Ratio> smallest = Limits.smallestFraction(deployment);
        if (Sizing.fits(deployment)) {
            assertThat(smallest).isPresent();
        }
        smallest.ifPresent(fraction -> {
            long thousandths = fraction.floorOf(1000);
            assertThat(Sizing.fits(
                            deployment.toBuilder().memoryFraction(fraction).build()))
                    .isTrue();
            if (thousandths > 1) {
                assertThat(Sizing.fits(deployment.toBuilder()
                                .memoryFraction(Ratio.of(thousandths - 1, 1000))
                                .build()))
                        .isFalse();
            }
        });
    }

    @Property(tries = 60)
    void theMostBitsFitAndAQuarterMoreDoesNot(@ForAll("deployments") Deployment deployment) {
        Limits.mostBitsPerWeight(deployment).ifPresent(bits -> {
            long quarters = bits.floorOf(4);
            assertThat(Sizing.fits(withQuarters(deployment, quarters))).isTrue();
            if (quarters < 128) {
                assertThat(Sizing.fits(withQuarters(deployment, quarters + 1))).isFalse();
            }
        });
    }

    private static Deployment withQuarters(Deployment deployment, long quarters) {
        WeightScheme scheme = WeightScheme.linearLayers(BlockFormat.of("n", 32, quarters), Formats.BF16);
        return deployment.toBuilder().weights(scheme).build();
    }

    @Property(tries = 40)
    void theLargestWeightsFitAndNoLargerDo(@ForAll("deployments") Deployment deployment) {
        List<WeightScheme> known =
                WeightSchemes.names().stream().map(WeightSchemes::named).toList();
        Optional<Deployment> largest = Limits.largestWeights(deployment, known);
        long bytes = largest.map(at -> WeightMemory.bytes(at.model(), at.weights(), false))
                .orElse(0L);
        largest.ifPresent(at -> assertThat(Sizing.fits(at)).isTrue());
        for (WeightScheme scheme : known) {
            if (WeightMemory.bytes(deployment.model(), scheme, false) > bytes) {
                assertThat(Limits.largestWeights(deployment, List.of(scheme))).isEmpty();
            }
        }
    }

    @Example
    void anEngineWithoutAShareHasNoSmallest() {
        Deployment deployment = Deployment.builder(CATALOG.model("llama-3.1-8b"), Cluster.parse("H100", CATALOG))
                .engine(Engines.named("llama.cpp", ""))
                .build();
        assertThat(Limits.smallestFraction(deployment)).isEmpty();
    }

    @Property(tries = 100)
    void theLongestContextFitsAndAPageMoreDoesNot(@ForAll("deployments") Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long sequences = deployment.workload().sequences();
        long longest = footprint.maxContext(sequences);
        if (longest > 0) {
            assertThat(footprint.fits(longest, sequences)).isTrue();
        }
        long beyond = longest + footprint.pageTokens();
        if (beyond <= deployment.model().contextTokens()) {
            assertThat(footprint.fits(beyond, sequences)).isFalse();
        }
    }

    @Property(tries = 100)
    void theMostSequencesFitAndOneMoreDoesNot(@ForAll("deployments") Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        long most = footprint.maxSequences(tokens);
        if (most > 0) {
            assertThat(footprint.fits(tokens, most)).isTrue();
        }
        if (most < Workload.MOST_SEQUENCES) {
            assertThat(footprint.fits(tokens, most + 1)).isFalse();
        }
    }

    @Provide
    Arbitrary<Deployment> deployments() {
        return Combinators.combine(
                        Arbitraries.of("llama-3.1-8b", "qwen3-0.6b", "gemma-3-27b-it", "mixtral-8x7b-v0.1"),
                        Arbitraries.of("RTX 3090", "2xL40S", "H100", "2xA100-SXM4-80GB", "8xL4"),
                        Arbitraries.longs().between(1, 300),
                        Arbitraries.longs().between(100, 32_768),
                        Arbitraries.of("vllm", "sglang", "tensorrt-llm"))
                .as((model, cluster, sequences, tokens, engine) -> Deployment.builder(
                                CATALOG.model(model), Cluster.parse(cluster, CATALOG))
                        .engine(Engines.named(engine, ""))
                        .workload(Workload.of(sequences, tokens))
                        .build());
    }
}
