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
 * @param others what each block has beside projection, norms and layer
 * @param normVectors vectors of the model's width around projection and layer: usually three, for the embedding, the hidden
 *     state and the output
 */
public record SpeculativeHead(
        int depth, LayerGroup layer, boolean storesEmbeddingCopies, List<WeightTensor> others, int normVectors) {
    /** One for the embedding, one for the hidden state, one for the output. */
    public static final int USUAL_NORM_VECTORS = 3;

    private static final List<String> USUAL_NORMS = List.of("enorm.weight", "hnorm.weight", "shared_head.norm.weight");

    /**
     * Checks the ranges.
     *
     * @param depth as documented above
     * @param layer as documented above
     * @param storesEmbeddingCopies as documented above
     * @param others as documented above
     * @param normVectors as documented above
     * @throws IllegalArgumentException if the depth is not 1 to 64, the layer's count is not 1 or the norms are more than 64
     */
    public SpeculativeHead {
        checkArgument(depth >= 1 && depth <= 64, "%s speculative blocks; 1 to 64 allowed", depth);
        checkArgument(layer.count() == 1, "a speculative block holds one layer, not %s", layer.count());
        checkArgument(
                normVectors >= 0 && normVectors <= 64,
                "%s norm vectors in a speculative block; 0 to 64 allowed",
                normVectors);
        others = ImmutableList.copyOf(others);
    }

    /**
     * Blocks with the usual norms.
     *
     * @param depth blocks of this kind
     * @param layer the decoder layer inside each block, with a count of 1
     * @param storesEmbeddingCopies whether checkpoints hold one more copy of embedding and head for each block
     * @param others what each block has beside projection, norms and layer
     */
    public SpeculativeHead(int depth, LayerGroup layer, boolean storesEmbeddingCopies, List<WeightTensor> others) {
        this(depth, layer, storesEmbeddingCopies, others, USUAL_NORM_VECTORS);
    }

    /**
     * Blocks of projection, norms and layer, and nothing else.
     *
     * @param depth blocks of this kind
     * @param layer the decoder layer inside each block, with a count of 1
     * @param storesEmbeddingCopies whether checkpoints hold one more copy of embedding and head for each block
     */
    public SpeculativeHead(int depth, LayerGroup layer, boolean storesEmbeddingCopies) {
        this(depth, layer, storesEmbeddingCopies, ImmutableList.of());
    }

    /**
     * The weight tensors of one block, without copies of embedding and head.
     *
     * @param hidden the model's width
     * @return projection, norms and the layer
     */
    public List<WeightTensor> tensors(long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (normVectors == USUAL_NORM_VECTORS) {
            USUAL_NORMS.forEach(name -> tensors.add(WeightTensor.vector(name, TensorRole.NORM, hidden)));
        } else if (normVectors > 0) {
            tensors.add(
                    WeightTensor.vector("norm.weight", TensorRole.NORM, hidden).times(normVectors, normVectors));
        }
        return tensors.add(WeightTensor.matrix(
                        "eh_proj.weight", TensorRole.SPECULATIVE_PROJECTION, hidden, 2 * hidden, ShardRule.REPLICATED))
                .addAll(layer.tensors(hidden))
                .addAll(others)
                .build();
    }
}
