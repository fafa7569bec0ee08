package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;

/** The longest context is the last that fits, to the token and to the byte, over the whole catalogue. */
class LongestContextProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final List<String> MODELS =
            CATALOG.modelIds().stream().sorted().toList();
    private static final Cluster CLUSTER = Cluster.parse("4xH100", CATALOG);

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void theLongestFitsAndATokenMoreDoesNot(
            @ForAll("models") Model model,
            @ForAll("engines") EngineProfile engine,
            @ForAll @IntRange(min = 1, max = 4) int stages,
            @ForAll @LongRange(min = 1, max = 200) long sequences,
            @ForAll @LongRange(max = 8_192) long prefix) {
        Footprint footprint;
        try {
            footprint = Deployment.builder(model, CLUSTER)
                    .engine(engine)
                    .layout(ParallelLayout.SINGLE.pipeline(stages))
                    .workload(Workload.of(sequences, model.contextTokens())
                            .sharedPrefix(Math.min(prefix, model.contextTokens())))
                    .build()
                    .footprint();
        } catch (IllegalArgumentException refused) {
            return;
        }
        long longest = footprint.maxContext(sequences);
        boolean isBound = longest > 0 && longest < model.contextTokens();
        Statistics.label("bound by memory")
                .collect(isBound)
                .coverage(share -> share.check(true).percentage(part -> part > 10));
        if (longest > 0) {
            assertThat(footprint.fits(longest, sequences)).isTrue();
        }
        if (longest < model.contextTokens()) {
            assertThat(footprint.fits(longest + 1, sequences)).isFalse();
        }
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void aSequenceOfExactlyTheRoomFits(
            @ForAll("models") Model model, @ForAll("engines") EngineProfile engine, @ForAll Random random) {
        CacheForm form;
        try {
            Deployment deployment = Deployment.builder(model, CLUSTER)
                    .engine(engine)
                    .layout(ParallelLayout.SINGLE)
                    .build();
            form = CacheForm.of(engine, deployment.stages().get(0).serving(), 0);
        } catch (IllegalArgumentException refused) {
            return;
        }
        long most = model.contextTokens();
        long tokens = 1 + random.nextLong(most);
        long room = form.bytesOf(tokens);
        long longest = form.longest(room, most);
        assertThat(longest).isGreaterThanOrEqualTo(tokens);
        assertThat(form.bytesOf(longest)).isEqualTo(room);
        assertThat(longest == most || form.bytesOf(longest + 1) > room).isTrue();
    }

    @Provide
    Arbitrary<Model> models() {
        return Arbitraries.integers().between(0, MODELS.size() - 1).map(index -> CATALOG.model(MODELS.get(index)));
    }

    @Provide
    Arbitrary<EngineProfile> engines() {
        return Arbitraries.of(Engines.names()).map(name -> Engines.named(name, ""));
    }
}
