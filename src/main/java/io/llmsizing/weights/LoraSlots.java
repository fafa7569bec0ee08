package io.llmsizing.weights;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSortedSet;

/**
 * Adapters of low rank that an engine keeps room for beside the weights, whether or not they are loaded.
 *
 * @param count adapters at once, 1 to 1,024 (vLLM max_loras)
 * @param rank of the widest of them, one of {@link #RANKS} (vLLM max_lora_rank)
 */
public record LoraSlots(int count, int rank) {
    /** Ranks that vLLM makes room for (vLLM config/lora.py). */
    public static final ImmutableSortedSet<Integer> RANKS = ImmutableSortedSet.of(1, 8, 16, 32, 64, 128, 256, 320, 512);

    /** The most adapters that are counted. */
    public static final int MOST = 1 << 10;

    /**
     * Checks the ranges.
     *
     * @param count as documented above
     * @param rank as documented above
     * @throws IllegalArgumentException naming the value and those that are allowed
     */
    public LoraSlots {
        checkArgument(count >= 1 && count <= MOST, "LoRA slots: %s; 1 to %s allowed", count, MOST);
        checkArgument(RANKS.contains(rank), "LoRA rank: %s; one of %s allowed", rank, RANKS);
    }
}
