package io.llmsizing.reader;

import io.llmsizing.document.CsvTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What sets one encoder apart from BERT where the block is the same: a line of {@code encoders.csv}.
 *
 * @param positions rows of the position table where the config does not say
 * @param tokenTypes rows of the table of token types where the config does not say, 0 where there is none
 * @param reservedPositions rows of the position table that no token gets
 * @param embeddingNormVectors vectors that normalise an embedded token
 * @param outputNormVectors vectors of a norm behind the layers
 * @param relativeBuckets rows of a table of relative positions where the config does not say, 0 where there is none
 * @param pooler whether the bare class pools
 * @param labelHead what stands in front of the scores of labels
 * @param languageHead whether the class has a language head that is built where none is stated
 * @param narrowEmbedding when a projection leads from {@code embedding_size} to the model's width
 * @param sharedLayers whether layers share their weights in groups
 * @param biasOfItsOwn whether an untied output matrix has a bias beside that of the head
 */
record EncoderTraits(
        long positions,
        long tokenTypes,
        int reservedPositions,
        int embeddingNormVectors,
        int outputNormVectors,
        long relativeBuckets,
        boolean pooler,
        LabelHead labelHead,
        boolean languageHead,
        NarrowEmbedding narrowEmbedding,
        boolean sharedLayers,
        boolean biasOfItsOwn) {
    /** What stands in front of the scores of labels. */
    enum LabelHead {
        /** The pooler. */
        POOLED,
        /** A layer of its own, and no pooler. */
        DENSE
    }

    /** When tokens are embedded in a width of their own. */
    enum NarrowEmbedding {
        /** Never. */
        NEVER,
        /** Where it is not the model's width. */
        WHERE_IT_DIFFERS,
        /** Always, be it as wide as the model. */
        ALWAYS
    }

    private static final List<String> COLUMNS = List.of(
            "model_type",
            "positions",
            "token_types",
            "reserved_positions",
            "embedding_norm_vectors",
            "output_norm_vectors",
            "relative_buckets",
            "pooler",
            "label_head",
            "language_head",
            "narrow_embedding",
            "shared_layers",
            "bias_of_its_own");

    private static final Map<String, EncoderTraits> BY_TYPE =
            TraitTable.read("encoders.csv", COLUMNS, EncoderTraits::of);

    private static EncoderTraits of(CsvTable.Row row) {
        return new EncoderTraits(
                row.whole("positions", 1, 1 << 20),
                row.whole("token_types", 0, 1 << 20),
                TraitTable.vectors(row, "reserved_positions"),
                TraitTable.vectors(row, "embedding_norm_vectors"),
                TraitTable.vectors(row, "output_norm_vectors"),
                row.whole("relative_buckets", 0, 1 << 20),
                TraitTable.isYes(row, "pooler"),
                TraitTable.constant(row, "label_head", LabelHead.values()),
                TraitTable.isYes(row, "language_head"),
                TraitTable.constant(row, "narrow_embedding", NarrowEmbedding.values()),
                TraitTable.isYes(row, "shared_layers"),
                TraitTable.isYes(row, "bias_of_its_own"));
    }

    static Map<String, EncoderTraits> all() {
        return BY_TYPE;
    }

    static EncoderTraits of(String modelType) {
        return Objects.requireNonNull(BY_TYPE.get(modelType), modelType);
    }
}
