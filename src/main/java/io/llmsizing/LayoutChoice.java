package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.quantization.WeightScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Picks what a user leaves open of a layout. */
final class LayoutChoice {
    static final int MOST_STAGES = 64;

    private LayoutChoice() {}

    /**
     * The valid layout to be preferred: with the fewest pipeline stages with which any layout fits for sure, the one that
     * leaves the most memory on its tightest rank; among equals the first, which has the larger tensor parallelism and no
     * expert parallelism. Where tensor parallelism is asked for and expert parallelism is not, experts are dealt out only if it
     * does not fit, or can't be laid out, without. Where none fits, the one that comes closest. Tensor parallelism that is not asked for stays
     * inside a node.
     */
    static Deployment best(
            Model model,
            Predicate<ParallelLayout> isValid,
            Cluster cluster,
            LayoutRequest request,
            EngineProfile engine,
            Function<ParallelLayout, Deployment> build) {
        if (engine.spreadsLayers()) {
            return spread(model, cluster, request, build);
        }
        @Nullable Deployment best = null;
        int replicas = request.data().orElse(1);
        int mostStages =
                Math.min(Math.min(cluster.devices() / replicas, model.layers().size()), MOST_STAGES);
        int first = request.pipeline().orElse(1);
        int last = request.pipeline().orElse(mostStages);
        for (int stages = first; stages <= last && (best == null || !Sizing.fits(best)); stages++) {
            for (ParallelLayout layout : valid(isValid, stages, cluster, request)) {
                Deployment candidate = build.apply(layout);
                if (best == null || (isBetter(candidate, best) && !isUnasked(candidate, best, request))) {
                    best = candidate;
                }
            }
        }
        return best == null ? build.apply(request.smallest()) : best;
    }

    private static List<ParallelLayout> valid(
            Predicate<ParallelLayout> isValid, int stages, Cluster cluster, LayoutRequest request) {
        return withStages(stages, cluster, request).stream()
                .filter(layout -> isValid.test(layout) && isPlaceable(cluster, layout, request))
                .toList();
    }

    /** The layouts that {@link #best} tries in turn in one node of equal devices if nothing of them is asked for. */
    static List<ParallelLayout> inNode(Model model, WeightScheme weights, Cluster node, EngineProfile engine) {
        LayoutRequest any = LayoutRequest.ANY;
        int most = Math.min(Math.min(node.devices(), model.layers().size()), MOST_STAGES);
        if (engine.spreadsLayers()) {
            ParallelLayout spread = any.smallest().pipeline(most);
            return List.of(Placement.of(node, spread).violation().isPresent() ? any.smallest() : spread);
        }
        List<ParallelLayout> layouts = new ArrayList<>();
        for (int stages = 1; stages <= most; stages++) {
            layouts.addAll(valid(layout -> LayoutRules.isValid(model, weights, layout), stages, node, any));
        }
        return layouts.isEmpty() ? List.of(any.smallest()) : layouts;
    }

    private static boolean isPlaceable(Cluster cluster, ParallelLayout layout, LayoutRequest request) {
        Placement placement = Placement.of(cluster, layout);
        return placement.violation().isEmpty() && (request.tensor().isPresent() || !placement.crossesNodes());
    }

    private static Deployment spread(
            Model model, Cluster cluster, LayoutRequest request, Function<ParallelLayout, Deployment> build) {
        ParallelLayout asked = request.smallest();
        if (request.pipeline().isPresent() || asked.expertRanks() > 1) {
            return build.apply(asked);
        }
        int most = Math.min(Math.min(cluster.devices(), model.layers().size()), MOST_STAGES);
        if (Placement.of(cluster, asked.pipeline(most)).violation().isPresent()) {
            return build.apply(asked);
        }
        int inNode = Math.min(cluster.widestNode(), most);
        Deployment best = build.apply(asked.pipeline(inNode));
        if (most > inNode && !Sizing.fits(best)) {
            Deployment overAll = build.apply(asked.pipeline(most));
            return isBetter(overAll, best) ? overAll : best;
        }
        return best;
    }

    private static List<ParallelLayout> withStages(int stages, Cluster cluster, LayoutRequest request) {
        List<ParallelLayout> layouts = new ArrayList<>();
        int replicas = request.data().orElse(1);
        int widest = request.tensor().orElse(cluster.widestNode());
        int narrowest = request.tensor().orElse(1);
        for (int tensor = widest; tensor >= narrowest; tensor--) {
            if ((long) tensor * stages * replicas <= cluster.devices()) {
                ParallelLayout layout =
                        request.smallest().withTensor(tensor).pipeline(stages).expert(false);
                if (!request.expert().orElse(false)) {
                    layouts.add(layout);
                }
                if (request.expert().orElse(layout.expertRanks() > 1)) {
                    layouts.add(layout.expert(true));
                }
            }
        }
        return layouts;
    }

    /** Who says how many ranks cut a layer gets no experts dealt out that he did not ask for, unless nothing else fits. */
    private static boolean isUnasked(Deployment candidate, Deployment best, LayoutRequest request) {
        return request.tensor().isPresent()
                && request.expert().isEmpty()
                && candidate.layout().expert()
                && !best.layout().expert()
                && Sizing.fits(candidate) == Sizing.fits(best);
    }

    private static boolean isBetter(Deployment candidate, Deployment best) {
        boolean fits = Sizing.fits(candidate);
        return fits == Sizing.fits(best) ? headroom(candidate) > headroom(best) : fits;
    }

    static long headroom(Deployment deployment) {
        return deployment
                .footprint()
                .headroom(
                        deployment.workload().contextTokens(),
                        deployment.workload().sequences());
    }
}
