package io.llmsizing;

import io.llmsizing.parallel.ParallelLayout;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The parts of a layout that a user fixes; the rest is chosen.
 *
 * @param tensor tensor-parallel ranks, or empty
 * @param pipeline stages, or empty
 * @param data replicas; 1 where empty
 * @param expert whether experts are dealt out, or empty
 */
public record LayoutRequest(OptionalInt tensor, OptionalInt pipeline, OptionalInt data, Optional<Boolean> expert) {
    /** Nothing is fixed. */
    public static final LayoutRequest ANY =
            new LayoutRequest(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

    /**
     * The fixed parts with 1, or no expert parallelism, for the rest.
     *
     * @return the smallest layout that is asked for
     */
    public ParallelLayout smallest() {
        return new ParallelLayout(tensor.orElse(1), pipeline.orElse(1), data.orElse(1), expert.orElse(false));
    }
}
