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
 * @param context tensor ranks that share the tokens of a sequence; 1 where empty
 * @param redundantExperts copies of experts; 0 where empty
 */
public record LayoutRequest(
        OptionalInt tensor,
        OptionalInt pipeline,
        OptionalInt data,
        Optional<Boolean> expert,
        OptionalInt context,
        OptionalInt redundantExperts) {
    /** Nothing is fixed. */
    public static final LayoutRequest ANY =
            new LayoutRequest(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

    /**
     * A request that spreads no sequence and copies no expert.
     *
     * @param tensor as documented above
     * @param pipeline as documented above
     * @param data as documented above
     * @param expert as documented above
     */
    public LayoutRequest(OptionalInt tensor, OptionalInt pipeline, OptionalInt data, Optional<Boolean> expert) {
        this(tensor, pipeline, data, expert, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * The fixed parts with 1, or no expert parallelism, for the rest.
     *
     * @return the smallest layout that is asked for
     */
    public ParallelLayout smallest() {
        return new ParallelLayout(
                tensor.orElse(1),
                pipeline.orElse(1),
                data.orElse(1),
                expert.orElse(false),
                context.orElse(1),
                redundantExperts.orElse(0));
    }
}
