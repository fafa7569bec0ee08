package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.tensor.WeightTensor;

/**
 * The token embedding and the output head.
 *
 * @param vocabulary rows of the table as published, padding by its authors included; 1 to 2^32
 * @param tied whether the output head is the embedding again
 */
public record Embedding(long vocabulary, boolean tied) {
    /**
     * Checks the range.
     *
     * @param vocabulary as documented above
     * @param tied as documented above
     * @throws IllegalArgumentException if the vocabulary is out of range
     */
    public Embedding {
        checkArgument(
                vocabulary >= 1 && vocabulary <= WeightTensor.LARGEST_DIMENSION,
                "a vocabulary of %s; 1 to 2^32 allowed",
                vocabulary);
    }
}
