package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** A deployment of a series is the one that is built by itself, whatever was compiled before it. */
class LayoutSeriesProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final List<String> CLUSTERS = List.of("8x8xH100", "2x8xH200 + 4x4xA100-SXM4-80GB", "8x8xL40S");
    private static final List<String> MODELS =
            CATALOG.modelIds().stream().sorted().toList();

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void whatWasCompiledBeforeChangesNothing(
            @ForAll @IntRange(max = 1 << 20) int chosen,
            @ForAll @IntRange(max = 2) int cluster,
            @ForAll @LongRange(min = 1, max = 4_096) long sequences,
            @ForAll long seed) {
        Model model = CATALOG.model(MODELS.get(chosen % MODELS.size()));
        Cluster machines = Cluster.parse(CLUSTERS.get(cluster), CATALOG);
        Random random = new Random(seed);
        EngineProfile engine = Engines.named(
                Engines.names().stream()
                        .sorted()
                        .toList()
                        .get(random.nextInt(Engines.names().size())),
                "");
        long tokens = 1 + random.nextLong(model.contextTokens());
        DeploymentBuilder builder =
                Deployment.builder(model, machines).engine(engine).workload(Workload.of(sequences, tokens));
        LayoutSeries series = builder.series();
        List<ParallelLayout> layouts = layouts(random, model);
        for (ParallelLayout layout : layouts) {
            Deployment alone;
            try {
                alone = builder.layout(layout).build();
            } catch (IllegalArgumentException | ArithmeticException refused) {
                assertThatThrownBy(() -> series.with(layout)).hasMessage(refused.getMessage());
                continue;
            }
            Deployment one = series.with(layout);
            assertThat(figures(one, model)).as(alone.toString()).isEqualTo(figures(alone, model));
            assertThat(one.stages()).usingRecursiveComparison().isEqualTo(alone.stages());
            assertThat(one.assumptions()).isEqualTo(alone.assumptions());
        }
    }

    private static List<ParallelLayout> layouts(Random random, Model model) {
        List<ParallelLayout> layouts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int tensor = 1 << random.nextInt(4);
            int stages = 1 + random.nextInt(12);
            int replicas = 1 + random.nextInt(9);
            int spread = random.nextBoolean() ? 1 : 1 << random.nextInt(3);
            layouts.add(new ParallelLayout(
                    tensor, stages, replicas, model.hasExperts() && random.nextBoolean(), spread, 0));
        }
        return layouts;
    }

    private static List<Long> figures(Deployment deployment, Model model) {
        Footprint footprint = deployment.footprint();
        List<Long> figures = new ArrayList<>();
        for (int stage = 0; stage < footprint.stages(); stage++) {
            figures.add(footprint.budget(stage));
            figures.add(footprint.fixedBytes(stage));
            figures.add(footprint.bytesPerPage(stage));
            for (long tokens : new long[] {1, 1_000, model.contextTokens()}) {
                for (long sequences : new long[] {1, 7, 1_024}) {
                    figures.add(footprint.lowBytes(stage, tokens, sequences));
                    figures.add(footprint.bytes(stage, tokens, sequences));
                    figures.add(footprint.highBytes(stage, tokens, sequences));
                }
            }
        }
        return figures;
    }
}
