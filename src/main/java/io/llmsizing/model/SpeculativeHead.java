package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Multi-token prediction: one more decoder layer behind a projection that joins the embedding of the next token with the
 * hidden state. Engines load it only when they speculate with it.
 *
 * @param depth blocks of this kind, 1 or more
 * @param layer the decoder layer inside each block, with a count of 1
 * @param storesEmbeddingCopies whether checkpoints hold one more copy of embedding and head for each block
 */
public record SpeculativeHead(int depth, LayerGroup layer, boolean storesEmbeddingCopies) {
    /**
     * Checks the ranges.
     *
     * @param depth as documented above
     * @param layer as documented above
     * @param storesEmbeddingCopies as documented above
     * @throws IllegalArgumentException if the depth is not 1 to 64 or the layer's count is not 1
     */
    public SpeculativeHead {
        checkArgument(depth >= 1 && depth <= 64, "%s speculative blocks; 1 to 64 allowed", depth);
        checkArgument(layer.count() == 1, "a speculative block holds one layer, not %s", layer.count());
    }

    /**
     * The weight tensors of one block, without copies of embedding and head.
     *
     * @param hidden the model's width
     * @return projection, norms and the layer
     */
    public List<WeightTensor> tensors(long hidden) {
        return ImmutableList.<WeightTensor>builder()
                .add(WeightTensor.vector("enorm.weight", TensorRole.NORM, hidden))
                .add(WeightTensor.vector("hnorm.weight", TensorRole.NORM, hidden))
                .add(WeightTensor.matrix(
                        "eh_proj.weight", TensorRole.SPECULATIVE_PROJECTION, hidden, 2 * hidden, ShardRule.REPLICATED))
                .add(WeightTensor.vector("shared_head.norm.weight", TensorRole.NORM, hidden))
                .addAll(layer.tensors(hidden))
                .build();
    }
}
