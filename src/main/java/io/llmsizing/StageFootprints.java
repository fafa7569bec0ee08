package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.Ratio;
import java.util.Arrays;

/** The numbers of all pipeline stages, which serve the same sequences. */
final class StageFootprints {
    private final CompiledStage[] compiled;
    private final StageFootprint[] stages;
    private final StageFootprint[] unlike;
    private final int[] firstOfUnlike;
    private final boolean startsForSure;
    private final boolean neverStarts;

    StageFootprints(CompiledStage[] compiled) {
        this.compiled = compiled;
        stages = new StageFootprint[compiled.length];
        int[] first = new int[compiled.length];
        int count = 0;
        for (int stage = 0; stage < stages.length; stage++) {
            stages[stage] = compiled[stage].footprint();
            boolean isKnown = false;
            for (int i = 0; i < count && !isKnown; i++) {
                isKnown = stages[first[i]] == stages[stage];
            }
            if (!isKnown) {
                first[count++] = stage;
            }
        }
        firstOfUnlike = Arrays.copyOf(first, count);
        unlike = new StageFootprint[count];
        for (int i = 0; i < count; i++) {
            unlike[i] = stages[first[i]];
        }
        startsForSure = startForSure(unlike);
        neverStarts = someNeverStarts(unlike);
    }

    private StageFootprints(StageFootprints of, Deployment deployment, Accelerator device) {
        compiled = of.compiled;
        firstOfUnlike = of.firstOfUnlike;
        unlike = new StageFootprint[firstOfUnlike.length];
        for (int i = 0; i < unlike.length; i++) {
            CompiledStage stage = compiled[firstOfUnlike[i]];
            EngineProfile engine = deployment.engine();
            Serving serving = stage.serving().on(device);
            Ratio fraction = deployment.askedFraction().orElseGet(() -> engine.defaultMemoryFraction(serving));
            unlike[i] = of.unlike[i].within(
                    stage.budgets().on(engine, serving, device.memory(), fraction, stage.footprint()));
        }
        stages = new StageFootprint[compiled.length];
        for (int stage = 0; stage < stages.length; stage++) {
            for (int i = 0; i < unlike.length; i++) {
                stages[stage] = of.stages[stage] == of.unlike[i] ? unlike[i] : stages[stage];
            }
        }
        startsForSure = startForSure(unlike);
        neverStarts = someNeverStarts(unlike);
    }

    private static boolean startForSure(StageFootprint[] stages) {
        for (StageFootprint stage : stages) {
            if (!stage.startsForSure()) {
                return false;
            }
        }
        return true;
    }

    private static boolean someNeverStarts(StageFootprint[] stages) {
        for (StageFootprint stage : stages) {
            if (stage.neverStarts()) {
                return true;
            }
        }
        return false;
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

    /** The most tokens, up to some, of sequences that fit for sure on every stage. */
    long longest(long held, long most) {
        long longest = startsForSure ? most : 0;
        for (StageFootprint stage : unlike) {
            longest = Math.min(longest, stage.longest(held, longest));
        }
        return longest;
    }
}
