package io.llmsizing;

import io.llmsizing.units.Bisection;
import io.llmsizing.units.Exact;
import io.llmsizing.workload.Workload;
import java.util.OptionalLong;

/**
 * How far a number of a deployment's workload can go on its layout, where the engine's step may grow with that number and take
 * memory of its own. All that is needed never shrinks while a number grows by one, unless steps do.
 */
final class Reach {
    private final Deployment deployment;
    private final Workload workload;
    private final StepSizes own;

    Reach(Deployment deployment) {
        this.deployment = deployment;
        this.workload = deployment.workload();
        this.own = StepSizes.of(deployment, workload);
    }

    /** The most sequences that can be asked for, be there memory for them or not. */
    static long mostAsked(Deployment deployment) {
        OptionalLong inStep = deployment.workload().maxSequences();
        return inStep.isEmpty()
                ? Workload.MOST_SEQUENCES
                : Math.min(
                        Workload.MOST_SEQUENCES,
                        Exact.multiplyCapped(
                                inStep.getAsLong(), deployment.layout().data()));
    }

    /** The most sequences that fit for sure and that a step may take; 0 if not even one does. */
    long sequences() {
        return Math.min(fitting(), mostAsked(deployment));
    }

    private long fitting() {
        long tokens = workload.contextTokens();
        long most = deployment.footprint().maxSequences(tokens);
        if (isStepOf(Math.max(1, most)) && isStepOf(Math.min(most + 1, Workload.MOST_SEQUENCES))) {
            return most;
        }
        return Bisection.lastNear(
                1,
                Workload.MOST_SEQUENCES,
                most,
                held -> deployment.footprintWith(workload.sequences(held)).fits(tokens, held));
    }

    private boolean isStepOf(long held) {
        return StepSizes.of(deployment, workload.sequences(held)).equals(own);
    }

    /**
     * The longest context that fits for sure; 0 if not even one token, or what all sequences share, does. Where steps are smaller
     * behind some context, as they are where the prompts of long contexts alone are cut, those behind it are looked at first.
     */
    long context() {
        long held = workload.sequences();
        long shortest = Math.max(1, workload.sharedPrefixTokens());
        long whole = deployment.model().contextTokens();
        StepSizes last = stepOf(whole);
        Footprint ofLast =
                last.equals(own) ? deployment.footprint() : deployment.footprintWith(workload.contextTokens(whole));
        long longest = ofLast.maxContext(held);
        if (stepOf(Math.max(longest, shortest)).equals(last)) {
            return longest;
        }
        long edge = Bisection.last(shortest, whole, tokens -> !stepOf(tokens).equals(last));
        long fitting = Bisection.lastNear(
                shortest,
                edge,
                deployment.footprint().maxContext(held),
                tokens ->
                        deployment.footprintWith(workload.contextTokens(tokens)).fits(tokens, held));
        return fitting < shortest ? 0 : fitting;
    }

    private StepSizes stepOf(long tokens) {
        return StepSizes.of(deployment, workload.contextTokens(tokens));
    }
}
