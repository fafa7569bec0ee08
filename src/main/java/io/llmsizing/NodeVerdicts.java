package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Partition;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.workload.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts on one model in one format in machines of equal devices, the layout left open: each is that of {@link Sizing#size} on
 * the deployment. A layout is compiled once for all contexts, numbers of devices and kinds of devices that the engine serves
 * alike. Not thread-safe; it keeps what it has compiled.
 *
 * <p>Worked value: DeepSeek-R1 in FP8 on eight H200 under vLLM 0.26 with one sequence of 8,192 tokens has code 0, it fits.
 */
public final class NodeVerdicts {
    /** It fits for sure. */
    public static final byte FITS = 0;

    /** It may fit. */
    public static final byte TOO_CLOSE_TO_CALL = 1;

    /** It certainly does not fit. */
    public static final byte DOES_NOT_FIT = 2;

    /** There is no such deployment, since model, engine or layout rule it out. */
    public static final byte REFUSED = 3;

    private final Model model;
    private final WeightScheme weights;
    private final Map<Step, Map<ParallelLayout, Compiled>> compiled = new HashMap<>();
    private final Map<Tried, Compiled[]> tried = new HashMap<>();

    /** Devices that are served alike, and a step on them. */
    private record Step(EngineProfile engine, Object traits, boolean isPart, long batchedTokens, long maxSequences) {}

    private record Tried(Step step, int count) {}

    /**
     * Verdicts on a model.
     *
     * @param model what is served
     * @param weights how it is stored
     */
    public NodeVerdicts(Model model, WeightScheme weights) {
        this.model = model;
        this.weights = weights;
    }

    /**
     * Writes the verdicts on a number of devices, for each context one for each number of sequences.
     *
     * @param engine that serves
     * @param device the kind
     * @param count how many in the one machine, 1 to 1,024
     * @param contexts tokens of each sequence, 1 or more; one beyond the model's is refused
     * @param sequences held at once, 1 to 2^31
     * @param codes where to, with room for contexts x sequences
     */
    public void on(
            EngineProfile engine, Accelerator device, int count, long[] contexts, long[] sequences, byte[] codes) {
        boolean served = engine.serves(device);
        boolean isPart = device.category().equals(Partition.CATEGORY);
        Object traits = engine.traits(device);
        @Nullable Step step = null;
        Compiled[] layouts = {};
        for (int held = 0; held < sequences.length; held++) {
            long inStep = engine.defaultMaxSequences(device, sequences[held]);
            for (int context = 0; context < contexts.length; context++) {
                int at = context * sequences.length + held;
                if (!served || contexts[context] > model.contextTokens()) {
                    codes[at] = REFUSED;
                    continue;
                }
                long batched = engine.defaultBatchedTokens(device, contexts[context]);
                if (step == null || step.batchedTokens() != batched || step.maxSequences() != inStep) {
                    step = new Step(engine, traits, isPart, batched, inStep);
                    layouts = layouts(step, device, count);
                }
                Workload workload = Workload.of(sequences[held], contexts[context]);
                codes[at] = verdict(layouts, device, count, engine, workload);
            }
        }
    }

    private Compiled[] layouts(Step step, Accelerator device, int count) {
        return tried.computeIfAbsent(new Tried(step, count), unseen -> {
            Map<ParallelLayout, Compiled> known = compiled.computeIfAbsent(step, none -> new HashMap<>());
            List<ParallelLayout> layouts =
                    LayoutChoice.inNode(model, weights, Cluster.of(device, count), step.engine());
            return layouts.stream()
                    .map(layout -> known.computeIfAbsent(layout, Compiled::new))
                    .toArray(Compiled[]::new);
        });
    }

    /** As {@link LayoutChoice} picks: the first stages with which any layout fits, otherwise the one with the most left. */
    private byte verdict(Compiled[] layouts, Accelerator device, int count, EngineProfile engine, Workload workload) {
        long tokens = workload.contextTokens();
        long sequences = workload.sequences();
        @Nullable Footprint best = null;
        long most = 0;
        boolean fits = false;
        int stages = 0;
        for (Compiled layout : layouts) {
            if (fits && layout.layout.pipeline() > stages) {
                return FITS;
            }
            stages = layout.layout.pipeline();
            Footprint footprint = layout.on(device, count, engine, workload);
            if (footprint == null) {
                return REFUSED;
            }
            fits |= footprint.fits(tokens, sequences);
            long left = footprint.headroom(tokens, sequences);
            if (best == null || left > most) {
                best = footprint;
                most = left;
            }
        }
        if (fits) {
            return FITS;
        }
        return best == null || best.isRuledOut(tokens, sequences) ? DOES_NOT_FIT : TOO_CLOSE_TO_CALL;
    }

    /** A layout, compiled when it is first asked for. */
    private final class Compiled {
        private final ParallelLayout layout;
        private boolean isBuilt;
        private @Nullable Deployment deployment;
        private @Nullable Accelerator last;
        private @Nullable Footprint onLast;

        Compiled(ParallelLayout layout) {
            this.layout = layout;
        }

        /** Nothing where there is no such deployment. */
        @Nullable
        Footprint on(Accelerator device, int count, EngineProfile engine, Workload workload) {
            if (!isBuilt) {
                isBuilt = true;
                deployment = built(Deployment.builder(model, Cluster.of(device, count))
                        .weights(weights)
                        .engine(engine)
                        .layout(layout)
                        .workload(workload));
            }
            if (deployment != null && !device.equals(last)) {
                last = device;
                onLast = deployment.footprintOn(device);
            }
            return onLast;
        }

        private @Nullable Deployment built(DeploymentBuilder builder) {
            try {
                return builder.build();
            } catch (IllegalArgumentException | ArithmeticException impossible) {
                return null;
            }
        }
    }
}
