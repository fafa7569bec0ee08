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
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.LoraSlots;
import io.llmsizing.workload.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what a deployment is made of; what is left out gets the documented default. */
public final class DeploymentBuilder {
    /** The most tokens that are drafted in a step. */
    public static final long MOST_DRAFTED = 1 << 10;

    final Model model;
    final Cluster cluster;
    private @Nullable WeightScheme weights;
    CacheFormat cache = CacheFormats.BF16;
    private @Nullable ParallelLayout layout;
    private LayoutRequest request = LayoutRequest.ANY;
    private @Nullable EngineProfile engine;

    @Nullable
    Ratio memoryFraction;

    private @Nullable Workload workload;
    long speculativeTokens;
    boolean eager;
    HostShare hostShare = HostShare.NONE;

    @Nullable
    LoraSlots loraSlots;

    @Nullable
    Model draft;

    DeploymentBuilder(Model model, Cluster cluster) {
        this.model = model;
        this.cluster = cluster;
    }

    /**
     * How tensors are stored; by default as the checkpoint stores them, or as the engine then holds them.
     *
     * @param scheme the scheme
     * @return this builder
     */
    public DeploymentBuilder weights(WeightScheme scheme) {
        this.weights = scheme;
        return this;
    }

    /**
     * How the linear layers are stored; the rest stays in BF16, or follows where the format is a plain 16 or 32 bit
     * one.
     *
     * @param linearLayers their format
     * @return this builder
     */
    public DeploymentBuilder weights(BlockFormat linearLayers) {
        boolean plain = linearLayers.parts().size() == 1 && !linearLayers.isPacked();
        return weights(
                plain ? WeightScheme.uniform(linearLayers) : WeightScheme.linearLayers(linearLayers, Formats.BF16));
    }

    /**
     * How cached vectors are stored; BF16 by default.
     *
     * @param format the format
     * @return this builder
     */
    public DeploymentBuilder kvCache(CacheFormat format) {
        this.cache = format;
        return this;
    }

    /**
     * How ranks share the model; by default the one with the fewest pipeline stages with which any
     * fits for sure, and among those the one with the most headroom; tensor parallelism stays inside a node, and data
     * parallelism is not tried. Where machines differ, some kinds of them may stay idle: of up to 5 kinds every selection is
     * tried; of more, machines in the order of their usable memory, the most first, of each device alone and of all from
     * there on; and where none of these fits for sure, machines without their smallest devices ({@link Cluster#parts}). An engine that spreads whole layers (llama.cpp) takes a stage on each device of a node, and
     * on those of all nodes only where that does not fit for sure.
     *
     * @param chosen the layout
     * @return this builder
     */
    public DeploymentBuilder layout(ParallelLayout chosen) {
        this.layout = chosen;
        this.request = LayoutRequest.ANY;
        return this;
    }

    /**
     * The parts of the layout that are fixed; the rest is chosen as without any. Takes the place of a whole layout that was
     * given before, as a whole layout takes the place of parts.
     *
     * @param fixed the parts
     * @return this builder
     */
    public DeploymentBuilder layout(LayoutRequest fixed) {
        this.layout = null;
        this.request = fixed;
        return this;
    }

    /**
     * The engine; by default the accelerator's usual one, newest known version.
     *
     * @param profile the engine
     * @return this builder
     */
    public DeploymentBuilder engine(EngineProfile profile) {
        this.engine = profile;
        return this;
    }

    /**
     * The share of each device that the engine takes; by default the engine version's own.
     *
     * @param fraction above 0 and up to 1
     * @return this builder
     */
    public DeploymentBuilder memoryFraction(Ratio fraction) {
        this.memoryFraction = fraction;
        return this;
    }

    /**
     * What must be held at once; by default one sequence of 8,192 tokens, or of the model's context if that is
     * shorter.
     *
     * @param held the workload
     * @return this builder
     */
    public DeploymentBuilder workload(Workload held) {
        this.workload = held;
        return this;
    }

    /**
     * Whether multi-token prediction is loaded; by default not.
     *
     * @param loaded whether; it drafts one token unless {@link #speculativeTokens} says more
     * @return this builder
     */
    public DeploymentBuilder speculative(boolean loaded) {
        this.speculativeTokens = loaded ? Math.max(1, speculativeTokens) : 0;
        return this;
    }

    /**
     * Tokens that multi-token prediction drafts in a step; by default none, and it is not loaded.
     *
     * @param drafted 0 to {@value #MOST_DRAFTED}; above 0 it is loaded
     * @return this builder
     * @throws IllegalArgumentException if the number is out of range
     */
    public DeploymentBuilder speculativeTokens(long drafted) {
        checkArgument(
                drafted >= 0 && drafted <= MOST_DRAFTED,
                "speculative tokens: %s; 0 to %s allowed",
                drafted,
                MOST_DRAFTED);
        this.speculativeTokens = drafted;
        return this;
    }

    /**
     * Whether the engine runs without captured graphs; by default it captures them.
     *
     * @param withoutGraphs whether
     * @return this builder
     */
    public DeploymentBuilder eager(boolean withoutGraphs) {
        this.eager = withoutGraphs;
        return this;
    }

    /**
     * Room for LoRA adapters beside the weights; by default none.
     *
     * @param slots how many at once, and of which rank
     * @return this builder
     */
    public DeploymentBuilder lora(LoraSlots slots) {
        this.loraSlots = slots;
        return this;
    }

    /**
     * A second model that drafts, on the tensor ranks of the last pipeline stage, stored as its checkpoint is; by default none.
     *
     * @param drafting a whole model with the vocabulary of the one that is served
     * @return this builder
     */
    public DeploymentBuilder draft(Model drafting) {
        this.draft = drafting;
        return this;
    }

    /**
     * What the machine's processors keep and compute; by default nothing.
     *
     * @param share layers and experts that stand in host memory, for an engine that can do that
     * @return this builder
     */
    public DeploymentBuilder hostShare(HostShare share) {
        this.hostShare = share;
        return this;
    }

    /**
     * Everything but model, cluster and layout as another deployment has it.
     *
     * @param other the deployment
     * @return this builder
     */
    public DeploymentBuilder settingsOf(Deployment other) {
        weights = other.weights();
        cache = other.cache();
        engine = other.engine();
        memoryFraction = other.askedFraction().orElse(null);
        workload = other.workload();
        speculativeTokens = other.speculativeTokens();
        eager = other.isEager();
        loraSlots = other.loraSlots().orElse(null);
        draft = other.draft().orElse(null);
        hostShare = other.hostShare();
        return this;
    }

    WeightScheme weights() {
        return weights != null ? weights : engine().held(model.weights());
    }

    /**
     * The engine that serves if none is named.
     *
     * @return the usual one of the first accelerator, in its newest known version; none where it has no profile
     */
    public EngineProfile usualEngine() {
        return Engines.usual(cluster.firstAccelerator());
    }

    /**
     * Devices without which what is asked for can't be laid out.
     *
     * @return ranks of the layout, or of the smallest with the parts that are fixed; 1 or more
     */
    public int fewestDevices() {
        return layout != null ? layout.ranks() : request.smallest().ranks();
    }

    EngineProfile engine() {
        if (engine != null) {
            return engine;
        }
        return usualEngine();
    }

    /** What had to be taken for granted of what was asked. */
    List<Assumption> assumptions() {
        ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
        String usual = cluster.firstAccelerator().engine();
        if (engine == null && !Engines.names().contains(usual)) {
            assumptions.add(new Assumption(
                    "engine",
                    "no profile of " + usual + " yet, the usual engine on "
                            + cluster.firstAccelerator().name() + ": only the model's own memory is counted"));
        }
        DenseExperts.ignored(engine(), model, layout == null ? request.smallest() : layout)
                .ifPresent(assumptions::add);
        return assumptions.build();
    }

    Workload workload() {
        return workload != null ? workload : Workload.of(1, Workload.usualContext(model.contextTokens()));
    }

    /**
     * The deployment.
     *
     * @return an immutable deployment with its footprint
     * @throws InvalidLayoutException if the layout can't be, naming the sizes that work
     * @throws IllegalArgumentException naming a value out of range: a context beyond the model's, a fraction above
     *     1, more ranks than devices
     * @throws ArithmeticException naming the line whose bytes are beyond 2^63
     */
    public Deployment build() {
        return layout != null
                ? new LayoutSeries(this, cluster).with(layout)
                : MachineChoice.best(cluster, request.smallest().ranks(), engine().spreadsLayers(), this::onBest);
    }

    /**
     * Deployments on all layouts that are wanted of what has been collected so far.
     *
     * @return one for each layout; what is changed here afterwards changes nothing there
     */
    public LayoutSeries series() {
        DeploymentBuilder settings = new DeploymentBuilder(model, cluster);
        settings.weights = weights();
        settings.cache = cache;
        settings.engine = engine();
        settings.memoryFraction = memoryFraction;
        settings.workload = workload();
        settings.speculativeTokens = speculativeTokens;
        settings.eager = eager;
        settings.loraSlots = loraSlots;
        settings.draft = draft;
        settings.hostShare = hostShare;
        return new LayoutSeries(settings, cluster);
    }

    private Deployment onBest(Cluster machines) {
        WeightScheme stored = weights();
        LayoutSeries series = new LayoutSeries(this, machines);
        return LayoutChoice.best(
                model,
                chosen -> LayoutRules.isValid(model, stored, chosen)
                        && (draft == null || Drafting.isValid(draft, engine(), chosen)),
                machines,
                DenseExperts.request(engine(), model, request),
                engine(),
                series::with);
    }
}
