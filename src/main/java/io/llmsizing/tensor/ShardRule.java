package io.llmsizing.tensor;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Exact;

/**
 * How tensor parallelism cuts a matrix, after the layout that Megatron introduced and vLLM and SGLang share.
 *
 * @param cut along which dimension
 * @param granule rows that stay together: the width of one head for {@link Cut#HEADS}, 1 elsewhere
 */
public record ShardRule(Cut cut, long granule) {
    /** The dimension of a cut. */
    public enum Cut {
        /** Every rank holds all of it. */
        NONE,
        /** Output rows are divided ("column parallel"). */
        ROWS,
        /** Input columns are divided ("row parallel"). */
        COLUMNS,
        /** Whole key-value heads are divided; with fewer heads than ranks each rank holds one, in copies. */
        HEADS,
        /** Vocabulary rows are divided; engines pad them first. */
        VOCABULARY
    }

    /** Every rank holds all of it: norms, routers, latent down-projections. */
    public static final ShardRule REPLICATED = new ShardRule(Cut.NONE, 1);

    /** Output rows are divided: query, gate and up projections. */
    public static final ShardRule ROWS = new ShardRule(Cut.ROWS, 1);

    /** Input columns are divided: output and down projections. */
    public static final ShardRule COLUMNS = new ShardRule(Cut.COLUMNS, 1);

    /** Vocabulary rows, padded as the engine does, are divided. */
    public static final ShardRule VOCABULARY = new ShardRule(Cut.VOCABULARY, 1);

    /**
     * Checks the granule.
     *
     * @param cut as documented above
     * @param granule as documented above
     * @throws IllegalArgumentException if the granule is not positive
     */
    public ShardRule {
        checkArgument(granule >= 1, "a granule is 1 or more, not %s", granule);
    }

    /**
     * Whole key-value heads are divided.
     *
     * @param headWidth rows of one head, 1 or more
     * @return the rule
     */
    public static ShardRule heads(long headWidth) {
        return new ShardRule(Cut.HEADS, headWidth);
    }

    /**
     * The rows of a matrix that one rank holds.
     *
     * @param rows of the whole matrix
     * @param ranks tensor-parallel ranks, 1 or more
     * @return rows on each rank: 8 heads of 128 over 16 ranks leave 128; uneven cuts are rounded up
     */
    public long rowsOnRank(long rows, long ranks) {
        return switch (cut) {
            case ROWS, VOCABULARY -> ranks == 1 ? rows : Exact.ceilDiv(rows, ranks);
            case HEADS -> Exact.ceilDiv(rows / granule, ranks) * granule;
            default -> rows;
        };
    }

    /**
     * The columns of a matrix that one rank holds.
     *
     * @param columns of the whole matrix
     * @param ranks tensor-parallel ranks, 1 or more
     * @return columns on each rank, uneven cuts rounded up
     */
    public long columnsOnRank(long columns, long ranks) {
        return cut == Cut.COLUMNS && ranks > 1 ? Exact.ceilDiv(columns, ranks) : columns;
    }
}
