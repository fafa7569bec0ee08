package io.llmsizing.attention;

import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * What mixes tokens in a layer: its weight tensors, and what it keeps of a sequence, as rows that grow with the tokens or
 * as a state that does not. The set is closed by mathematics.
 */
public sealed interface Attention
        permits GroupedQuery,
                MultiHeadLatent,
                CompressedAttention,
                AttentionAround,
                Recurrent,
                ParallelMixers,
                ProjectedAttention,
                NoAttention {
    /** The largest head count or width taken for real. */
    long LARGEST_WIDTH = 1L << 20;

    /**
     * The weight tensors of one layer.
     *
     * @param hidden the model's width
     * @return tensors without the norms around the block
     */
    List<WeightTensor> tensors(long hidden);

    /**
     * What one layer caches for its tokens.
     *
     * @param tensorRanks tensor-parallel ranks, 1 or more
     * @return the rows on each rank, none where nothing grows with the tokens
     */
    List<CacheRow> cacheRows(long tensorRanks);

    /**
     * What one layer keeps of a sequence whatever its length.
     *
     * @return the states, none for ordinary attention
     */
    default List<RecurrentState> states() {
        return List.of();
    }

    /**
     * Query heads, which tensor parallelism must divide.
     *
     * @return 1 or more, 0 where there are none
     */
    long heads();

    /**
     * Key-value heads that are cached; a latent counts as one.
     *
     * @return 1 or more, 0 where there are none
     */
    long keyValueHeads();

    /**
     * The mechanisms inside, without what limits, repeats or joins them.
     *
     * @return itself where there is nothing around it
     */
    default List<Attention> parts() {
        return List.of(this);
    }

    /**
     * The mechanism for people.
     *
     * @return such as {@code "latent attention"}
     */
    String label();

    /**
     * Whether tensor parallelism may cut the cached heads into this many ranks: it divides them, or copies them
     * evenly.
     *
     * @param tensorRanks 1 or more
     * @return whether it may; always so for a latent, of which every rank has a copy
     */
    default boolean cutsInto(long tensorRanks) {
        return heads() % tensorRanks == 0
                && (keyValueHeads() == 0 || keyValueHeads() % tensorRanks == 0 || tensorRanks % keyValueHeads() == 0);
    }
}
