package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.parallel.ParallelLayout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a search has found. */
public final class Plans {
    private final ImmutableList<Candidate> candidates;
    private final ImmutableList<Plan> best;
    private final ImmutableList<Search.Space> spaces;
    private final Objective objective;
    private final PriceList prices;
    private final long considered;
    private final Optional<Deployment> nearest;
    private final ImmutableSet<String> fixed;
    private final int spareNodes;
    private final ImmutableSet<String> leftOut;

    Plans(
            List<Candidate> candidates,
            List<Search.Space> spaces,
            Objective objective,
            PriceList prices,
            long considered,
            Optional<Deployment> nearest,
            Set<String> fixed,
            int spareNodes,
            Set<String> leftOut) {
        this.candidates = ImmutableList.copyOf(candidates);
        this.best = candidates.stream().map(Candidate::plan).collect(ImmutableList.toImmutableList());
        this.spaces = ImmutableList.copyOf(spaces);
        this.objective = objective;
        this.prices = prices;
        this.considered = considered;
        this.fixed = ImmutableSet.copyOf(fixed);
        this.spareNodes = spareNodes;
        this.leftOut = ImmutableSet.copyOf(leftOut);
        this.nearest = candidates.isEmpty() ? nearest : Optional.empty();
    }

    /**
     * Plans that fit for sure, of which none is as good as another in everything: devices, stages, ranks that share a sequence,
     * sequences, context, formats in the order of their lists, and the objective. Engines are not measured against each other,
     * nor unlike devices unless the prices of both are known.
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
        Deployment deployment;
        try {
            deployment = space.series().with(layout);
        } catch (IllegalArgumentException refused) {
            return String.valueOf(refused.getMessage());
        }
        String what = words(deployment) + ": ";
        if (!Sizing.fits(deployment)) {
            return what + Sizing.size(deployment).summary();
        }
        Candidate asked = space.candidate(deployment, prices);
        Optional<Candidate> better = candidates.stream()
                .filter(candidate -> candidate.dominates(asked, objective))
                .findFirst();
        if (best().stream().anyMatch(plan -> plan.deployment().toString().equals(asked.toString()))) {
            return what + "it is among the plans";
        }
        if (better.isEmpty()) {
            return what + "fits on " + words(asked.plan()) + ", and is a plan on another offer";
        }
        return what + "fits on " + words(asked.plan()) + "; "
                + words(better.get().plan().deployment()) + " on "
                + words(better.get().plan());
    }

    private static String words(Deployment deployment) {
        return deployment.layout() + ", " + deployment.weights() + ", cache "
                + deployment.cache().name() + ", " + deployment.engine() + " on " + deployment.cluster();
    }

    private static String words(Plan plan) {
        return String.format(
                Locale.ROOT,
                "%,d devices with up to %,d sequences or %,d tokens",
                plan.devices(),
                plan.maxSequences(),
                plan.maxContext());
    }

    /**
     * What would make the nearest deployment fit, formats that were listed for the planner being kept to.
     *
     * @return remedies, the cheapest first; none where something fits, or nothing known helps
     */
    public List<Remedy> remedies() {
        return nearest.stream()
                .flatMap(deployment -> Remedies.usual(deployment).stream())
                .filter(remedy -> remedy.changes().stream().noneMatch(change -> fixed.contains(change.key())))
                .toList();
    }

    /**
     * Machines that stay idle beside those of each plan.
     *
     * @return 0 or more
     */
    public int spareNodes() {
        return spareNodes;
    }

    /**
     * Why some of the engines, with some of their formats, were left out though others were not: they have not what is asked for.
     *
     * @return the reasons, each once; none where every one was tried
     */
    public Set<String> leftOut() {
        return leftOut;
    }

    /** Bytes that the tightest rank of a deployment lacks for sure. */
    static long shortfall(Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        long sequences = deployment.workload().sequences();
        return -footprint.headroom(tokens, sequences);
    }
}
