package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;

/** More memory, more replicas and smaller formats never turn what fits into what does not, over the whole catalogue. */
class MonotoneProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final List<String> MODELS =
            CATALOG.modelIds().stream().sorted().toList();
    private static final Accelerator CARD = CATALOG.accelerator("H100-SXM5-80GB");

    /**
     * A deployment and what is changed of it.
     *
     * @param model what is served
     * @param engine by what
     * @param layout how
     * @param workload what is held
     */
    record Asked(Model model, EngineProfile engine, ParallelLayout layout, Workload workload) {
        /** Nothing where there is no such deployment. */
        Optional<Verdict> on(ByteSize usable, ParallelLayout laidOut, WeightScheme weights, CacheFormat cache) {
            Accelerator card = CARD.withMemory(CARD.memory().withUsable(usable));
            try {
                return Optional.of(Sizing.size(Deployment.builder(model, Cluster.of(card, 8, 8))
                        .engine(engine)
                        .layout(laidOut)
                        .weights(weights)
                        .kvCache(cache)
                        .workload(workload)
                        .build()));
            } catch (IllegalArgumentException refused) {
                return Optional.empty();
            }
        }
    }

    private static void staysFitting(Optional<Verdict> before, Optional<Verdict> after) {
        boolean fits = before.filter(Verdict.Fits.class::isInstance).isPresent();
        Statistics.label("fits before")
                .collect(fits)
                .coverage(share -> share.check(true).percentage(part -> part > 10));
        if (fits) {
            assertThat(after)
                    .hasValueSatisfying(verdict -> assertThat(verdict)
                            .as(
                                    "%s, with %s to spare before",
                                    verdict.summary(), before.orElseThrow().headroom())
                            .isNotInstanceOf(Verdict.DoesNotFit.class));
        }
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void moreMemoryNeverHurts(
            @ForAll("asked") Asked asked,
            @ForAll @LongRange(min = 4L << 30, max = 120L << 30) long usable,
            @ForAll @LongRange(max = 80L << 30) long more) {
        Optional<Verdict> before =
                asked.on(ByteSize.ofBytes(usable), asked.layout(), WeightSchemes.BF16, CacheFormats.BF16);
        Optional<Verdict> after =
                asked.on(ByteSize.ofBytes(usable + more), asked.layout(), WeightSchemes.BF16, CacheFormats.BF16);
        staysFitting(before, after);
        if (before.filter(Verdict.Fits.class::isInstance).isPresent()) {
            assertThat(after.orElseThrow()).isInstanceOf(Verdict.Fits.class);
        }
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void anotherReplicaNeverHurts(
            @ForAll("asked") Asked asked, @ForAll @LongRange(min = 4L << 30, max = 120L << 30) long usable) {
        ParallelLayout layout = asked.layout();
        ByteSize size = ByteSize.ofBytes(usable);
        ParallelLayout more = layout.data(layout.data() + 1);
        Optional<Verdict> after = asked.on(size, more, WeightSchemes.BF16, CacheFormats.BF16);
        if (after.isPresent()) {
            staysFitting(asked.on(size, layout, WeightSchemes.BF16, CacheFormats.BF16), after);
        }
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void smallerWeightsNeverHurt(
            @ForAll("asked") Asked asked,
            @ForAll @LongRange(min = 4L << 30, max = 120L << 30) long usable,
            @ForAll("smaller") List<String> schemes) {
        ByteSize size = ByteSize.ofBytes(usable);
        Optional<Verdict> after =
                asked.on(size, asked.layout(), asked.model().weightsNamed(schemes.get(1)), CacheFormats.BF16);
        if (after.isPresent()) {
            staysFitting(
                    asked.on(size, asked.layout(), asked.model().weightsNamed(schemes.get(0)), CacheFormats.BF16),
                    after);
        }
    }

    /** A cache in blocks is widened a layer at a time by llama.cpp, so that of few layers it is no smaller; see LlamaCppBuffers. */
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void aSmallerCacheNeverHurts(
            @ForAll("asked") Asked asked, @ForAll @LongRange(min = 4L << 30, max = 120L << 30) long usable) {
        ByteSize size = ByteSize.ofBytes(usable);
        Optional<Verdict> after = asked.on(size, asked.layout(), WeightSchemes.BF16, CacheFormats.FP8_E4M3);
        if (after.isPresent()) {
            staysFitting(asked.on(size, asked.layout(), WeightSchemes.BF16, CacheFormats.BF16), after);
        }
    }

    @Provide
    Arbitrary<List<String>> smaller() {
        return Arbitraries.of(
                List.of("bf16", "fp8"), List.of("bf16", "int8"), List.of("fp8", "int4"), List.of("int8", "int4"));
    }

    @Provide
    Arbitrary<Asked> asked() {
        return Arbitraries.randomValue(MonotoneProperties::random);
    }

    private static Asked random(Random random) {
        Model model = CATALOG.model(MODELS.get(random.nextInt(MODELS.size())));
        List<String> engines = Engines.names().stream().sorted().toList();
        EngineProfile engine = Engines.named(engines.get(random.nextInt(engines.size())), "");
        int tensor = 1 << random.nextInt(4);
        ParallelLayout layout = engine.spreadsLayers()
                ? ParallelLayout.SINGLE.pipeline(1 + random.nextInt(8))
                : new ParallelLayout(
                        tensor,
                        1 + random.nextInt(3),
                        1 + random.nextInt(2),
                        model.hasExperts() && random.nextBoolean());
        long tokens = 1 + (long) Math.exp(random.nextDouble() * Math.log((double) model.contextTokens()));
        return new Asked(
                model, engine, layout, Workload.of(1 + random.nextInt(64), Math.min(tokens, model.contextTokens())));
    }
}
