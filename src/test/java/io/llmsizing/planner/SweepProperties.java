package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class SweepProperties {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final List<String> MODELS = List.copyOf(CATALOG.modelIds());
    private static final List<String> DEVICES =
            CATALOG.accelerators().stream().map(Accelerator::id).toList();

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of(MODELS);
    }

    @Provide
    Arbitrary<String> devices() {
        return Arbitraries.of(DEVICES);
    }

    @Provide
    Arbitrary<String> engines() {
        return Arbitraries.of(
                "", "", "vllm", "vllm:0.7", "vllm:0.11", "llama.cpp", "sglang", "tensorrt-llm", "transformers", "none");
    }

    @Provide
    Arbitrary<String> formats() {
        return Arbitraries.of("bf16", "fp8", "int4", "fp32", "mxfp4");
    }

    static EngineProfile engine(String name) {
        String[] parts = name.split(":", -1);
        return Engines.named(parts[0], parts.length == 1 ? "" : parts[1]);
    }

    static Sweep sweep(SweepSpace space) {
        return new Sweep(space, CATALOG::model, CATALOG::accelerator, WeightSchemes::named, SweepProperties::engine);
    }

    /** The law: each point has the verdict of the deployment that says the same. */
    @Property(tries = 150)
    void aPointIsTheVerdict(
            @ForAll("models") String model,
            @ForAll @Size(min = 3, max = 6) Set<@net.jqwik.api.From("devices") String> devices,
            @ForAll("formats") String format,
            @ForAll("engines") String engine) {
        SweepSpace space = SweepSpace.of(
                        List.of(model),
                        List.copyOf(devices),
                        List.of(8, 1, 3),
                        List.of("bf16", format),
                        List.of(4_096L, 32_768L, 40_000L, 131_072L),
                        List.of(1L, 64L, 700L))
                .engine(engine);
        sweep(space)
                .rows()
                .forEach(row ->
                        assertThat(row.verdict()).as("%s under %s", row, engine).isEqualTo(direct(row, engine)));
    }

    private static String direct(SweepRow row, String engine) {
        try {
            var builder = Deployment.builder(
                            CATALOG.model(row.model()), Cluster.of(CATALOG.accelerator(row.accelerator()), row.count()))
                    .weights(WeightSchemes.named(row.weights()))
                    .workload(Workload.of(row.sequences(), row.contextTokens()));
            return Sizing.size((engine.isEmpty() ? builder : builder.engine(engine(engine))).build())
                    .id();
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            return "refused";
        }
    }

    /** Any cut gives what the whole gives there, and its text carries it. */
    @Property(tries = 20)
    void aSliceIsAPartOfTheWhole(@ForAll("models") String one, @ForAll("models") String other, @ForAll int cut) {
        SweepSpace space = SweepSpace.of(
                List.of(one, other),
                List.of("nvidia-t4", "H200"),
                List.of(1, 2),
                List.of("bf16", "int4"),
                List.of(2_048L, 8_192L),
                List.of(1L, 32L));
        long middle = Math.floorMod(cut, space.size() + 1);
        assertThat(SweepSpace.parse(space.slice(middle, space.size()).toString()))
                .isEqualTo(space.slice(middle, space.size()));
        List<SweepRow> parts = java.util.stream.Stream.of(space.slice(0, middle), space.slice(middle, space.size()))
                .map(part -> SweepSpace.parse(part.toString()))
                .flatMap(part -> sweep(part).rows())
                .toList();
        assertThat(parts).isEqualTo(sweep(space).rows().toList());
        byte[] codes = new byte[(int) space.size()];
        sweep(space).into(codes);
        for (int i = 0; i < codes.length; i++) {
            assertThat(codes[i]).isEqualTo(parts.get(i).code());
            assertThat(parts.get(i).point()).isEqualTo(i);
        }
    }

    /** Devices with equal traits differ in their budgets alone. */
    @Property(tries = 200)
    void aFootprintMovesToAnotherDevice(
            @ForAll("models") String name, @ForAll("devices") String from, @ForAll("engines") String engineName) {
        Model model = CATALOG.model(name);
        Accelerator own = CATALOG.accelerator(from);
        EngineProfile engine = engineName.isEmpty() ? Engines.usual(own) : engine(engineName);
        if (!engine.serves(own)) {
            return;
        }
        ParallelLayout layout =
                ParallelLayout.SINGLE.pipeline(Math.min(2, model.layers().size()));
        Deployment built;
        try {
            built = built(model, own, engine, layout);
        } catch (IllegalArgumentException impossible) {
            return;
        }
        for (Accelerator other : CATALOG.accelerators()) {
            if (engine.serves(other) && engine.traits(other).equals(engine.traits(own))) {
                assertThat(figures(built.footprintOn(other), layout.pipeline()))
                        .as("%s for %s", other, own)
                        .isEqualTo(figures(built(model, other, engine, layout).footprint(), layout.pipeline()));
            }
        }
    }

    private static Deployment built(Model model, Accelerator device, EngineProfile engine, ParallelLayout layout) {
        return Deployment.builder(model, Cluster.of(device, 2))
                .engine(engine)
                .layout(layout)
                .build();
    }

    private static String figures(Footprint footprint, int stages) {
        return java.util.stream.IntStream.range(0, stages)
                .mapToObj(stage -> footprint.budget(stage) + " " + footprint.bytes(stage, 1_000, 3) + " "
                        + footprint.highBytes(stage, 1, 1) + " " + footprint.lowBytes(stage, 100, 7) + " "
                        + footprint.headroom(stage, 512, 2) + " " + footprint.fits(1, 1) + " "
                        + footprint.isRuledOut(1, 1) + " " + footprint.maxSequences(1))
                .collect(Collectors.joining("; "));
    }
}
