package io.llmsizing.reader;

import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.document.CsvTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What sets one architecture apart from Llama where the block is the same, attention and then a feed-forward block: a line of
 * {@code decoders.csv}.
 *
 * @param normVectors vectors of the model's width that normalise a layer
 * @param outputNormVectors vectors of the norm in front of the head
 * @param norm how queries and keys are normalised
 * @param headWidth elements of a head where the config does not say, 0 for the width divided by the heads
 * @param inputBias when query, key and value projections have a bias
 * @param outputBias when the output projection has one
 * @param feedForwardBias when the projections of the feed-forward block have one
 * @param gated whether the feed-forward block has a gate
 * @param tied whether embedding and head are one where the config does not say
 * @param windows which layers attend to a window
 * @param experts how experts are stated
 */
record DecoderTraits(
        int normVectors,
        int outputNormVectors,
        QueryKeyNorm norm,
        long headWidth,
        Bias inputBias,
        Bias outputBias,
        Bias feedForwardBias,
        boolean gated,
        boolean tied,
        Windows.Rule windows,
        Experts.Rule experts) {
    /** When there is a bias. */
    enum Bias {
        /** Never. */
        NONE,
        /** Always. */
        ALWAYS,
        /** When {@code attention_bias}, for a feed-forward block {@code mlp_bias}, or {@code use_bias} or {@code bias} says so. */
        STATED,
        /** When {@code qkv_bias} says so. */
        QKV_STATED,
        /** When {@code attention_out_bias} says so. */
        OUTPUT_STATED,
        /** Unless {@code attention_bias} says that there is none. */
        UNLESS_DENIED
    }

    private static final List<String> COLUMNS = List.of(
            "model_type",
            "norm_vectors",
            "output_norm_vectors",
            "query_key_norm",
            "head_width",
            "input_bias",
            "output_bias",
            "feed_forward_bias",
            "gated",
            "tied",
            "windows",
            "experts");

    private static final Map<String, DecoderTraits> BY_TYPE =
            TraitTable.read("decoders.csv", COLUMNS, DecoderTraits::of);

    private static DecoderTraits of(CsvTable.Row row) {
        return new DecoderTraits(
                TraitTable.vectors(row, "norm_vectors"),
                TraitTable.vectors(row, "output_norm_vectors"),
                TraitTable.constant(row, "query_key_norm", QueryKeyNorm.values()),
                row.whole("head_width", 0, 1 << 20),
                TraitTable.constant(row, "input_bias", Bias.values()),
                TraitTable.constant(row, "output_bias", Bias.values()),
                TraitTable.constant(row, "feed_forward_bias", Bias.values()),
                TraitTable.isYes(row, "gated"),
                TraitTable.isYes(row, "tied"),
                TraitTable.constant(row, "windows", Windows.Rule.values()),
                TraitTable.constant(row, "experts", Experts.Rule.values()));
    }

    static Map<String, DecoderTraits> all() {
        return BY_TYPE;
    }

    static DecoderTraits of(String modelType) {
        return Objects.requireNonNull(BY_TYPE.get(modelType), modelType);
    }
}
