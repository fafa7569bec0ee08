package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.units.Ratio;
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

    private StageFootprints(StageFootprints of, Deployment deployment, Accelerator device) {
        firstOfUnlike = of.firstOfUnlike;
        stages = of.stages.clone();
        unlike = new StageFootprint[firstOfUnlike.length];
        boolean sure = true;
        boolean never = false;
        for (int i = 0; i < unlike.length; i++) {
            Stage planned = deployment.stages().get(firstOfUnlike[i]).on(device);
            StageFootprint needs = of.unlike[i];
            EngineProfile engine = deployment.engine();
            Ratio fraction =
                    deployment.askedFraction().orElseGet(() -> engine.defaultMemoryFraction(planned.serving()));
            DeviceMemory memory = device.memory();
            MemoryBudget budget = planned.budget(engine, memory.usable(), fraction, needs.fixed());
            MemoryBudget least = planned.budget(engine, memory.usableLow(), fraction, needs.fixedHigh());
            MemoryBudget most = planned.budget(engine, memory.usableHigh(), fraction, needs.fixedLow());
            sure &= !least.possiblyBeyondDevice() && !most.possiblyBeyondDevice();
            never |= least.certainlyBeyondDevice() && most.certainlyBeyondDevice();
            unlike[i] = needs.within(budget, least, most);
            for (int stage = 0; stage < stages.length; stage++) {
                stages[stage] = of.stages[stage] == needs ? unlike[i] : stages[stage];
            }
        }
        startsForSure = sure;
        neverStarts = never;
    }

    /** The same needs within the budgets of another device. */
    StageFootprints on(Deployment deployment, Accelerator device) {
        return new StageFootprints(this, deployment, device);
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
