package io.llmsizing.parallel;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How vLLM divides layers over pipeline stages: equally, and what remains goes one each to the stages in front of the
 * last, counting backwards, so that the last stage (which has the head) never has more and the first only when every
 * other stage has.
 */
public final class PipelineStages {
    private PipelineStages() {}

    /**
     * The first layer of every stage.
     *
     * @param layers in the whole stack, at least one for each stage
     * @param stages 1 or more
     * @return stages + 1 numbers, the last being {@code layers}: 61 over 4 gives 0, 15, 30, 46, 61
     * @throws IllegalArgumentException if a stage would have no layer
     */
    public static int[] boundaries(int layers, int stages) {
        checkArgument(
                stages >= 1 && stages <= layers,
                "%s pipeline stages for %s layers; 1 to %s allowed",
                stages,
                layers,
                layers);
        int[] boundaries = new int[stages + 1];
        int remainder = layers % stages;
        for (int stage = 0; stage < stages; stage++) {
            boolean extra = stage <= stages - 2 && stage > stages - 2 - remainder;
            boundaries[stage + 1] = boundaries[stage] + layers / stages + (extra ? 1 : 0);
        }
        return boundaries;
    }
}
