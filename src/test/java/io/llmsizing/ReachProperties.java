package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.workload.Workload;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a verdict says fits at most does fit when it is asked for, and one more does not, under every engine. */
class ReachProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    private static boolean fits(Deployment deployment, Workload workload) {
        return Sizing.fits(deployment.toBuilder().workload(workload).build());
    }

    @Property(tries = 150)
    void theMostSequencesFitWhenTheyAreAskedFor(@ForAll("deployments") Deployment deployment) {
        long most = Sizing.size(deployment).finding().maxSequences();
        Workload workload = deployment.workload();
        assertThat(most == 0 || fits(deployment, workload.sequences(most))).isTrue();
        assertThat(most == Workload.MOST_SEQUENCES || !fits(deployment, workload.sequences(most + 1)))
                .isTrue();
        assertThat(most >= workload.sequences()).isEqualTo(Sizing.fits(deployment));
    }

    @Property(tries = 150)
    void theLongestContextFitsWhenItIsAskedFor(@ForAll("deployments") Deployment deployment) {
        long longest = Sizing.size(deployment).finding().maxContext();
        Workload workload = deployment.workload();
        assertThat(longest == 0 || fits(deployment, workload.contextTokens(longest)))
                .isTrue();
        if (longest < deployment.model().contextTokens()) {
            assertThat(fits(deployment, workload.contextTokens(longest + 1))).isFalse();
            assertThat(fits(
                            deployment,
                            workload.contextTokens(deployment.model().contextTokens())))
                    .isFalse();
        }
    }

    /** Each slot of llama.cpp has logits, which are most of what a small model needs besides its weights. */
    @Example
    void figuresAreThoseOfTheirOwnStep() {
        Deployment one = on("qwen3-0.6b", "RTX 3090", "llama.cpp", "", Workload.of(1, 512));
        long most = Sizing.mostSequences(one);
        assertThat(most).isLessThan(one.footprint().maxSequences(512));
        for (long held : new long[] {2, 7, 40, most, most + 1, 400}) {
            assertThat(Sizing.mostSequences(on("qwen3-0.6b", "RTX 3090", "llama.cpp", "", Workload.of(held, 512))))
                    .isEqualTo(most);
        }
        long longest = Sizing.longestContext(on("llama-3.1-8b", "RTX 3090", "vllm", "0.7", Workload.of(1, 1)));
        for (long tokens : new long[] {512, 20_000, 32_768, 32_769, 131_072}) {
            assertThat(Sizing.longestContext(on("llama-3.1-8b", "RTX 3090", "vllm", "0.7", Workload.of(1, tokens))))
                    .isEqualTo(longest);
        }
    }

    private static Deployment on(String model, String cluster, String engine, String version, Workload workload) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG))
                .engine(Engines.named(engine, version))
                .workload(workload)
                .build();
    }

    @Provide
    Arbitrary<Deployment> deployments() {
        return Combinators.combine(
                        Arbitraries.of("llama-3.1-8b", "gemma-3-27b-it", "qwen3-0.6b", "deepseek-v2-lite"),
                        Arbitraries.of("RTX 3090", "2xL40S", "4xL4", "H100"),
                        Arbitraries.of("none", "llama.cpp", "vllm:0.7", "vllm:0.26", "sglang", "transformers"),
                        Arbitraries.longs().between(1, 400),
                        Arbitraries.longs().between(1, 40_000))
                .as((model, cluster, engine, sequences, tokens) -> {
                    String[] named = (engine + ":").split(":", -1);
                    long most = CATALOG.model(model).contextTokens();
                    return on(model, cluster, named[0], named[1], Workload.of(sequences, Math.min(tokens, most)));
                });
    }
}
