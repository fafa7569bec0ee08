package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.ChunkedLocal;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.CrossAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.NoAttention;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.attention.SharedCache;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.engine.Engines;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.feedforward.ParallelFeedForwards;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Footprint equals walk equals explanation, and its inverses invert. */
class FootprintProperties {
    private static final long CONTEXT = 200_000;
    private static final Catalog CATALOG = Catalog.bundled();

    @Property(tries = 400)
    void footprintEqualsWalkEqualsExplanation(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT) long tokens,
            @ForAll @LongRange(min = 1, max = 5_000) long sequences) {
        Deployment asked = with(deployment, Workload.of(sequences, tokens));
        for (int stage = 0; stage < asked.stages().size(); stage++) {
            TotalLedger walk = new TotalLedger();
            Sizing.walk(asked, stage, walk);
            LineItem explanation = Sizing.explain(asked, stage);
            assertThat(asked.footprint().bytes(stage, tokens, sequences))
                    .isEqualTo(walk.bytes())
                    .isEqualTo(explanation.bytes());
            assertThat(asked.footprint().lowBytes(stage, tokens, sequences))
                    .isEqualTo(walk.low())
                    .isEqualTo(explanation.low());
            assertThat(asked.footprint().highBytes(stage, tokens, sequences))
                    .isEqualTo(walk.high())
                    .isEqualTo(explanation.high());
        }
    }

    /** The batch and length are part of a deployment, but only the scheduler's defaults could make the fixed part move. */
    private static Deployment with(Deployment deployment, Workload workload) {
        return Deployment.builder(deployment.model(), deployment.cluster())
                .layout(deployment.layout())
                .engine(deployment.engine())
                .kvCache(deployment.cache())
                .weights(deployment.weights())
                .memoryFraction(deployment.memoryFraction())
                .workload(workload)
                .speculativeTokens(deployment.speculativeTokens())
                .build();
    }

    @Property(tries = 300)
    void theLongestContextFitsAndOneTokenMoreDoesNot(
            @ForAll("deployments") Deployment deployment, @ForAll @LongRange(min = 1, max = 2_000) long sequences) {
        Footprint footprint = deployment.footprint();
        long longest = footprint.maxContext(sequences);
        if (longest > 0) {
            assertThat(footprint.fits(longest, sequences)).isTrue();
        }
        if (longest < CONTEXT) {
            assertThat(footprint.fits(longest + 1, sequences)).isFalse();
        }
    }

    @Property(tries = 300)
    void theMostSequencesFitAndOneMoreDoesNot(
            @ForAll("deployments") Deployment deployment, @ForAll @LongRange(min = 1, max = CONTEXT) long tokens) {
        Footprint footprint = deployment.footprint();
        long most = footprint.maxSequences(tokens);
        Assume.that(most < Workload.MOST_SEQUENCES);
        if (most > 0) {
            assertThat(footprint.fits(tokens, most)).isTrue();
        }
        assertThat(footprint.fits(tokens, most + 1)).isFalse();
    }

    @Property(tries = 300)
    void moreTokensOrSequencesNeverNeedLess(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT - 1) long tokens,
            @ForAll @LongRange(min = 1, max = 100_000) long sequences) {
        Footprint footprint = deployment.footprint();
        for (int stage = 0; stage < footprint.stages(); stage++) {
            long need = footprint.bytes(stage, tokens, sequences);
            assertThat(footprint.bytes(stage, tokens + 1, sequences)).isGreaterThanOrEqualTo(need);
            assertThat(footprint.bytes(stage, tokens, sequences + 1)).isGreaterThanOrEqualTo(need);
        }
    }

    @Property(tries = 200)
    void verdictAndFootprintAgree(
            @ForAll("deployments") Deployment deployment,
            @ForAll @LongRange(min = 1, max = CONTEXT) long tokens,
            @ForAll @LongRange(min = 1, max = 5_000) long sequences) {
        Deployment asked = with(deployment, Workload.of(sequences, tokens));
        Verdict verdict = Sizing.size(asked);
        assertThat(verdict instanceof Verdict.Fits).isEqualTo(Sizing.fits(asked));
        Finding finding = verdict.finding();
        assertThat(finding.low().bytes()).isLessThanOrEqualTo(finding.needed().bytes());
        assertThat(finding.high().bytes())
                .isGreaterThanOrEqualTo(finding.needed().bytes());
        if (verdict instanceof Verdict.DoesNotFit) {
            assertThat(finding.low().bytes() > finding.budget().bytes()
                            || asked.stages().get(0).budget().certainlyBeyondDevice())
                    .isTrue();
        }
        assertThat(verdict.headroom().bytes() == 0 || verdict.shortfall().bytes() == 0)
                .isTrue();
        assertThat(finding.budget().bytes() - finding.needed().bytes())
                .isEqualTo(verdict.headroom().bytes() - verdict.shortfall().bytes());
    }

    @Property(tries = 100)
    void anEightBitCacheTakesHalfTheRowsAndTheSameStates(
            @ForAll("models") Model model, @ForAll @LongRange(min = 1, max = CONTEXT) long tokens) {
        Cluster cluster = Cluster.of(CATALOG.accelerator("H200"), 1);
        Footprint wide =
                Deployment.builder(model, cluster).engine(Engines.NONE).build().footprint();
        Footprint narrow = Deployment.builder(model, cluster)
                .engine(Engines.NONE)
                .kvCache(CacheFormats.FP8_E4M3)
                .build()
                .footprint();
        long states = wide.cacheBytes(0, 0, 3);
        long fixedRows = 2 * (states - narrow.cacheBytes(0, 0, 3));
        long growing = wide.cacheBytes(0, tokens, 3) - states;
        assertThat(narrow.cacheBytes(0, tokens, 3)).isEqualTo(states - fixedRows / 2 + growing / 2);
    }

    @Property(tries = 60)
    void dataParallelReplicasShareTheSequences(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 0, max = 2) int doublings,
            @ForAll @LongRange(min = 1, max = 1_000) long sequences) {
        int replicas = 1 << doublings;
        Cluster cluster = Cluster.of(CATALOG.accelerator("H200"), 4);
        Footprint shared = Deployment.builder(model, cluster)
                .engine(Engines.NONE)
                .layout(ParallelLayout.SINGLE.data(replicas))
                .build()
                .footprint();
        Footprint single = Deployment.builder(model, cluster)
                .engine(Engines.NONE)
                .layout(ParallelLayout.SINGLE)
                .build()
                .footprint();
        assertThat(shared.cacheBytes(0, 1_000, sequences * replicas)).isEqualTo(single.cacheBytes(0, 1_000, sequences));
    }

    @Provide
    Arbitrary<Deployment> deployments() {
        Arbitrary<ParallelLayout> layouts = Arbitraries.of(
                ParallelLayout.SINGLE,
                ParallelLayout.tensor(2),
                ParallelLayout.tensor(4).pipeline(2),
                ParallelLayout.SINGLE.pipeline(3),
                ParallelLayout.tensor(2).data(2));
        Arbitrary<EngineProfile> engines = Arbitraries.of(
                Engines.NONE,
                Engines.vllm(),
                Engines.vllm("0.19"),
                Engines.vllm("0.11"),
                Engines.vllm("0.8"),
                Engines.llamaCpp(),
                Engines.sglang(),
                Engines.sglang("0.4"),
                Engines.tensorRtLlm(),
                Engines.transformers());
        Arbitrary<CacheFormat> caches = Arbitraries.of(
                CacheFormats.BF16, CacheFormats.FP8_E4M3, CacheFormats.INT8_PER_TOKEN_HEAD, CacheFormats.Q4_0);
        Arbitrary<String> cards = Arbitraries.of("H200", "L4", "RTX 3090", "MI300X");
        Arbitrary<String> schemes = Arbitraries.of("bf16", "fp8", "int4-g32");
        Arbitrary<Long> drafted = Arbitraries.of(0L, 0L, 1L, 3L);
        return Combinators.combine(models(), layouts, engines, caches, cards, schemes, drafted)
                .as((model, layout, engine, cache, card, scheme, tokens) -> deployment(
                        model, layout, engine, cache, CATALOG.accelerator(card), WeightSchemes.named(scheme), tokens));
    }

    /** With what the engine has in place of what it refuses. */
    private static Deployment deployment(
            Model model,
            ParallelLayout layout,
            EngineProfile engine,
            CacheFormat cache,
            Accelerator card,
            WeightScheme scheme,
            long drafted) {
        DeploymentBuilder builder = Deployment.builder(
                        model, Cluster.of(engine.serves(card) ? card : CATALOG.accelerator("H200"), 8))
                .layout(engine.violation(layout).isPresent() ? ParallelLayout.SINGLE.pipeline(3) : layout)
                .engine(engine)
                .kvCache(engine.knows(cache) ? cache : CacheFormats.BF16)
                .weights(scheme)
                .speculativeTokens(engine.settings().contains(EngineSetting.SPECULATIVE) ? drafted : 0);
        boolean shares = engine.settings().contains(EngineSetting.MEMORY_FRACTION);
        return (shares ? builder.memoryFraction(Ratio.parse("0.9")) : builder).build();
    }

    @Provide
    Arbitrary<Model> models() {
        GroupedQuery grouped = GroupedQuery.of(16, 4, 64);
        Arbitrary<Attention> attentions = Arbitraries.of(
                grouped,
                GroupedQuery.of(8, 1, 128),
                new SlidingWindow(grouped, 512),
                new SlidingWindow(grouped, 1_000),
                new SlidingWindow(GroupedQuery.of(8, 8, 96), 130_000),
                new MultiHeadLatent(16, 0, 256, 64, 32, 64),
                new ChunkedLocal(grouped, 8_192),
                new SharedCache(grouped),
                new RepeatedAttention(grouped, 3),
                new Bidirectional(grouped),
                new NoAttention(),
                new CrossAttention(GroupedQuery.of(16, 16, 64), 1_500),
                StateSpaces.mamba2(
                        1_024, 16, 64, 8, 128, 4, Set.of(StateSpaces.Part.CONVOLUTION_BIAS, StateSpaces.Part.NORMS)),
                LinearAttentions.gatedDelta(1_024, 8, 16, 64, 64, 4, LinearAttentions.Projections.SIX),
                ParallelMixers.of(
                        grouped, StateSpaces.mamba(1_024, 2_048, 16, 4, 64, Set.of(StateSpaces.Part.CONVOLUTION_BIAS))),
                new IndexedAttention(grouped, 128, List.of()),
                new CompressedAttention(16, 128, 256, 8, 64, 128, 4, true, 16, 128),
                new CompressedAttention(16, 128, 256, 8, 64, 128, 128, false, 0, 0),
                new CompressedAttention(16, 128, 256, 8, 64, 128, 0, false, 0, 0));
        Arbitrary<Attention> packed = attentions.filter(CompressedAttention.class::isInstance);
        Arbitrary<FeedForward> blocks = Arbitraries.of(
                DenseFeedForward.gated(2_048),
                new DenseFeedForward(1_024, false, true),
                MixtureOfExperts.of(8, 2, 512),
                new MixtureOfExperts(16, 4, 256, 512, true, true),
                new MixtureOfExperts(16, 4, 256, 0, false, false, false, true, 512, 4),
                ParallelFeedForwards.of(DenseFeedForward.gated(512), MixtureOfExperts.of(8, 2, 512)),
                new NoFeedForward());
        Arbitrary<List<LayerGroup>> stacks =
                Arbitraries.frequencyOf(Tuple.of(6, stack(attentions, blocks)), Tuple.of(1, stack(packed, blocks)));
        return Combinators.combine(stacks, Arbitraries.integers().between(1, 200_000), Arbitraries.of(true, false))
                .as((stack, vocabulary, tied) -> Model.builder(
                                "random", 1_024, new Embedding(vocabulary, tied), LayerStack.of(stack), CONTEXT)
                        .speculativeHead(new SpeculativeHead(
                                1,
                                new LayerGroup(
                                        1,
                                        stack.get(0).attention(),
                                        stack.get(0).feedForward(),
                                        2),
                                true))
                        .build());
    }

    private static Arbitrary<List<LayerGroup>> stack(Arbitrary<Attention> attentions, Arbitrary<FeedForward> blocks) {
        return Combinators.combine(Arbitraries.integers().between(1, 5), attentions, blocks)
                .as((count, attention, block) -> new LayerGroup(count, attention, block, 2))
                .list()
                .ofMinSize(3)
                .ofMaxSize(8);
    }
}
