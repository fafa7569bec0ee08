package io.llmsizing.attention;

import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/** An attention mechanism: its weight tensors, and what it caches. The set is closed by mathematics. */
public sealed interface Attention permits GroupedQuery, SlidingWindow, MultiHeadLatent {
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
     * What one layer caches for one token.
     *
     * @param tensorRanks tensor-parallel ranks, 1 or more
     * @return the row on each rank
     */
    CacheRow cacheRow(long tensorRanks);

    /**
     * Query heads, which tensor parallelism must divide.
     *
     * @return 1 or more
     */
    long heads();

    /**
     * Key-value heads that are cached; a latent counts as one.
     *
     * @return 1 or more
     */
    long keyValueHeads();

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
        return heads() % tensorRanks == 0 && (keyValueHeads() % tensorRanks == 0 || tensorRanks % keyValueHeads() == 0);
    }
}
