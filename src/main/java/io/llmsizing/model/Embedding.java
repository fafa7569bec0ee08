package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * The token embedding and the output head, with what stands beside them.
 *
 * @param vocabulary rows of the table as published, padding by its authors included; 1 to 2^32
 * @param tied whether the output head is the embedding again
 * @param positions rows of a learned position table, 0 where positions are rotary or none; up to 2^32
 * @param normVectors vectors of the model's width that normalise the embedded tokens, 0 to 64
 * @param headBias whether the output head has a bias
 * @param width elements of an embedded token, 0 for the model's width
 * @param beside what else stands in front of the layers: further tables, projections
 * @param behind what else stands behind them: pooling, transforms in front of the head
 * @param headless whether there is no output head at all, as in models that only embed
 */
public record Embedding(
        long vocabulary,
        boolean tied,
        long positions,
        int normVectors,
        boolean headBias,
        long width,
        List<WeightTensor> beside,
        List<WeightTensor> behind,
        boolean headless) {
    /**
     * Checks the ranges.
     *
     * @param vocabulary as documented above
     * @param tied as documented above
     * @param positions as documented above
     * @param normVectors as documented above
     * @param headBias as documented above
     * @param width as documented above
     * @param beside as documented above
     * @param behind as documented above
     * @param headless as documented above
     * @throws IllegalArgumentException if a number is out of range
     */
    public Embedding {
        checkArgument(
                vocabulary >= 1 && vocabulary <= WeightTensor.LARGEST_DIMENSION,
                "a vocabulary of %s; 1 to 2^32 allowed",
                vocabulary);
        checkArgument(
                positions >= 0 && positions <= WeightTensor.LARGEST_DIMENSION,
                "%s learned positions; 0 to 2^32 allowed",
                positions);
        checkArgument(
                normVectors >= 0 && normVectors <= 64, "%s vectors behind the embedding; 0 to 64 allowed", normVectors);
        checkArgument(width >= 0 && width <= 1 << 20, "tokens embedded in %s; 0 to 2^20 allowed", width);
        checkArgument(!headless || !headBias, "a bias for a head that is not there");
        beside = ImmutableList.copyOf(beside);
        behind = ImmutableList.copyOf(behind);
    }

    /**
     * Tokens, positions and head in the model's width.
     *
     * @param vocabulary rows of the table
     * @param tied whether the output head is the embedding again
     * @param positions rows of a learned position table, 0 where positions are rotary or none
     * @param normVectors vectors of the model's width that normalise the embedded tokens
     * @param headBias whether the output head has a bias
     */
    public Embedding(long vocabulary, boolean tied, long positions, int normVectors, boolean headBias) {
        this(vocabulary, tied, positions, normVectors, headBias, 0, ImmutableList.of(), ImmutableList.of(), false);
    }

    /**
     * Tokens alone.
     *
     * @param vocabulary rows of the table
     * @param tied whether the output head is the embedding again
     */
    public Embedding(long vocabulary, boolean tied) {
        this(vocabulary, tied, 0, 0, false);
    }

    /**
     * The same without an output head.
     *
     * @return an embedding that is not used again
     */
    public Embedding withoutHead() {
        return new Embedding(vocabulary, true, positions, normVectors, false, width, beside, behind, true);
    }

    /**
     * The same with tokens embedded in another width than the model's.
     *
     * @param elements of an embedded token
     * @return the changed embedding
     */
    public Embedding inWidth(long elements) {
        return new Embedding(vocabulary, tied, positions, normVectors, headBias, elements, beside, behind, headless);
    }

    /**
     * The same with further tensors in front of the layers.
     *
     * @param tensors tables, projections
     * @return the changed embedding
     */
    public Embedding beside(List<WeightTensor> tensors) {
        return new Embedding(
                vocabulary, tied, positions, normVectors, headBias, width, joined(beside, tensors), behind, headless);
    }

    /**
     * The same with further tensors behind the layers.
     *
     * @param tensors pooling, transforms in front of the head
     * @return the changed embedding
     */
    public Embedding behind(List<WeightTensor> tensors) {
        return new Embedding(
                vocabulary, tied, positions, normVectors, headBias, width, beside, joined(behind, tensors), headless);
    }

    private static List<WeightTensor> joined(List<WeightTensor> first, List<WeightTensor> second) {
        return ImmutableList.<WeightTensor>builder()
                .addAll(first)
                .addAll(second)
                .build();
    }
}
