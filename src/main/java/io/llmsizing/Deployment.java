package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model on a cluster with everything spelled out: formats, layout, engine, workload. Immutable and thread-safe; its
 * {@link Footprint} is compiled when it is built.
 */
public final class Deployment {
    private static final long DEFAULT_CONTEXT = 8_192;

    private final Model model;
    private final Cluster cluster;
    private final WeightScheme weights;
    private final CacheFormat cache;
    private final ParallelLayout layout;
    private final EngineProfile engine;
    private final Ratio memoryFraction;
    private final Workload workload;
    private final boolean speculative;
    private final boolean eager;
    private final MemoryBudget budget;
    private final List<Serving> stages;
    private final List<Assumption> assumptions;
    private final Footprint footprint;

    private Deployment(Builder builder, ParallelLayout layout) {
        model = builder.model;
        cluster = builder.cluster;
        weights = builder.weights;
        cache = builder.cache;
        this.layout = layout;
        engine = builder.engine();
        memoryFraction = builder.memoryFraction == null ? engine.defaultMemoryFraction() : builder.memoryFraction;
        workload = builder.workload();
        speculative = builder.speculative;
        eager = builder.eager;
        check();
        budget = engine.budget(cluster.accelerator().memory().usable(), memoryFraction);
        stages = stagesOf(this);
        assumptions = assumptionsOf(this, builder.engineAssumption());
        footprint = Footprint.of(this);
    }

    private void check() {
        checkArgument(
                workload.contextTokens() <= model.contextTokens(),
                "a context of %s tokens is beyond the %s that %s is made for; ask for 1 to %s",
                workload.contextTokens(),
                model.contextTokens(),
                model.name(),
                model.contextTokens());
        checkArgument(
                memoryFraction.numerator() > 0 && memoryFraction.numerator() <= memoryFraction.denominator(),
                "a memory fraction of %s; above 0 and up to 1 allowed",
                memoryFraction.toDisplay(4));
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
        LayoutRules.violation(model, weights, layout).ifPresent(reason -> {
            throw new InvalidLayoutException(reason);
        });
    }

    private static List<Serving> stagesOf(Deployment deployment) {
        Accelerator accelerator = deployment.cluster.accelerator();
        Workload workload = deployment.workload;
        long tokens = workload.maxBatchedTokens().orElseGet(() -> deployment.engine.defaultBatchedTokens(accelerator));
        long sequences = workload.maxSequences().orElseGet(() -> deployment.engine.defaultMaxSequences(accelerator));
        long batchedTokens = Math.min(tokens, Math.multiplyExact(sequences, workload.contextTokens()));
        ImmutableList.Builder<Serving> stages = ImmutableList.builder();
        for (int stage = 0; stage < deployment.layout.pipeline(); stage++) {
            Rank rank = Rank.of(
                    deployment.model,
                    deployment.layout,
                    stage,
                    deployment.speculative,
                    deployment.engine.vocabularyMultiple());
            stages.add(new Serving(
                    rank,
                    deployment.weights,
                    deployment.cache,
                    batchedTokens,
                    Math.min(sequences, batchedTokens),
                    deployment.eager));
        }
        return stages.build();
    }

    private static List<Assumption> assumptionsOf(Deployment deployment, Optional<Assumption> aboutEngine) {
        ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
        assumptions.addAll(deployment.model.assumptions());
        aboutEngine.ifPresent(assumptions::add);
        assumptions.addAll(deployment.engine.assumptions());
        arithmetic(deployment.weights).ifPresent(format -> {
            Accelerator accelerator = deployment.cluster.accelerator();
            if (!accelerator.nativeFormats().contains(format)) {
                assumptions.add(new Assumption(
                        "arithmetic",
                        accelerator.name() + " has no " + format
                                + " arithmetic: weights are stored so and computed in a wider type"));
            }
        });
        if (deployment.layout.tensor() > deployment.cluster.devicesPerNode()) {
            assumptions.add(new Assumption(
                    "layout",
                    "tensor parallel " + deployment.layout.tensor() + " crosses nodes of "
                            + deployment.cluster.devicesPerNode()
                            + " devices: it fits or not all the same, but is slow"));
        }
        return assumptions.build();
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
    public static Builder builder(Model model, Cluster cluster) {
        return new Builder(model, cluster);
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
     * @return on what
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

    /**
     * The share of each device that the engine takes.
     *
     * @return above 0 and up to 1
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
     * The budget on each device.
     *
     * @return what the engine may use
     */
    public MemoryBudget budget() {
        return budget;
    }

    /**
     * What the fullest rank of each pipeline stage serves.
     *
     * @return one entry a stage
     */
    public List<Serving> stages() {
        return stages;
    }

    /**
     * What was taken for granted.
     *
     * @return by the reader of the model, by the engine's profile, and here
     */
    public List<Assumption> assumptions() {
        return assumptions;
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

    /** Collects what a deployment is made of; what is left out gets the documented default. */
    public static final class Builder {
        private final Model model;
        private final Cluster cluster;
        private WeightScheme weights;
        private CacheFormat cache = CacheFormats.BF16;
        private @Nullable ParallelLayout layout;
        private @Nullable EngineProfile engine;
        private @Nullable Ratio memoryFraction;
        private @Nullable Workload workload;
        private boolean speculative;
        private boolean eager;

        private Builder(Model model, Cluster cluster) {
            this.model = model;
            this.cluster = cluster;
            this.weights = model.weights();
        }

        /**
         * How tensors are stored; by default as the checkpoint stores them.
         *
         * @param scheme the scheme
         * @return this builder
         */
        public Builder weights(WeightScheme scheme) {
            this.weights = scheme;
            return this;
        }

        /**
         * How the linear layers are stored; the rest stays in BF16.
         *
         * @param linearLayers their format
         * @return this builder
         */
        public Builder weights(BlockFormat linearLayers) {
            return weights(WeightScheme.linearLayers(linearLayers, Formats.BF16));
        }

        /**
         * How cached vectors are stored; BF16 by default.
         *
         * @param format the format
         * @return this builder
         */
        public Builder kvCache(CacheFormat format) {
            this.cache = format;
            return this;
        }

        /**
         * How ranks share the model; by default the layout with the most headroom on its tightest rank, tensor
         * parallelism staying inside a node.
         *
         * @param chosen the layout
         * @return this builder
         */
        public Builder layout(ParallelLayout chosen) {
            this.layout = chosen;
            return this;
        }

        /**
         * The engine; by default the accelerator's usual one, newest known version.
         *
         * @param profile the engine
         * @return this builder
         */
        public Builder engine(EngineProfile profile) {
            this.engine = profile;
            return this;
        }

        /**
         * The share of each device that the engine takes; by default the engine version's own.
         *
         * @param fraction above 0 and up to 1
         * @return this builder
         */
        public Builder memoryFraction(Ratio fraction) {
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
        public Builder workload(Workload held) {
            this.workload = held;
            return this;
        }

        /**
         * Whether multi-token prediction is loaded; by default not.
         *
         * @param loaded whether
         * @return this builder
         */
        public Builder speculative(boolean loaded) {
            this.speculative = loaded;
            return this;
        }

        /**
         * Whether the engine runs without captured graphs; by default it captures them.
         *
         * @param withoutGraphs whether
         * @return this builder
         */
        public Builder eager(boolean withoutGraphs) {
            this.eager = withoutGraphs;
            return this;
        }

        private EngineProfile engine() {
            if (engine != null) {
                return engine;
            }
            String usual = cluster.accelerator().engine();
            return Engines.names().contains(usual) ? Engines.named(usual, "") : Engines.NONE;
        }

        private Optional<Assumption> engineAssumption() {
            String usual = cluster.accelerator().engine();
            return engine == null && !Engines.names().contains(usual)
                    ? Optional.of(new Assumption(
                            "engine",
                            "no profile of " + usual + " yet, the usual engine on "
                                    + cluster.accelerator().name() + ": only the model's own memory is counted"))
                    : Optional.empty();
        }

        private Workload workload() {
            return workload != null ? workload : Workload.of(1, Math.min(DEFAULT_CONTEXT, model.contextTokens()));
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
                    ? new Deployment(this, layout)
                    : LayoutChoice.best(model, weights, cluster, chosen -> new Deployment(this, chosen));
        }
    }
}
