package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineFeature;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Sequences that begin alike: fixed + S x each - (S - 1) x shared, to the byte. */
class SharedPrefixProperties {
    private static final long CONTEXT = 200_000;
    private static final Catalog CATALOG = Catalog.bundled();

    private static Deployment sharing(Deployment deployment, long sequences, long tokens, long prefix) {
        return Deployment.builder(deployment.model(), deployment.cluster())
                .layout(deployment.layout())
                .engine(deployment.engine())
                .kvCache(deployment.cache())
                .weights(deployment.weights())
                .memoryFraction(deployment.memoryFraction())
                .workload(Workload.of(sequences, tokens).maxBatchedTokens(2_048).sharedPrefix(prefix))
                .build();
    }

    @Property(tries = 300)
    void footprintEqualsWalkEqualsExplanation(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT) long tokens,
            @ForAll @LongRange(min = 1, max = 3_000) long sequences,
            @ForAll @IntRange(max = 100) int percent) {
        Deployment asked = sharing(deployment, sequences, tokens, tokens * percent / 100);
        for (int stage = 0; stage < asked.stages().size(); stage++) {
            TotalLedger walk = new TotalLedger();
            Sizing.walk(asked, stage, walk);
            LineItem explanation = Sizing.explain(asked, stage);
            assertThat(asked.footprint().bytes(stage, tokens, sequences))
                    .isEqualTo(walk.bytes())
                    .isEqualTo(explanation.bytes());
        }
    }

    @Property(tries = 200)
    void everySequenceButTheFirstTakesLessByTheSame(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT) long prefix,
            @ForAll @LongRange(min = 1, max = 1_000) long sequences) {
        Footprint apart = sharing(deployment, 1, CONTEXT, 0).footprint();
        Footprint shared = sharing(deployment, 1, CONTEXT, prefix).footprint();
        long replicas = deployment.layout().data();
        long more = sharing(deployment, 1, CONTEXT, prefix - 1).footprint().cacheBytes(0, CONTEXT, 2 * replicas);
        long saved = 2 * apart.cacheBytes(0, CONTEXT, replicas) - shared.cacheBytes(0, CONTEXT, 2 * replicas);
        assertThat(saved).isBetween(0L, apart.cacheBytes(0, CONTEXT, replicas));
        assertThat(shared.cacheBytes(0, CONTEXT, 2 * replicas)).isLessThanOrEqualTo(more);
        assertThat(shared.cacheBytes(0, CONTEXT, sequences * replicas))
                .isEqualTo(apart.cacheBytes(0, CONTEXT, sequences * replicas) - (sequences - 1) * saved);
    }

    @Property(tries = 200)
    void moreTokensOrSequencesNeverNeedLess(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT) long prefix,
            @ForAll @LongRange(min = 1, max = CONTEXT - 1) long tokens,
            @ForAll @LongRange(min = 1, max = 5_000) long sequences) {
        Footprint footprint = sharing(deployment, 1, CONTEXT, prefix).footprint();
        long need = footprint.bytes(0, tokens, sequences);
        assertThat(footprint.bytes(0, tokens + 1, sequences)).isGreaterThanOrEqualTo(need);
        assertThat(footprint.bytes(0, tokens, sequences + 1)).isGreaterThanOrEqualTo(need);
    }

    @Property(tries = 200)
    void theInversesInvert(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT) long prefix,
            @ForAll @LongRange(min = 1, max = CONTEXT) long tokens,
            @ForAll @LongRange(min = 1, max = 2_000) long sequences) {
        Footprint footprint = sharing(deployment, 1, CONTEXT, prefix).footprint();
        long longest = footprint.maxContext(sequences);
        assertThat(longest == 0 || longest >= prefix).isTrue();
        assertThat(longest == CONTEXT || !footprint.fits(longest + 1, sequences))
                .isTrue();
        long most = footprint.maxSequences(tokens);
        Assume.that(most < Workload.MOST_SEQUENCES);
        assertThat(most == 0 || footprint.fits(tokens, most)).isTrue();
        assertThat(footprint.fits(tokens, most + 1)).isFalse();
    }

    @Provide
    Arbitrary<Deployment> deployments() {
        return new FootprintProperties()
                .deployments()
                .filter(deployment -> deployment.engine().features().contains(EngineFeature.SHARED_PREFIX));
    }

    private static Footprint onH200(String model, long prefix) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(ParallelLayout.tensor(8))
                .engine(Engines.vllm("0.26"))
                .workload(Workload.of(1, 8_192).sharedPrefix(prefix))
                .build()
                .footprint();
    }

    private static long savedBySecond(String model, long prefix) {
        return 2 * onH200(model, 0).cacheBytes(0, 8_192, 1)
                - onH200(model, prefix).cacheBytes(0, 8_192, 2);
    }

    /** Of gemma-3-27b the 10 layers without a window alone; of Qwen3.5 the quarter that keeps tokens, in pages of 528. */
    @Example
    void fullPagesOfLayersThatKeepEveryTokenAreHeldOnce() {
        assertThat(savedBySecond("meta-llama/Llama-3.1-8B", 1_000)).isEqualTo(992L * 131_072 / 8);
        assertThat(savedBySecond("deepseek-ai/DeepSeek-R1", 1_000)).isEqualTo(960L * 70_272);
        assertThat(savedBySecond("google/gemma-3-27b-it", 1_000)).isEqualTo(992L * 10 * 2 * 2 * 2 * 128);
        assertThat(savedBySecond("nvidia/Qwen3.5-397B-A17B-NVFP4", 1_000)).isEqualTo(540_672L * 15);
        assertThat(savedBySecond("nvidia/Qwen3.5-397B-A17B-NVFP4", 527)).isZero();
    }

    @Example
    void anEngineThatKeepsEachSequenceApartIsRefusedWithThoseThatDoNot() {
        for (String engine : new String[] {"none", "llama.cpp", "transformers"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Deployment.builder(
                                    CATALOG.model("meta-llama/Llama-3.1-8B"),
                                    Cluster.of(CATALOG.accelerator("H200"), 1))
                            .engine(Engines.named(engine, ""))
                            .workload(Workload.of(2, 8_192).sharedPrefix(1_000))
                            .build())
                    .withMessageStartingWith("shared prefix tokens: 1000, but ")
                    .withMessageContaining(engine)
                    .withMessageEndingWith("leave them out, or take vllm, sglang or tensorrt-llm");
        }
    }
}
