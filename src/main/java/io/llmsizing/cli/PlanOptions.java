package io.llmsizing.cli;

import io.llmsizing.DeploymentBuilder;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.model.Model;
import io.llmsizing.planner.Objective;
import io.llmsizing.planner.Planner;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.Ratio;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a plan must hold, and what it may be made of. */
final class PlanOptions {
    private static final Map<String, Objective> OBJECTIVES = Map.of(
            "devices", Objective.FEWEST_DEVICES,
            "sequences", Objective.MOST_SEQUENCES,
            "context", Objective.LONGEST_CONTEXT,
            "headroom", Objective.MOST_HEADROOM,
            "price", Objective.LOWEST_PRICE);

    @Mixin
    private LayoutOption layout = new LayoutOption();

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            description = "devices, sequences, context, headroom or price. Default: devices.")
    private String objective = "devices";

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "FORMAT",
            description = "Formats that are allowed, the preferred first: fp8,int4. Default: as the checkpoint says.")
    private List<String> weights = List.of();

    @Option(
            names = "--kv-cache",
            split = ",",
            paramLabel = "FORMAT",
            description = "Cache formats that are allowed, the preferred first: bf16,fp8. Default: bf16.")
    private List<String> caches = List.of();

    @Option(
            names = "--engine",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Engines that are allowed, each NAME or NAME:VERSION: vllm:0.26,sglang. Default: the accelerator's usual"
                            + " one.")
    private List<String> engines = List.of();

    @Option(
            names = "--spare-nodes",
            paramLabel = "COUNT",
            description = "Machines of every offer that stay idle, so that as many may fail. Default: 0.")
    private int spareNodes;

    @Option(
            names = "--tensor-across-nodes",
            description =
                    "Ranks that share a layer may be in several machines. Default: only where --tensor asks for it.")
    private boolean tensorAcrossNodes;

    @Mixin
    private WorkloadOption workload = new WorkloadOption();

    @Mixin
    private LoraOption lora = new LoraOption();

    @Mixin
    private DraftOption draft = new DraftOption();

    @Option(
            names = "--speculative-tokens",
            paramLabel = "COUNT",
            description = "Tokens drafted by the model's own multi-token prediction; above 0 loads it.")
    private long speculativeTokens;

    @Option(names = "--eager", description = "Run without captured graphs.")
    private boolean eager;

    @Option(
            names = "--memory-fraction",
            paramLabel = "DECIMAL",
            description = "Share of each device that an engine takes. Default: the engine version's own.")
    private @Nullable String memoryFraction;

    /** A planner without machines. */
    Planner planner(String modelOrFile, Catalog catalog, PrintWriter err) throws IOException {
        ModelOption named = new ModelOption();
        named.named(modelOrFile, err);
        boolean mixed = weights.stream().anyMatch(GgufMix::isMeantBy);
        if (mixed && weights.size() > 1) {
            throw new IllegalArgumentException(
                    "--weights " + String.join(",", weights)
                            + ": a mix of llama.cpp makes another model of it, and can only stand alone; plan for each by itself");
        }
        if (!weights.isEmpty()) {
            named.storedAs(weights.get(0));
        }
        Model model = named.model(catalog);
        draft.read(catalog, err);
        List<EngineProfile> profiles =
                engines.stream().map(name -> Engines.named(name, "")).toList();
        Planner planner = Planner.of(model)
                .objective(objective())
                .layout(layout.request())
                .workload(workload.workload(model, profiles.isEmpty() ? Engines.vllm() : profiles.get(0)))
                .spareNodes(spareNodes)
                .tensorAcrossNodes(tensorAcrossNodes)
                .eager(eager)
                .settings(this::set);
        if (!weights.isEmpty() && !mixed) {
            planner.weights(weights.stream().map(model::weightsNamed).toList());
        }
        if (!caches.isEmpty()) {
            planner.kvCaches(caches.stream().map(PlanOptions::cache).toList());
        }
        if (!engines.isEmpty()) {
            planner.engines(profiles);
        }
        return memoryFraction == null ? planner : planner.memoryFraction(Ratio.parse(memoryFraction));
    }

    private void set(DeploymentBuilder builder) {
        builder.speculativeTokens(speculativeTokens);
        lora.slots().ifPresent(builder::lora);
        draft.model().ifPresent(builder::draft);
    }

    /** By what plans are put in order. */
    String objectiveName() {
        return objective;
    }

    private Objective objective() {
        Objective named = OBJECTIVES.get(objective);
        if (named == null) {
            throw new IllegalArgumentException("--objective " + objective + ": unknown; known are "
                    + String.join(", ", OBJECTIVES.keySet().stream().sorted().toList()));
        }
        return named;
    }

    private static CacheFormat cache(String name) {
        return name.equalsIgnoreCase("auto") ? CacheFormats.BF16 : CacheFormats.named(name);
    }
}
