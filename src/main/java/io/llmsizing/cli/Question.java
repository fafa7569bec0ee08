package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.EngineRefusals;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.engine.EngineLayouts;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.report.Answer;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A question as users put it, by options or by the keys of a JSON line. What is left out stays empty and gets the
 * library's default.
 */
final class Question {
    private static final Set<String> KEYS = Set.of(
            "id",
            "model",
            "config",
            "safetensors",
            "gguf",
            "weights",
            "kv_cache",
            "accelerator",
            "count",
            "nodes",
            "usable_memory_bytes",
            "engine",
            "engine_version",
            "memory_fraction",
            "tensor_parallel",
            "pipeline_parallel",
            "data_parallel",
            "expert_parallel",
            "context_parallel",
            "prefill_context_parallel",
            "redundant_experts",
            "context_tokens",
            "sequences",
            "shared_prefix_tokens",
            "max_batched_tokens",
            "max_sequences",
            "enforce_eager",
            "speculative_tokens",
            "lora_slots",
            "lora_rank",
            "draft",
            "explain",
            "remedies");

    /** Keys that say where, or how to answer. */
    private static final Set<String> KEYS_OF_A_LINE =
            Set.of("id", "accelerator", "count", "nodes", "usable_memory_bytes", "explain", "remedies");

    /** What a JSON line means that states no engine, wherever it runs. */
    private static final String BATCH_ENGINE = "vllm";

    private boolean explain;
    private boolean engineIsStated = true;
    private boolean remedies;
    private @Nullable PrintWriter complaints;

    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private ClusterOption where = new ClusterOption();

    @Mixin
    private LayoutOption layout = new LayoutOption();

    @Mixin
    private WorkloadOption workload = new WorkloadOption();

    @Mixin
    private LoraOption lora = new LoraOption();

    @Mixin
    private DraftOption draft = new DraftOption();

    @Option(
            names = "--kv-cache",
            paramLabel = "FORMAT",
            description = "How the cache is stored: auto, bf16, fp16, fp8, int8, q8_0, q4_0 ... Default: auto.")
    private String cache = "auto";

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description =
                    "none, vllm, llama.cpp, sglang, tensorrt-llm or transformers, also NAME:VERSION. Default: the accelerator's"
                            + " usual one.")
    private @Nullable String engine;

    @Option(
            names = "--engine-version",
            paramLabel = "VERSION",
            description = "Such as 0.19, or b10573 of llama.cpp. Default: the newest known.")
    private String engineVersion = "";

    @Option(
            names = "--memory-fraction",
            paramLabel = "DECIMAL",
            description = "Share of each device that the engine takes. Default: the engine version's own.")
    private @Nullable String memoryFraction;

    @Option(names = "--eager", description = "Run without captured graphs.")
    private boolean eager;

    @Option(
            names = "--speculative-tokens",
            paramLabel = "COUNT",
            description = "Tokens drafted by the model's own multi-token prediction; above 0 loads it.")
    private long speculativeTokens;

    @Option(
            names = "--host-layers",
            paramLabel = "COUNT",
            description = "Bottom layers that llama.cpp leaves to the host. Default: 0.")
    private int hostLayers;

    @Option(
            names = "--host-expert-layers",
            paramLabel = "COUNT",
            description = "Bottom layers whose experts llama.cpp leaves to the host (--n-cpu-moe). Default: 0.")
    private int hostExpertLayers;

    @Option(
            names = "--host-memory",
            paramLabel = "SIZE",
            description =
                    "Host memory that may be taken, such as '64 GiB'. Default: what is known of the machines, else not"
                            + " limited.")
    private @Nullable String hostMemory;

    /** A question to be filled by options. */
    Question() {}

    /** Model and cluster as they stand on the command line; see {@link ModelOption#named}. */
    Question about(String modelOrFile, @Nullable String writtenCluster, PrintWriter err) {
        model.named(modelOrFile, err);
        where.written(writtenCluster);
        complaints = err;
        return this;
    }

    /** The cluster alone, for a question about many models. */
    Question on(@Nullable String writtenCluster, PrintWriter err) {
        where.written(writtenCluster);
        complaints = err;
        return this;
    }

    /** The model alone, for a question about many clusters. */
    Question anywhere(String modelOrFile, PrintWriter err) {
        where.refuseOfOne();
        return about(modelOrFile, null, err);
    }

    Model model(Catalog catalog) throws IOException {
        draft.read(catalog, complaints);
        return model.model(catalog);
    }

    /** A published model in the mix of llama.cpp, if one is asked for. */
    Model mixed(Model published) {
        return model.mixed(published);
    }

    /** The question of one JSON line. */
    static Question of(JsonObject line) {
        line.refuseOtherKeysThan(KEYS);
        Question question = read(line);
        question.engine = line.text("engine").orElse(BATCH_ENGINE);
        question.engineIsStated = line.has("engine");
        return question;
    }

    /** The question of an entry that says no cluster, and has keys of its own besides. */
    static Question ofEntry(JsonObject entry, Set<String> own) {
        entry.refuseOtherKeysThan(
                Stream.concat(own.stream(), KEYS.stream().filter(key -> !KEYS_OF_A_LINE.contains(key)))
                        .collect(Collectors.toSet()));
        return read(entry);
    }

    private static Question read(JsonObject line) {
        Question question = new Question();
        question.model = ModelOption.of(line);
        question.layout = LayoutOption.of(line);
        question.lora = LoraOption.of(line);
        question.draft = DraftOption.of(line);
        question.cache = line.text("kv_cache").orElse("auto");
        question.where = ClusterOption.of(line);
        question.engine = line.text("engine").orElse(null);
        question.engineVersion = line.text("engine_version").orElse("");
        question.memoryFraction = line.decimal("memory_fraction").orElse(null);
        question.workload = WorkloadOption.of(line);
        question.eager = line.flag("enforce_eager", false);
        question.speculativeTokens = line.whole("speculative_tokens", 0, DeploymentBuilder.MOST_DRAFTED, 0);
        question.explain = line.flag("explain", false);
        question.remedies = line.flag("remedies", true);
        return question;
    }

    boolean namesEngine() {
        return engine != null;
    }

    boolean namesEngineVersion() {
        return !engineVersion.isEmpty();
    }

    boolean readsInventory() {
        return where.readsInventory();
    }

    boolean namesContext() {
        return workload.namesContext();
    }

    boolean isExplained() {
        return explain;
    }

    boolean wantsRemedies() {
        return remedies;
    }

    boolean namesCluster() {
        return where.isNamed();
    }

    /** What the model needs by itself, for a question without a cluster. */
    Map<String, Object> modelAnswer(Catalog catalog) throws IOException {
        Model wanted = model.model(catalog);
        WeightScheme weights = model.scheme(wanted);
        EngineProfile profile = Engines.named(engine == null ? "none" : engine, engineVersion);
        ParallelLayout shared = layout.layout(wanted, weights, profile);
        if (lora.slots().isPresent()) {
            throw new IllegalArgumentException("LoRA slots without a cluster; say on what, or leave them out");
        }
        if (draft.isGiven()) {
            throw new IllegalArgumentException("draft without a cluster; say on what, or leave it out");
        }
        EngineLayouts.violation(profile, shared).ifPresent(reason -> {
            throw new InvalidLayoutException(reason);
        });
        Workload held = workload.workload(wanted, profile);
        EngineRefusals.settings(
                profile, Optional.ofNullable(memoryFraction).map(Ratio::parse), held, eager, speculativeTokens > 0);
        EngineRefusals.cacheFormat(profile, wanted, cacheFormat());
        return Answer.of(wanted, weights, cacheFormat(), profile, shared, held);
    }

    /** The deployment that is asked about. */
    Deployment deployment(Catalog catalog) throws IOException {
        return builder(catalog).build();
    }

    /** Host memory that may be taken, where that is said. */
    Optional<ByteSize> hostMemory() {
        return Optional.ofNullable(hostMemory).map(ByteSize::parse);
    }

    DeploymentBuilder builder(Catalog catalog) throws IOException {
        return builder(model(catalog), cluster(catalog));
    }

    /** The question on any cluster; the model is read once. */
    Function<Cluster, DeploymentBuilder> onAny(Catalog catalog) throws IOException {
        Model wanted = model(catalog);
        return on -> builder(wanted, on);
    }

    /** What is asked of another model, or on another cluster. */
    DeploymentBuilder builder(Model wanted, Cluster on) {
        String name = engine == null || isUsualEngineTaken(on.firstAccelerator())
                ? on.firstAccelerator().engine()
                : engine;
        EngineProfile profile = Engines.named(name, engineVersion);
        DeploymentBuilder builder = Deployment.builder(wanted, on)
                .kvCache(cacheFormat())
                .workload(workload.workload(wanted, profile))
                .speculativeTokens(speculativeTokens)
                .eager(eager);
        if (engine != null || !engineVersion.isEmpty()) {
            builder.engine(profile);
        }
        if (model.saysHowStored()) {
            builder.weights(model.scheme(wanted));
        }
        lora.slots().ifPresent(builder::lora);
        draft.model().ifPresent(builder::draft);
        if (memoryFraction != null) {
            builder.memoryFraction(Ratio.parse(memoryFraction));
        }
        return builder.layout(layout.request()).hostShare(hostShare());
    }

    /** What is to stand on the host. */
    HostShare hostShare() {
        return new HostShare(hostLayers, hostExpertLayers, hostMemory());
    }

    Cluster cluster(Catalog catalog) throws IOException {
        draft.read(catalog, complaints);
        return where.cluster(catalog, complaints, this::engineNote);
    }

    /** A JSON line that states no engine does not mean one that can't run there. */
    private boolean isUsualEngineTaken(Accelerator device) {
        return !engineIsStated && !Engines.named(BATCH_ENGINE, "").serves(device);
    }

    private Optional<String> engineNote(Accelerator device) {
        return isUsualEngineTaken(device)
                ? Optional.of("no engine is stated, and " + BATCH_ENGINE + " does not run on " + device.name() + ": "
                        + device.engine() + " is taken")
                : Optional.empty();
    }

    private CacheFormat cacheFormat() {
        return cache.equalsIgnoreCase("auto") ? CacheFormats.BF16 : CacheFormats.named(cache);
    }
}
