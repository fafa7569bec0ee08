package io.llmsizing;

import io.llmsizing.engine.MemoryBudget;
import java.util.stream.IntStream;

/** The numbers of all pipeline stages, which serve the same sequences. */
final class StageFootprints {
    private final StageFootprint[] stages;
    private final StageFootprint[] unlike;
    private final int[] firstOfUnlike;
    private final boolean startsForSure;
    private final boolean neverStarts;

    StageFootprints(Deployment deployment, StagePlan plan) {
        stages = new StageFootprint[deployment.stages().size()];
        boolean sure = true;
        boolean never = false;
        for (int stage = 0; stage < stages.length; stage++) {
            int like = plan.alike().get(stage);
            if (like < stage) {
                stages[stage] = stages[like];
                continue;
            }
            Stage planned = deployment.stages().get(stage);
            MemoryBudget least = planned.leastBudget();
            MemoryBudget most = planned.mostBudget();
            sure &= !least.possiblyBeyondDevice() && !most.possiblyBeyondDevice();
            never |= least.certainlyBeyondDevice() && most.certainlyBeyondDevice();
            stages[stage] = StageFootprint.compiled(
                    deployment.engine(),
                    planned,
                    plan.fixed().get(stage),
                    deployment.workload().sharedPrefixTokens());
        }
        firstOfUnlike = IntStream.range(0, stages.length)
                .filter(stage -> plan.alike().get(stage) == stage)
                .toArray();
        unlike = new StageFootprint[firstOfUnlike.length];
        for (int i = 0; i < unlike.length; i++) {
            unlike[i] = stages[firstOfUnlike[i]];
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
        for (int i = 0; i < unlike.length; i++) {
            if (!unlike[i].fits(tokens, held)) {
                return false;
            }
        }
        return startsForSure;
    }

    boolean neverFit(long tokens, long held) {
        for (StageFootprint stage : unlike) {
            if (stage.neverFits(tokens, held)) {
                return true;
            }
        }
        return false;
    }

    /** The stage with the least left for sure; the first among equals. */
    int tightest(long tokens, long held) {
        int tightest = 0;
        for (int i = 1; i < unlike.length; i++) {
            if (unlike[i].headroom(tokens, held) < unlike[tightest].headroom(tokens, held)) {
                tightest = i;
            }
        }
        return firstOfUnlike[tightest];
    }

    /** The stage with the least left even if every band is taken at its better end; the first among equals. */
    int neediest(long tokens, long held) {
        int neediest = 0;
        for (int i = 1; i < unlike.length; i++) {
            if (unlike[i].bestHeadroom(tokens, held) < unlike[neediest].bestHeadroom(tokens, held)) {
                neediest = i;
            }
        }
        return firstOfUnlike[neediest];
    }

    /** The most sequences of so many tokens that fit for sure on every stage; 2^63 - 1 for no bound. */
    long mostHeld(long tokens) {
        long most = startsForSure ? Long.MAX_VALUE : 0;
        for (StageFootprint stage : unlike) {
            most = Math.min(most, stage.mostHeld(tokens));
        }
        return most;
    }
}
