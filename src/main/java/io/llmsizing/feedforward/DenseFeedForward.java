package io.llmsizing.feedforward;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * A dense feed-forward block: up and down, with a gate beside up where it is gated (SwiGLU, GeGLU).
 *
 * @param width inner width, 1 or more
 * @param gated whether there is a gate projection
 * @param bias whether the projections have biases
 */
public record DenseFeedForward(long width, boolean gated, boolean bias) implements FeedForward {
    /**
     * Checks the range.
     *
     * @param width as documented above
     * @param gated as documented above
     * @param bias as documented above
     * @throws IllegalArgumentException if the width is out of range
     */
    public DenseFeedForward {
        checkArgument(width >= 1 && width <= LARGEST_WIDTH, "feed-forward width %s; 1 to 2^24 allowed", width);
    }

    /**
     * The usual gated block without biases.
     *
     * @param width inner width
     * @return the block
     */
    public static DenseFeedForward gated(long width) {
        return new DenseFeedForward(width, true, false);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        tensors.addAll(projections("mlp", TensorRole.DENSE_FEED_FORWARD, hidden));
        tensors.addAll(biases("mlp", hidden));
        return tensors.build();
    }

    /**
     * The biases under another name, as experts have them.
     *
     * @param prefix in front of the names
     * @param hidden width of the stream
     * @return those of gate (if gated), up and down; none where there are none
     */
    List<WeightTensor> biases(String prefix, long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (bias) {
            String fused = prefix + (gated ? ".gate_up_proj.bias" : ".up_proj.bias");
            if (gated) {
                tensors.add(WeightTensor.matrix(prefix + ".gate_proj.bias", TensorRole.BIAS, width, 1, ShardRule.ROWS)
                        .fusedInto(fused));
            }
            tensors.add(WeightTensor.matrix(prefix + ".up_proj.bias", TensorRole.BIAS, width, 1, ShardRule.ROWS)
                    .fusedInto(fused));
            tensors.add(WeightTensor.vector(prefix + ".down_proj.bias", TensorRole.BIAS, hidden));
        }
        return tensors.build();
    }

    /**
     * The projections under another name, as experts have them.
     *
     * @param prefix in front of the names
     * @param role what they do there
     * @param hidden width of the stream
     * @return gate (if gated), up and down
     */
    List<WeightTensor> projections(String prefix, TensorRole role, long hidden) {
        String fused = prefix + (gated ? ".gate_up_proj.weight" : ".up_proj.weight");
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (gated) {
            tensors.add(WeightTensor.matrix(prefix + ".gate_proj.weight", role, width, hidden, ShardRule.ROWS)
                    .fusedInto(fused));
        }
        tensors.add(WeightTensor.matrix(prefix + ".up_proj.weight", role, width, hidden, ShardRule.ROWS)
                .fusedInto(fused));
        tensors.add(WeightTensor.matrix(prefix + ".down_proj.weight", role, hidden, width, ShardRule.COLUMNS));
        return tensors.build();
    }

    @Override
    public long denseWidth() {
        return width;
    }
}
