package io.llmsizing;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightScheme;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Picks the layout when the user names none. */
final class LayoutChoice {
    private LayoutChoice() {}

    /**
     * The valid layout to be preferred: one that fits for sure before one that does not; among those that fit, fewer
     * pipeline stages; then more memory left on the tightest rank; then the one tried first, without expert parallelism.
     * Tensor parallelism stays inside a node.
     */
    static Deployment best(
            Model model, WeightScheme weights, Cluster cluster, Function<ParallelLayout, Deployment> build) {
        @Nullable Deployment best = null;
        for (ParallelLayout layout : candidates(model, cluster)) {
            if (LayoutRules.isValid(model, weights, layout)) {
                Deployment candidate = build.apply(layout);
                if (best == null || isBetter(candidate, best)) {
                    best = candidate;
                }
            }
        }
        return best == null ? build.apply(ParallelLayout.SINGLE) : best;
    }

    private static boolean isBetter(Deployment candidate, Deployment best) {
        boolean fits = Sizing.fits(candidate);
        if (fits != Sizing.fits(best)) {
            return fits;
        }
        int stages = candidate.layout().pipeline();
        if (fits && stages != best.layout().pipeline()) {
            return stages < best.layout().pipeline();
        }
        return headroom(candidate) > headroom(best);
    }

    private static long headroom(Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        long sequences = deployment.workload().sequences();
        int tightest = footprint.tightestStage(tokens, sequences);
        return footprint.budget() - footprint.highBytes(tightest, tokens, sequences);
    }

    private static Set<ParallelLayout> candidates(Model model, Cluster cluster) {
        Set<ParallelLayout> layouts = new LinkedHashSet<>();
        for (int tensor = cluster.devicesPerNode(); tensor >= 1; tensor--) {
            int mostStages = Math.min(cluster.devices() / tensor, model.layers().size());
            for (int stages : new int[] {1, Math.min(cluster.nodes(), mostStages), mostStages}) {
                ParallelLayout layout = ParallelLayout.tensor(tensor).pipeline(stages);
                layouts.add(layout);
                if (tensor > 1) {
                    layouts.add(layout.expert(true));
                }
            }
        }
        return layouts;
    }
}
