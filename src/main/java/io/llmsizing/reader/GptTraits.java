package io.llmsizing.reader;

import io.llmsizing.document.CsvTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What sets one of the early GPTs apart: a line of {@code gpts.csv}. Norm vectors count gains and biases.
 *
 * @param normVectors vectors of the model's width that normalise a layer
 * @param embeddingNormVectors those that normalise an embedded token
 * @param outputNormVectors those in front of the head
 * @param inputBias whether query, key and value projections have biases
 * @param outputBias whether the output projection has one
 * @param positions how positions enter
 * @param tied whether embedding and head are one where the config does not say
 * @param headBias whether the head has a bias
 * @param headNorm whether each head of queries and keys has a layer norm where the config does not say
 * @param innerWidth what an absent inner width means
 */
record GptTraits(
        int normVectors,
        int embeddingNormVectors,
        int outputNormVectors,
        boolean inputBias,
        boolean outputBias,
        Positions positions,
        boolean tied,
        boolean headBias,
        boolean headNorm,
        InnerWidth innerWidth) {
    /** How positions enter. */
    enum Positions {
        /** By a table. */
        LEARNED,
        /** By a table with two rows that no token gets. */
        LEARNED_WITH_TWO_MORE,
        /** By rotation. */
        ROTARY,
        /** By nothing that is stored. */
        NONE
    }

    /** What an absent inner width means. */
    enum InnerWidth {
        /** Four times the width. */
        FOUR_WIDTHS,
        /** A mistake. */
        STATED
    }

    private static final List<String> COLUMNS = List.of(
            "model_type",
            "norm_vectors",
            "embedding_norm_vectors",
            "output_norm_vectors",
            "input_bias",
            "output_bias",
            "positions",
            "tied",
            "head_bias",
            "head_norm",
            "inner_width");

    private static final Map<String, GptTraits> BY_TYPE = TraitTable.read("gpts.csv", COLUMNS, GptTraits::of);

    private static GptTraits of(CsvTable.Row row) {
        return new GptTraits(
                TraitTable.vectors(row, "norm_vectors"),
                TraitTable.vectors(row, "embedding_norm_vectors"),
                TraitTable.vectors(row, "output_norm_vectors"),
                TraitTable.isYes(row, "input_bias"),
                TraitTable.isYes(row, "output_bias"),
                TraitTable.constant(row, "positions", Positions.values()),
                TraitTable.isYes(row, "tied"),
                TraitTable.isYes(row, "head_bias"),
                TraitTable.isYes(row, "head_norm"),
                TraitTable.constant(row, "inner_width", InnerWidth.values()));
    }

    static Map<String, GptTraits> all() {
        return BY_TYPE;
    }

    static GptTraits of(String modelType) {
        return Objects.requireNonNull(BY_TYPE.get(modelType), modelType);
    }
}
