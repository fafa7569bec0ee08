package io.llmsizing.planner;

import java.util.ArrayList;
import java.util.List;

/**
 * Plans of which none is better than another in everything: devices, sequences, context, the formats of weights and cache in
 * the order in which they are preferred, and the objective. Of equal plans the first stays.
 */
final class Frontier {
    private final Objective objective;
    private final List<Candidate> plans = new ArrayList<>();

    Frontier(Objective objective) {
        this.objective = objective;
    }

    /**
     * A plan among others.
     *
     * @param plan the plan
     * @param weightsRank how far down the list of allowed weight schemes its own is
     * @param cacheRank the same of the cache
     */
    record Candidate(Plan plan, int weightsRank, int cacheRank) {}

    private boolean dominates(Candidate one, Candidate other) {
        return one.weightsRank <= other.weightsRank
                && one.cacheRank <= other.cacheRank
                && one.plan.devices() <= other.plan.devices()
                && one.plan.maxSequences() >= other.plan.maxSequences()
                && one.plan.maxContext() >= other.plan.maxContext()
                && objective.compare(one.plan, other.plan) <= 0;
    }

    /** Takes a plan in unless one that came before is as good in everything; plans that it beats leave. */
    void add(Candidate candidate) {
        for (Candidate before : plans) {
            if (dominates(before, candidate)) {
                return;
            }
        }
        plans.removeIf(before -> dominates(candidate, before));
        plans.add(candidate);
    }

    List<Plan> plans() {
        return plans.stream().map(Candidate::plan).toList();
    }
}
