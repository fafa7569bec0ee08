package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * A mixer that keeps a state of fixed size instead of the tokens: state-space layers, linear attention, gated delta nets,
 * short convolutions. {@link StateSpaces} and {@link LinearAttentions} make the known ones from their shapes.
 *
 * <p>Qwen3.5-35B: 49,152 B of convolution and 2,097,152 B of recurrence a layer, for each sequence.
 *
 * @param label the mechanism for people, such as {@code mamba2}
 * @param heads that tensor parallelism must divide, 1 or more
 * @param weights its weight tensors
 * @param states what it keeps of a sequence
 */
public record Recurrent(String label, long heads, List<WeightTensor> weights, List<RecurrentState> states)
        implements Attention {
    /**
     * Checks the range and copies the lists.
     *
     * @param label as documented above
     * @param heads as documented above
     * @param weights as documented above
     * @param states as documented above
     * @throws IllegalArgumentException if the heads are out of range
     */
    public Recurrent {
        checkArgument(heads >= 1 && heads <= 1L << 24, "%s: %s heads; 1 to 2^24 allowed", label, heads);
        weights = ImmutableList.copyOf(weights);
        states = ImmutableList.copyOf(states);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        return weights;
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.of();
    }

    @Override
    public long keyValueHeads() {
        return 0;
    }
}
