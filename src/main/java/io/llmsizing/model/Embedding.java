package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.tensor.WeightTensor;

/**
 * The token embedding and the output head, with what stands beside them.
 *
 * @param vocabulary rows of the table as published, padding by its authors included; 1 to 2^32
 * @param tied whether the output head is the embedding again
 * @param positions rows of a learned position table, 0 where positions are rotary or none; up to 2^32
 * @param normVectors vectors of the model's width that normalise the embedded tokens, 0 to 64
 * @param headBias whether the output head has a bias
 */
public record Embedding(long vocabulary, boolean tied, long positions, int normVectors, boolean headBias) {
    /**
     * Checks the ranges.
     *
     * @param vocabulary as documented above
     * @param tied as documented above
     * @param positions as documented above
     * @param normVectors as documented above
     * @param headBias as documented above
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
}
