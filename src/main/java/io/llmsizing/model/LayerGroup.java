package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.attention.Attention;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Equal layers of a model. Cost grows with groups, not with layers.
 *
 * @param count how many layers, 1 or more
 * @param attention their attention
 * @param feedForward their feed-forward block
 * @param normVectors vectors of the model's width that normalise a layer: 2 for two RMS norms, 4 for two layer norms
 */
public record LayerGroup(int count, Attention attention, FeedForward feedForward, int normVectors) {
    /** The most layers taken for real. */
    public static final int MOST_LAYERS = 1 << 14;

    /**
     * Checks the ranges.
     *
     * @param count as documented above
     * @param attention as documented above
     * @param feedForward as documented above
     * @param normVectors as documented above
     * @throws IllegalArgumentException if a count is out of range
     */
    public LayerGroup {
        checkArgument(count >= 1 && count <= MOST_LAYERS, "%s layers; 1 to %s allowed", count, MOST_LAYERS);
        checkArgument(normVectors >= 0 && normVectors <= 64, "%s norm vectors; 0 to 64 allowed", normVectors);
    }

    /**
     * Whether two groups hold layers of the same kind.
     *
     * @param other another group
     * @return whether all but the count agree
     */
    public boolean sameKindAs(LayerGroup other) {
        return attention.equals(other.attention)
                && feedForward.equals(other.feedForward)
                && normVectors == other.normVectors;
    }

    /**
     * The weight tensors of one layer.
     *
     * @param hidden the model's width
     * @return norms, attention and feed-forward
     */
    public List<WeightTensor> tensors(long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (normVectors > 0) {
            tensors.add(WeightTensor.vector("layernorm.weight", TensorRole.NORM, hidden)
                    .times(normVectors, normVectors));
        }
        tensors.addAll(attention.tensors(hidden));
        tensors.addAll(feedForward.tensors(hidden));
        return tensors.build();
    }
}
