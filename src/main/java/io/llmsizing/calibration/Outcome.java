package io.llmsizing.calibration;

import java.util.Locale;

/** How the start of a server ended. */
public enum Outcome {
    /** It served. */
    RUNS,
    /** Weights or the cache of one sequence had no room. */
    DOES_NOT_FIT,
    /** It started and ran out of memory later; says nothing about the sizes. */
    RAN_OUT_LATER,
    /** Not told. */
    UNKNOWN;

    /**
     * The outcome for people.
     *
     * @return such as {@code does not fit}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * Whether a verdict can be right or wrong about it.
     *
     * @return whether it tells what fits
     */
    public boolean isTelling() {
        return this == RUNS || this == DOES_NOT_FIT;
    }
}
