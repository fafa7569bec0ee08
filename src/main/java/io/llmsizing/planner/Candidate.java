package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.parallel.ParallelLayout;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A plan among others.
 *
 * @param plan the plan
 * @param weightsRank how far down the list of allowed weight schemes its own is
 * @param cacheRank the same of the cache
 * @param kinds the kinds of devices that it may take, in their order
 */
record Candidate(Plan plan, int weightsRank, int cacheRank, List<Accelerator> kinds) {
    Candidate(Plan plan, int weightsRank, int cacheRank) {
        this(plan, weightsRank, cacheRank, plan.deployment().kinds());
    }

    /**
     * Whether this is as good in everything: as few devices, stages and ranks that share a sequence, as many sequences, as long a
     * context, formats as high in their lists, and as far up by the objective, under the same engine, on the same devices in as
     * few machines or for as little money.
     */
    boolean dominates(Candidate other, Objective objective) {
        return plan.devices() <= other.plan.devices()
                && plan.maxSequences() >= other.plan.maxSequences()
                && plan.maxContext() >= other.plan.maxContext()
                && weightsRank <= other.weightsRank
                && cacheRank <= other.cacheRank
                && layout().pipeline() <= other.layout().pipeline()
                && layout().context() <= other.layout().context()
                && isOne(deployment().engine(), other.deployment().engine())
                && isOnNoMore(other)
                && objective.compare(plan, other.plan) <= 0;
    }

    /** Profiles are made anew for each question. */
    static boolean isOne(EngineProfile engine, EngineProfile other) {
        return engine.equals(other)
                || (engine.getClass().equals(other.getClass())
                        && engine.name().equals(other.name())
                        && engine.version().equals(other.version()));
    }

    /** What is equal of two plans of which one may dominate the other. */
    Object rivals() {
        String engine = deployment().engine().toString();
        return plan.dollarsPerHour().isPresent()
                ? engine
                : List.of(engine, kinds.get(0).id());
    }

    /** On the same devices and no more machines, and for no more money where both prices are known. */
    private boolean isOnNoMore(Candidate other) {
        Optional<BigDecimal> price = plan.dollarsPerHour();
        Optional<BigDecimal> its = other.plan.dollarsPerHour();
        if (price.isPresent() && its.isPresent()) {
            return price.get().compareTo(its.get()) <= 0
                    && (plan.nodes() <= other.plan.nodes() || !kinds.equals(other.kinds));
        }
        return price.isPresent() == its.isPresent() && kinds.equals(other.kinds) && plan.nodes() <= other.plan.nodes();
    }

    private Deployment deployment() {
        return plan.deployment();
    }

    ParallelLayout layout() {
        return plan.deployment().layout();
    }

    @Override
    public String toString() {
        return plan.deployment().toString();
    }
}
