package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Partition;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.LoraSlots;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model on a cluster with everything spelled out: formats, layout, engine, workload. Immutable and thread-safe; its
 * {@link Footprint} is compiled when it is built.
 */
public final class Deployment {
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
    private final long speculativeTokens;
    private final boolean eager;
    private final Optional<LoraSlots> loraSlots;
    private final Optional<Model> draft;
    private final HostShare hostShare;
    private final Placement placement;
    private final StagePlan plan;
    private @Nullable List<Stage> stages;
    private final List<Assumption> aboutAsked;
    private final Footprint footprint;

    Deployment(DeploymentBuilder builder, Cluster cluster, ParallelLayout layout, LayoutSeries series) {
        model = builder.model;
        this.cluster = cluster;
        offered = builder.cluster;
        weights = builder.weights();
        cache = builder.cache;
        this.layout = layout;
        engine = builder.engine();
        askedFraction = Optional.ofNullable(builder.memoryFraction);
        workload = builder.workload();
        speculativeTokens = builder.speculativeTokens;
        eager = builder.eager;
        loraSlots = Optional.ofNullable(builder.loraSlots);
        draft = Optional.ofNullable(builder.draft);
        hostShare = builder.hostShare;
        placement = Placement.of(cluster, layout);
        series.check(this);
        plan = new StagePlan(this, series.compiler());
        memoryFraction = plan.memoryFraction();
        aboutAsked = builder.assumptions();
        footprint = Footprint.of(this, plan);
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
     * The same deployment to be changed.
     *
     * @return a builder with all that was chosen for this one, the layout included
     */
    public DeploymentBuilder toBuilder() {
        return new DeploymentBuilder(model, cluster).settingsOf(this).layout(layout);
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
        return speculativeTokens > 0;
    }

    /**
     * Tokens that multi-token prediction drafts in a step.
     *
     * @return 0 where it is not loaded
     */
    public long speculativeTokens() {
        return speculativeTokens;
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
     * Room for adapters beside the weights.
     *
     * @return the slots; none by default
     */
    public Optional<LoraSlots> loraSlots() {
        return loraSlots;
    }

    /**
     * The model that drafts for this one.
     *
     * @return a whole model; none by default
     */
    public Optional<Model> draft() {
        return draft;
    }

    /**
     * What the machine's processors keep and compute.
     *
     * @return {@link HostShare#NONE} where all is on devices
     */
    public HostShare hostShare() {
        return hostShare;
    }

    /**
     * The kinds of devices that its ranks are on.
     *
     * @return at least one, in the cluster's order
     */
    public List<Accelerator> kinds() {
        return placement.devices();
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
        List<Stage> known = stages;
        if (known == null) {
            known = plan.stages();
            stages = known;
        }
        return known;
    }

    /**
     * What was taken for granted.
     *
     * @return by the reader of the model, by the engine's profile, and here
     */
    public List<Assumption> assumptions() {
        ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
        assumptions.addAll(model.assumptions());
        assumptions.addAll(aboutAsked);
        assumptions.addAll(engine.assumptions());
        assumptions.addAll(DeploymentAssumptions.of(this, offered));
        return assumptions.build();
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
     * The footprint that the deployment has with another workload: its own, unless the engine's steps go by what is held.
     *
     * <p>Worked value: llama.cpp has a slot for each sequence, so that what it holds for 40 of them is compiled anew; vLLM takes
     * steps of the same size whatever is held.
     *
     * @param other a workload that may be asked for with this layout
     * @return what a deployment with it and the same layout has
     * @throws IllegalArgumentException if it may not be asked for
     */
    public Footprint footprintWith(Workload other) {
        boolean isSame = other.sharedPrefixTokens() == workload.sharedPrefixTokens()
                && StepSizes.of(this, other).equals(StepSizes.of(this, workload));
        return isSame ? footprint : toBuilder().workload(other).build().footprint();
    }

    /**
     * The footprint that the deployment has on another device with the same {@link EngineProfile#traits}: what ranks need is
     * kept, the budgets alone are made anew.
     *
     * <p>Worked value: llama.cpp tells no devices apart, so that what is compiled for one accelerator answers for each; a vLLM of
     * 9/10 has a budget of 72 GB on a device with 80 GB usable, whatever device it was compiled for.
     *
     * @param other a device on which the engine runs
     * @return what a deployment built on it with the same layout has
     * @throws IllegalArgumentException if the engine tells the two apart or does not run on it, or the deployment is on unlike
     *     devices or partly on the host
     */
    public Footprint footprintOn(Accelerator other) {
        checkArgument(
                hostShare.isNone() && cluster.runs().size() == 1,
                "%s on another device: it is on unlike devices or partly on the host; build a deployment",
                this);
        Accelerator own = cluster.firstAccelerator();
        checkArgument(
                engine.serves(other) && engine.traits(own).equals(engine.traits(other)) && isPart(own) == isPart(other),
                "%s instead of %s: %s serves them differently; build a deployment",
                other,
                own,
                engine);
        return footprint.on(this, other);
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

    /** Ranks on parts of devices can't work together, whatever the engine. */
    private static boolean isPart(Accelerator device) {
        return device.category().equals(Partition.CATEGORY);
    }

    @Override
    public String toString() {
        return model + " " + weights + " on " + cluster + ", " + layout + ", " + engine;
    }
}
