package io.llmsizing;

import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.ledger.TotalLedger;
import java.util.List;

/** The numbers of all pipeline stages, which serve the same sequences. */
final class StageFootprints {
    private final StageFootprint[] stages;
    private final boolean startsForSure;
    private final boolean neverStarts;

    StageFootprints(Deployment deployment, List<TotalLedger> fixed) {
        stages = new StageFootprint[deployment.stages().size()];
        boolean sure = true;
        boolean never = false;
        for (int stage = 0; stage < stages.length; stage++) {
            Stage planned = deployment.stages().get(stage);
            MemoryBudget least = planned.leastBudget();
            MemoryBudget most = planned.mostBudget();
            sure &= !least.possiblyBeyondDevice() && !most.possiblyBeyondDevice();
            never |= least.certainlyBeyondDevice() && most.certainlyBeyondDevice();
            stages[stage] = StageFootprint.compiled(
                    deployment.engine(),
                    planned,
                    fixed.get(stage),
                    deployment.workload().sharedPrefixTokens());
        }
        startsForSure = sure;
        neverStarts = never;
    }

    int count() {
        return stages.length;
    }

    StageFootprint of(int stage) {
        return stages[stage];
    }

    boolean startsForSure() {
        return startsForSure;
    }

    boolean neverStarts() {
        return neverStarts;
    }

    boolean fit(long tokens, long held) {
        for (int i = 0; i < stages.length; i++) {
            if (!stages[i].fits(tokens, held)) {
                return false;
            }
        }
        return startsForSure;
    }

    boolean neverFit(long tokens, long held) {
        for (StageFootprint stage : stages) {
            if (stage.neverFits(tokens, held)) {
                return true;
            }
        }
        return false;
    }

    /** The stage with the least left for sure; the first among equals. */
    int tightest(long tokens, long held) {
        int tightest = 0;
        for (int stage = 1; stage < stages.length; stage++) {
            if (stages[stage].headroom(tokens, held) < stages[tightest].headroom(tokens, held)) {
                tightest = stage;
            }
        }
        return tightest;
    }

    /** The stage with the least left even if every band is taken at its better end; the first among equals. */
    int neediest(long tokens, long held) {
        int neediest = 0;
        for (int stage = 1; stage < stages.length; stage++) {
            if (stages[stage].bestHeadroom(tokens, held) < stages[neediest].bestHeadroom(tokens, held)) {
                neediest = stage;
            }
        }
        return neediest;
    }

    /** The most sequences of so many tokens that fit for sure on every stage; 2^63 - 1 for no bound. */
    long mostHeld(long tokens) {
        long most = startsForSure ? Long.MAX_VALUE : 0;
        for (StageFootprint stage : stages) {
            most = Math.min(most, stage.mostHeld(tokens));
        }
        return most;
    }
}
