package io.llmsizing.reader;

import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.document.CsvTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    private static final Map<String, DecoderTraits> BY_TYPE = bundled();

    private static Map<String, DecoderTraits> bundled() {
        Map<String, DecoderTraits> traits = new LinkedHashMap<>();
        try (InputStream bytes = Objects.requireNonNull(DecoderTraits.class.getResourceAsStream("decoders.csv"))) {
            for (CsvTable.Row row :
                    CsvTable.read(bytes, "decoders.csv", COLUMNS).rows()) {
                if (traits.put(row.required("model_type"), of(row)) != null) {
                    throw row.problem("model_type", "\"" + row.text("model_type") + "\" stands twice");
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return traits;
    }

    private static DecoderTraits of(CsvTable.Row row) {
        return new DecoderTraits(
                (int) row.whole("norm_vectors", 0, 64),
                (int) row.whole("output_norm_vectors", 0, 64),
                constant(row, "query_key_norm", QueryKeyNorm.values()),
                row.whole("head_width", 0, 1 << 20),
                constant(row, "input_bias", Bias.values()),
                constant(row, "output_bias", Bias.values()),
                constant(row, "feed_forward_bias", Bias.values()),
                constant(row, "gated", YesOrNo.values()) == YesOrNo.YES,
                constant(row, "tied", YesOrNo.values()) == YesOrNo.YES,
                constant(row, "windows", Windows.Rule.values()),
                constant(row, "experts", Experts.Rule.values()));
    }

    static <E extends Enum<E>> E constant(CsvTable.Row row, String column, E[] known) {
        String wanted = row.required(column).toUpperCase(Locale.ROOT);
        return Arrays.stream(known)
                .filter(candidate -> candidate.name().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        row.problem(column, "\"" + row.text(column) + "\"; expected one of " + Arrays.toString(known)));
    }

    /** What the table says of a fact that is or is not so. */
    enum YesOrNo {
        YES,
        NO
    }

    static Map<String, DecoderTraits> all() {
        return BY_TYPE;
    }

    static DecoderTraits of(String modelType) {
        return Objects.requireNonNull(BY_TYPE.get(modelType), modelType);
    }
}
