package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.workload.Workload;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The last context and the last number of sequences fit, and the next do not under any layout that may be chosen. */
class WorkloadLimitsProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("llama-3.1-8b", "llama-3.1-70b", "gemma-3-27b-it", "qwen3-30b-a3b", "deepseek-v2-lite");
    }

    @Provide
    Arbitrary<String> engines() {
        return Arbitraries.of("none", "vllm", "vllm:0.7", "sglang", "llama.cpp", "transformers");
    }

    private static DeploymentBuilder builder(String model, String engine, int devices) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(devices + "xL40S", CATALOG))
                .engine(engine.equals("vllm:0.7") ? Engines.vllm("0.7") : Engines.named(engine, ""));
    }

    @Property(tries = 60)
    void theLongestContext(
            @ForAll("models") String model,
            @ForAll("engines") String engine,
            @ForAll @IntRange(min = 1, max = 4) int devices,
            @ForAll @IntRange(min = 1, max = 64) int sequences) {
        DeploymentBuilder builder = builder(model, engine, devices);
        Workload workload = Workload.of(sequences, 1);
        Optional<Deployment> last = Limits.longestContext(builder, workload);
        long longest = last.map(at -> at.workload().contextTokens()).orElse(0L);
        last.ifPresent(at -> {
            assertThat(Sizing.fits(at)).isTrue();
            assertThat(at.workload().sequences()).isEqualTo(sequences);
        });
        if (longest < CATALOG.model(model).contextTokens()) {
            assertThat(Sizing.fits(builder.workload(workload.contextTokens(longest + 1))
                            .build()))
                    .isFalse();
        }
    }

    @Property(tries = 60)
    void theMostSequences(
            @ForAll("models") String model,
            @ForAll("engines") String engine,
            @ForAll @IntRange(min = 1, max = 4) int devices,
            @ForAll @IntRange(min = 1, max = 8192) int tokens) {
        DeploymentBuilder builder = builder(model, engine, devices);
        Workload workload = Workload.of(1, tokens);
        Optional<Deployment> last = Limits.mostSequences(builder, workload);
        long most = last.map(at -> at.workload().sequences()).orElse(0L);
        last.ifPresent(at -> assertThat(Sizing.fits(at)).isTrue());
        if (most < Workload.MOST_SEQUENCES) {
            assertThat(Sizing.fits(
                            builder.workload(workload.sequences(most + 1)).build()))
                    .isFalse();
        }
    }

    private static DeploymentBuilder onEight(String engine) {
        return builder("llama-3.1-70b", engine, 8).workload(Workload.of(1, 8_192));
    }

    @Property(tries = 30)
    void limitsCountWhatAllSequencesShareOnce(
            @ForAll("sharing") String engine,
            @ForAll @IntRange(max = 8_192) int prefix,
            @ForAll @IntRange(min = 1, max = 64) int sequences) {
        DeploymentBuilder builder = onEight(engine);
        Workload shared = Workload.of(sequences, 8_192).sharedPrefix(prefix);
        Deployment context = Limits.longestContext(builder, shared).orElseThrow();
        assertThat(context.workload())
                .isEqualTo(shared.contextTokens(context.workload().contextTokens()));
        long longest = context.workload().contextTokens();
        if (longest < context.model().contextTokens()) {
            assertThat(Sizing.fits(
                            builder.workload(shared.contextTokens(longest + 1)).build()))
                    .isFalse();
        }
        Deployment most = Limits.mostSequences(builder, shared).orElseThrow();
        long held = most.workload().sequences();
        assertThat(most.workload()).isEqualTo(shared.sequences(held));
        if (held < Workload.MOST_SEQUENCES) {
            assertThat(Sizing.fits(builder.workload(shared.sequences(held + 1)).build()))
                    .isFalse();
        }
    }

    @Provide
    Arbitrary<String> sharing() {
        return Arbitraries.of("vllm", "sglang", "tensorrt-llm");
    }
}
