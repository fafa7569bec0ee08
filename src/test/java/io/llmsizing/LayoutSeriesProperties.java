package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.LoraSlots;
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

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void whatWasCompiledBeforeChangesNothing(
            @ForAll @IntRange(max = 1 << 20) int chosen,
            @ForAll @IntRange(max = 2) int cluster,
            @ForAll @LongRange(min = 1, max = 4_096) long sequences,
            @ForAll long seed) {
        Model model = CATALOG.model(MODELS.get(chosen % MODELS.size()));
        Cluster machines = Cluster.parse(CLUSTERS.get(cluster), CATALOG);
        Random random = new Random(seed);
        long tokens = 1 + random.nextLong(model.contextTokens());
        DeploymentBuilder builder =
                Deployment.builder(model, machines).engine(engine(random)).workload(Workload.of(sequences, tokens));
        set(builder, model, random, Workload.of(sequences, tokens));
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

    private static EngineProfile engine(Random random) {
        List<String> engines = List.of(
                "vllm",
                "vllm:0.24",
                "vllm:0.17",
                "vllm:0.11",
                "vllm:0.7",
                "sglang",
                "sglang:0.4.6",
                "tensorrt-llm",
                "llama.cpp",
                "transformers",
                "none");
        return Engines.named(engines.get(random.nextInt(engines.size())), "");
    }

    /** Something else that is asked for, now and then. */
    private static void set(DeploymentBuilder builder, Model model, Random random, Workload workload) {
        switch (random.nextInt(8)) {
            case 0 -> builder.eager(true);
            case 1 -> builder.workload(workload.sharedPrefix(1 + random.nextLong(workload.contextTokens())));
            case 2 -> builder.lora(new LoraSlots(1 + random.nextInt(4), 16));
            case 3 -> builder.memoryFraction(Ratio.of(1 + random.nextInt(99), 100));
            case 4 -> builder.speculative(model.speculativeHead().isPresent());
            case 5 -> builder.draft(model);
            case 6 -> builder.kvCache(CacheFormats.FP8_E4M3);
            default -> {}
        }
    }

    private static List<ParallelLayout> layouts(Random random, Model model) {
        List<ParallelLayout> layouts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int tensor = 1 << random.nextInt(4);
            int stages = 1 + random.nextInt(12);
            int replicas = 1 + random.nextInt(9);
            int spread = random.nextBoolean() ? 1 : 1 << random.nextInt(3);
            boolean dealt = model.hasExperts() && random.nextBoolean();
            int copies = dealt && random.nextInt(4) == 0 ? tensor * replicas : 0;
            layouts.add(new ParallelLayout(tensor, stages, replicas, dealt, spread, copies));
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
