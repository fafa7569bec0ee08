package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.parallel.ParallelLayout;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a search has found. */
public final class Plans {
    private final ImmutableList<Plan> best;
    private final ImmutableList<Search.Space> spaces;
    private final long considered;
    private final Optional<Deployment> nearest;

    Plans(List<Plan> best, List<Search.Space> spaces, long considered, Optional<Deployment> nearest) {
        this.best = ImmutableList.copyOf(best);
        this.spaces = ImmutableList.copyOf(spaces);
        this.considered = considered;
        this.nearest = nearest;
    }

    /**
     * Plans that fit for sure, of which none on the same machines beats another in devices, sequences, context, formats and
     * the objective at once.
     *
     * @return the best first by the objective, empty if nothing fits
     */
    public List<Plan> best() {
        return best;
    }

    /**
     * Deployments that were sized.
     *
     * @return 1 or more
     */
    public long considered() {
        return considered;
    }

    /**
     * What came closest to fitting, where nothing fits.
     *
     * @return the deployment whose tightest rank lacks the least; empty where something fits
     */
    public Optional<Deployment> nearest() {
        return nearest;
    }

    /**
     * Why a layout is not among the best.
     *
     * @param layout any
     * @return for every engine and pair of formats one line: that it can't be, that it does not fit, or what beats it
     */
    public String whyNot(ParallelLayout layout) {
        return spaces.stream().map(space -> whyNot(space, layout)).distinct().collect(Collectors.joining("\n"));
    }

    private String whyNot(Search.Space space, ParallelLayout layout) {
        Optional<String> impossible = space.layouts().whyNot(layout);
        if (impossible.isPresent()) {
            return impossible.get();
        }
        Deployment deployment = space.series().with(layout);
        String what = deployment.layout() + ", " + deployment.weights() + ", cache "
                + deployment.cache().name() + ", " + deployment.engine() + " on " + deployment.cluster() + ": ";
        Verdict verdict = Sizing.size(deployment);
        if (!(verdict instanceof Verdict.Fits)) {
            return what + verdict.summary();
        }
        if (best.stream().anyMatch(plan -> plan.deployment().toString().equals(deployment.toString()))) {
            return what + "it is among the plans";
        }
        long sequences = verdict.finding().maxSequences();
        return best.stream()
                .filter(plan -> plan.devices() <= layout.ranks() && plan.maxSequences() >= sequences)
                .findFirst()
                .map(plan -> what + "fits with up to " + sequences + " sequences; "
                        + plan.deployment().layout() + " holds " + plan.maxSequences() + " on " + plan.devices()
                        + " devices")
                .orElse(what + "fits, and is beaten in its formats");
    }

    /** Bytes that the tightest rank of a deployment lacks for sure. */
    static long shortfall(Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        long sequences = deployment.workload().sequences();
        return -Plan.left(footprint, tokens, sequences);
    }
}
