package io.llmsizing.planner;

import io.llmsizing.InvalidLayoutException;
import io.llmsizing.LayoutRequest;
import io.llmsizing.engine.EngineFeature;
import io.llmsizing.engine.EngineLayouts;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.quantization.WeightScheme;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layouts in which an engine can serve a model on some machines: tensor x pipeline x data ranks up to their devices,
 * experts cut or dealt out, a sequence on each tensor rank or spread over several of them, tensor ranks inside a machine unless
 * that is allowed or asked for.
 *
 * <p>Worked value: Llama-3.1-8B in BF16 on 8 H100 under vLLM has 32 layouts with 8 or fewer ranks.
 */
public final class LayoutSpace {
    /** The most pipeline stages that are looked at; more only if they are asked for. */
    public static final int MOST_STAGES = 64;

    private static final int MOST_RANKS = 1024;

    private final Model model;
    private final WeightScheme weights;
    private final EngineProfile engine;
    private final Cluster cluster;
    private final LayoutRequest request;
    private final boolean acrossNodes;
    private final boolean spreadsContext;
    private final Map<ParallelLayout, Boolean> valid = new HashMap<>();

    /**
     * Everything that can be.
     *
     * @param model what is laid out
     * @param weights how it is stored
     * @param engine that serves it
     * @param cluster on what
     * @param request parts that are fixed
     * @param acrossNodes whether tensor ranks may be in several machines though that was not asked for
     */
    public LayoutSpace(
            Model model,
            WeightScheme weights,
            EngineProfile engine,
            Cluster cluster,
            LayoutRequest request,
            boolean acrossNodes) {
        this.model = model;
        this.weights = weights;
        this.engine = engine;
        this.cluster = cluster;
        this.request = request;
        this.acrossNodes = acrossNodes || request.tensor().isPresent();
        this.spreadsContext = engine.features().contains(EngineFeature.CONTEXT_PARALLEL);
    }

    /**
     * All layouts, those to be preferred among equals first: fewer stages, then wider tensor parallelism, then fewer replicas,
     * then experts that are cut, then sequences that are spread over fewer ranks.
     *
     * @return the layouts, none where none can be
     */
    public List<ParallelLayout> layouts() {
        List<ParallelLayout> layouts = new ArrayList<>();
        int devices = cluster.devices();
        int firstStages = request.pipeline().orElse(1);
        int lastStages = request.pipeline()
                .orElse(Math.min(Math.min(devices, model.layers().size()), MOST_STAGES));
        int widest = request.tensor().orElse(acrossNodes ? Math.min(devices, MOST_RANKS) : cluster.widestNode());
        int narrowest = request.tensor().orElse(1);
        for (int stages = firstStages; stages <= lastStages; stages++) {
            for (int tensor = widest; tensor >= narrowest; tensor--) {
                addReplicas(layouts, tensor, stages);
            }
        }
        return layouts;
    }

    private void addReplicas(List<ParallelLayout> layouts, int tensor, int stages) {
        int first = request.data().orElse(1);
        long most = Math.min(cluster.devices() / ((long) tensor * stages), MOST_RANKS / tensor);
        ParallelLayout smallest =
                request.smallest().withTensor(tensor).pipeline(stages).expert(false);
        for (int replicas = first; replicas <= Math.min(most, request.data().orElse(MOST_RANKS)); replicas++) {
            ParallelLayout layout = smallest.data(replicas);
            boolean dealt = request.expert().orElse(model.hasExperts() && layout.expertRanks() > 1);
            if (!request.expert().orElse(false)) {
                addSpread(layouts, layout);
            }
            if (dealt) {
                addSpread(layouts, layout.expert(true));
            }
        }
    }

    /** The layout, and where it is left open and the engine can those that spread a sequence over tensor ranks. */
    private void addSpread(List<ParallelLayout> layouts, ParallelLayout layout) {
        if (!addIfValid(layouts, layout) || request.context().isPresent() || !spreadsContext) {
            return;
        }
        for (int ranks = 2; ranks <= layout.tensor(); ranks++) {
            if (layout.tensor() % ranks == 0 && cuts(layout.context(ranks))) {
                layouts.add(layout.context(ranks));
            }
        }
    }

    private boolean addIfValid(List<ParallelLayout> layouts, ParallelLayout layout) {
        boolean isValid =
                cuts(layout) && EngineLayouts.violation(engine, layout).isEmpty() && isPlaceable(layout);
        if (isValid) {
            layouts.add(layout);
        }
        return isValid;
    }

    private boolean cuts(ParallelLayout layout) {
        ParallelLayout cut = layout.pipeline(1).data(model.hasExperts() ? layout.data() : 1);
        return valid.computeIfAbsent(cut, unseen -> LayoutRules.isValid(model, weights, unseen));
    }

    private boolean isPlaceable(ParallelLayout layout) {
        Placement placement = Placement.of(cluster, layout);
        return placement.violation().isEmpty() && (acrossNodes || !placement.crossesNodes());
    }

    /**
     * Why a layout is none of these.
     *
     * @param layout any
     * @return the first reason found with its way out, or nothing if it is one of them
     */
    public Optional<String> whyNot(ParallelLayout layout) {
        if (layout.ranks() > cluster.devices()) {
            return Optional.of("layout " + layout + " needs " + layout.ranks() + " devices; " + cluster + " has "
                    + cluster.devices());
        }
        Optional<String> asked = notAsked(layout);
        if (asked.isPresent()) {
            return asked;
        }
        Placement placement = Placement.of(cluster, layout);
        return LayoutRules.violation(model, weights, layout)
                .or(() -> EngineLayouts.violation(engine, layout))
                .or(placement::violation)
                .or(() -> acrossNodes || !placement.crossesNodes()
                        ? Optional.empty()
                        : Optional.of("tensor parallel " + layout.tensor() + " would cross machines of " + cluster
                                + ", which have up to " + cluster.widestNode()
                                + " devices; ask for it, or allow tensor parallelism across them"));
    }

    private Optional<String> notAsked(ParallelLayout layout) {
        boolean fits = layout.tensor() == request.tensor().orElse(layout.tensor())
                && layout.pipeline() == request.pipeline().orElse(layout.pipeline())
                && layout.data() == request.data().orElse(layout.data())
                && layout.expert() == request.expert().orElse(layout.expert())
                && layout.context() == request.context().orElse(layout.context())
                && layout.redundantExperts() == request.redundantExperts().orElse(0);
        if (fits) {
            return Optional.empty();
        }
        int copies = request.redundantExperts().orElse(0);
        return Optional.of("layout " + layout
                + (layout.redundantExperts() == copies
                        ? " is not what was asked for"
                        : " has " + layout.redundantExperts() + " copies of experts, where " + copies
                                + " were asked for; copies are counted only as asked"));
    }

    /** The reason that the smallest layout asked for can't be, where the space is empty. */
    InvalidLayoutException refusal() {
        boolean spreads = request.context().orElse(1) > 1 && request.tensor().isEmpty();
        ParallelLayout smallest = request.smallest();
        ParallelLayout shown = spreads ? smallest.withTensor(cluster.widestNode()) : smallest;
        return new InvalidLayoutException(
                "no layout: " + whyNot(shown).orElse("none of " + cluster + " can serve " + model.name()));
    }
}
