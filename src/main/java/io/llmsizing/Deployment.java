package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Optional;

/**
 * A model on a cluster with everything spelled out: formats, layout, engine, workload. Immutable and thread-safe; its
 * {@link Footprint} is compiled when it is built.
 */
public final class Deployment {
    private static final int MOST_LISTED = 8;

    private final Model model;
    private final Cluster cluster;
    private final Cluster offered;
    private final WeightScheme weights;
    private final CacheFormat cache;
    private final ParallelLayout layout;
    private final EngineProfile engine;
    private final Optional<Ratio> askedFraction;
    private final Ratio memoryFraction;
    private final Workload workload;
    private final boolean speculative;
    private final boolean eager;
    private final HostShare hostShare;
    private final Placement placement;
    private final List<Stage> stages;
    private final Optional<Assumption> aboutEngine;
    private final Footprint footprint;

    Deployment(DeploymentBuilder builder, Cluster cluster, ParallelLayout layout) {
        model = builder.model;
        this.cluster = cluster;
        offered = builder.cluster;
        weights = builder.weights();
        cache = builder.cache;
        this.layout = layout;
        engine = builder.engine();
        askedFraction = Optional.ofNullable(builder.memoryFraction);
        workload = builder.workload();
        speculative = builder.speculative;
        eager = builder.eager;
        hostShare = builder.hostShare;
        placement = Placement.of(cluster, layout);
        check();
        StagePlan plan = new StagePlan(this);
        stages = plan.stages();
        memoryFraction = plan.memoryFraction();
        aboutEngine = builder.engineAssumption();
        footprint = Footprint.of(this, plan.fixed());
    }

    private void check() {
        checkArgument(
                workload.contextTokens() <= model.contextTokens(),
                "a context of %s tokens is beyond the %s that %s is made for; ask for 1 to %s",
                workload.contextTokens(),
                model.contextTokens(),
                model.name(),
                model.contextTokens());
        askedFraction.ifPresent(fraction -> checkArgument(
                fraction.numerator() > 0 && fraction.numerator() <= fraction.denominator(),
                "a memory fraction of %s; above 0 and up to 1 allowed",
                fraction));
        checkArgument(
                layout.ranks() <= cluster.devices(),
                "layout %s needs %s devices; %s has %s",
                layout,
                layout.ranks(),
                cluster,
                cluster.devices());
        checkArgument(
                !speculative || model.speculativeHead().isPresent(),
                "speculative tokens, but %s has no multi-token prediction; leave them out",
                model.name());
        checkHost();
        engine.violation(layout).or(placement::violation).ifPresent(reason -> {
            throw new InvalidLayoutException(reason);
        });
        LayoutRules.violation(model, weights, layout).ifPresent(reason -> {
            throw new InvalidLayoutException(reason);
        });
    }

    private void checkHost() {
        int layers = model.layers().size();
        checkArgument(
                hostShare.isNone() || engine.sharesWithHost(),
                "layers or experts on the host, but %s computes on devices alone; leave them out, or use llama.cpp",
                engine);
        checkArgument(
                hostShare.expertLayers() == 0 || model.hasExperts(),
                "the experts of %s layers on the host, but %s has no routed experts; leave them out",
                hostShare.expertLayers(),
                model.name());
        checkArgument(
                hostShare.layers() <= layers && hostShare.expertLayers() <= layers,
                "%s layers and the experts of %s on the host; %s has %s layers",
                hostShare.layers(),
                hostShare.expertLayers(),
                model.name(),
                layers);
        if (!hostShare.isNone()) {
            HostOffload.withoutHost(cluster).ifPresent(reason -> {
                throw new InvalidLayoutException(reason);
            });
        }
    }

    /** The number format in which the linear layers would be multiplied; none for formats that are weights only. */
    private static Optional<String> arithmetic(WeightScheme weights) {
        BlockFormat linear = weights.formatOf(TensorRole.ATTENTION);
        int end = linear.name().indexOf('-');
        String format = end < 0 ? linear.name() : linear.name().substring(0, end);
        return List.of("bf16", "fp16", "fp8", "int8").contains(format) ? Optional.of(format) : Optional.empty();
    }

    /**
     * Starts a deployment.
     *
     * @param model what is served
     * @param cluster on what
     * @return a builder with the documented defaults
     */
    public static DeploymentBuilder builder(Model model, Cluster cluster) {
        return new DeploymentBuilder(model, cluster);
    }

    /**
     * The model.
     *
     * @return what is served
     */
    public Model model() {
        return model;
    }

    /**
     * The cluster.
     *
     * @return on what; of unlike machines those alone that the layout is best on, if it was left open
     */
    public Cluster cluster() {
        return cluster;
    }

    /**
     * The weight scheme.
     *
     * @return how tensors are stored
     */
    public WeightScheme weights() {
        return weights;
    }

    /**
     * The cache format.
     *
     * @return how cached vectors are stored
     */
    public CacheFormat cache() {
        return cache;
    }

    /**
     * The layout.
     *
     * @return how ranks share the model
     */
    public ParallelLayout layout() {
        return layout;
    }

    /**
     * The engine.
     *
     * @return its profile
     */
    public EngineProfile engine() {
        return engine;
    }

    /** The share that was asked for; empty where it is left to the engine. */
    Optional<Ratio> askedFraction() {
        return askedFraction;
    }

    /**
     * The share of each device that the engine takes.
     *
     * @return above 0 and up to 1; that of the first stage where it depends on the device
     */
    public Ratio memoryFraction() {
        return memoryFraction;
    }

    /**
     * The workload.
     *
     * @return what must be held at once
     */
    public Workload workload() {
        return workload;
    }

    /**
     * Whether multi-token prediction is loaded.
     *
     * @return whether
     */
    public boolean isSpeculative() {
        return speculative;
    }

    /**
     * Whether the engine runs without captured graphs.
     *
     * @return whether
     */
    public boolean isEager() {
        return eager;
    }

    /**
     * What the machine's processors keep and compute.
     *
     * @return {@link HostShare#NONE} where all is on devices
     */
    public HostShare hostShare() {
        return hostShare;
    }

    /** Which devices its ranks are on. */
    Placement placement() {
        return placement;
    }

    /**
     * The pipeline stages, and behind them the host if a part of the model stands there.
     *
     * @return what each serves, where, and within what
     */
    public List<Stage> stages() {
        return stages;
    }

    /**
     * What was taken for granted.
     *
     * @return by the reader of the model, by the engine's profile, and here
     */
    public List<Assumption> assumptions() {
        ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
        assumptions.addAll(model.assumptions());
        aboutEngine.ifPresent(assumptions::add);
        assumptions.addAll(engine.assumptions());
        offered.choices().forEach(choice -> assumptions.add(new Assumption("cluster", choice)));
        if (!cluster.groups().equals(offered.groups())) {
            assumptions.add(new Assumption("cluster", machinesUsed()));
        }
        if (!hostShare.isNone() && hostShare.memory().isEmpty()) {
            assumptions.add(new Assumption("host memory", hostMemoryTaken()));
        }
        arithmetic(weights)
                .ifPresent(format -> stages.stream()
                        .flatMap(stage -> stage.devices().stream())
                        .distinct()
                        .filter(accelerator ->
                                !accelerator.compute().nativeFormats().contains(format))
                        .forEach(accelerator -> assumptions.add(new Assumption(
                                "arithmetic",
                                accelerator.name() + " has no " + format
                                        + " arithmetic: weights are stored so and computed in a wider type"))));
        if (!engine.sharesWithHost()
                && !engine.equals(Engines.NONE)
                && weights.asMap().values().stream().anyMatch(GgmlFormats::isPacked)) {
            assumptions.add(new Assumption(
                    "engine",
                    "weights in blocks of llama.cpp are sized as " + engine
                            + " would hold them; its usual engine is llama.cpp: --engine llama.cpp"));
        }
        if (!weights.equals(model.weights()) && weights.equals(engine.held(model.weights()))) {
            assumptions.add(
                    new Assumption("weights", engine + " holds a checkpoint in " + model.weights() + " as " + weights));
        }
        if (!engine.knows(cache)) {
            assumptions.add(new Assumption(
                    "kv_cache",
                    engine + " keeps no cache in " + cache.name() + "; its bytes are counted all the same"));
        }
        if (placement.crossesNodes()) {
            assumptions.add(new Assumption(
                    "layout",
                    "tensor parallel " + layout.tensor() + " crosses nodes of " + cluster.widestNode()
                            + " devices: it fits or not all the same, but is slow"));
        }
        if (engine.spreadsLayers() && layout.pipeline() > cluster.widestNode()) {
            assumptions.add(new Assumption(
                    "layout",
                    layout.pipeline() + " stages cross nodes of " + cluster.widestNode() + " devices, which "
                            + engine.name() + " reaches over the network alone"));
        }
        return assumptions.build();
    }

    private String hostMemoryTaken() {
        return cluster.hostMemory()
                        .map(known -> "all " + known.toDisplay() + " that the machine has are taken to be free")
                        .orElse("not known, and taken to be enough")
                + "; --host-memory says how much may be taken";
    }

    /** Many kinds of machines are counted, not listed. */
    private String machinesUsed() {
        int kinds = offered.groups().size();
        if (cluster.devices() == offered.devices()) {
            return "ranks take the machines in another order, those with the most memory first";
        }
        return "ranks are on " + cluster + " alone, of "
                + (kinds > MOST_LISTED
                        ? kinds + " kinds of machines with " + offered.devices() + " devices"
                        : offered.toString());
    }

    /**
     * The closed form of its memory.
     *
     * @return the footprint
     */
    public Footprint footprint() {
        return footprint;
    }

    /**
     * Sequences that the fullest replica holds.
     *
     * @param sequences in all
     * @return their share, rounded up
     */
    long sequencesOnRank(long sequences) {
        return footprint.sequencesOnRank(sequences);
    }

    @Override
    public String toString() {
        return model + " " + weights + " on " + cluster + ", " + layout + ", " + engine;
    }
}
