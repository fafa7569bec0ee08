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
 * @param attention what mixes tokens in them
 * @param feedForward their feed-forward block
 * @param normVectors vectors of the model's width that normalise a layer: 2 for two RMS norms, 4 for two layer norms
 * @param others whatever else a layer has: gates, scales, adapters
 * @param variant empty, or what sets these layers apart from others of the same shape, such as another storage format
 */
public record LayerGroup(
        int count,
        Attention attention,
        FeedForward feedForward,
        int normVectors,
        List<WeightTensor> others,
        String variant) {
    /** The most layers taken for real. */
    public static final int MOST_LAYERS = 1 << 14;

    /**
     * Checks the ranges.
     *
     * @param count as documented above
     * @param attention as documented above
     * @param feedForward as documented above
     * @param normVectors as documented above
     * @param others as documented above
     * @param variant as documented above
     * @throws IllegalArgumentException if a count is out of range
     */
    public LayerGroup {
        checkArgument(count >= 1 && count <= MOST_LAYERS, "%s layers; 1 to %s allowed", count, MOST_LAYERS);
        checkArgument(normVectors >= 0 && normVectors <= 64, "%s norm vectors; 0 to 64 allowed", normVectors);
        others = ImmutableList.copyOf(others);
    }

    /**
     * Layers of attention and feed-forward block, and nothing else.
     *
     * @param count how many layers
     * @param attention what mixes tokens in them
     * @param feedForward their feed-forward block
     * @param normVectors vectors of the model's width that normalise a layer
     */
    public LayerGroup(int count, Attention attention, FeedForward feedForward, int normVectors) {
        this(count, attention, feedForward, normVectors, ImmutableList.of(), "");
    }

    /**
     * The same layers in another number.
     *
     * @param number how many
     * @return the group
     */
    public LayerGroup times(int number) {
        return new LayerGroup(number, attention, feedForward, normVectors, others, variant);
    }

    /**
     * The same layers, set apart from others of the same shape.
     *
     * @param what by what
     * @return the group
     */
    public LayerGroup withVariant(String what) {
        return new LayerGroup(count, attention, feedForward, normVectors, others, what);
    }

    /**
     * The same layers with another mixer.
     *
     * @param mixer what mixes tokens in them
     * @return the group
     */
    public LayerGroup withAttention(Attention mixer) {
        return new LayerGroup(count, mixer, feedForward, normVectors, others, variant);
    }

    /**
     * The same layers with further tensors.
     *
     * @param tensors what else they have
     * @return the group
     */
    public LayerGroup with(List<WeightTensor> tensors) {
        return new LayerGroup(
                count,
                attention,
                feedForward,
                normVectors,
                ImmutableList.<WeightTensor>builder()
                        .addAll(others)
                        .addAll(tensors)
                        .build(),
                variant);
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
                && normVectors == other.normVectors
                && others.equals(other.others)
                && variant.equals(other.variant);
    }

    /**
     * The weight tensors of one layer.
     *
     * @param hidden the model's width
     * @return norms, attention, feed-forward and the others
     */
    public List<WeightTensor> tensors(long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (normVectors > 0) {
            tensors.add(WeightTensor.vector("layernorm.weight", TensorRole.NORM, hidden)
                    .times(normVectors, normVectors));
        }
        tensors.addAll(attention.tensors(hidden));
        tensors.addAll(feedForward.tensors(hidden));
        tensors.addAll(others);
        return tensors.build();
    }
}
