package io.llmsizing.ggml;

import io.llmsizing.document.CsvTable;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types of one mix, before the place of a tensor is asked for. */
final class GgufTypes {
    private static final Map<BlockFormat, BlockFormat> FALLBACKS = fallbacks();
    private static final BlockFormat Q8_0 = type("Q8_0");
    private static final BlockFormat MXFP4 = type("MXFP4");

    private final String mix;
    private final BlockFormat base;
    private final BlockFormat tokenEmbedding;
    private final BlockFormat output;
    private final List<GgufRule> rules;
    private final boolean quantises;
    private final boolean expertsInMxfp4;

    GgufTypes(String mix, BlockFormat base, BlockFormat tokenEmbedding, BlockFormat output, boolean matrix) {
        this.mix = mix;
        this.base = base;
        this.tokenEmbedding = tokenEmbedding;
        this.output = output;
        this.quantises = GgmlFormats.blockElements(base) > 1;
        this.expertsInMxfp4 = mix.equals("MXFP4_MOE");
        this.rules = quantises && !expertsInMxfp4 ? GgufRule.of(mix, matrix) : List.of();
    }

    private static BlockFormat type(String name) {
        return GgmlFormats.named(name).orElseThrow();
    }

    private static Map<BlockFormat, BlockFormat> fallbacks() {
        Map<BlockFormat, BlockFormat> types = new HashMap<>();
        for (CsvTable.Row row : GgufTables.rows("gguf-fallbacks.csv", "type", "instead")) {
            types.put(GgufTables.type(row, "type"), GgufTables.type(row, "instead"));
        }
        return types;
    }

    /** Whether anything is quantised. */
    boolean quantises() {
        return quantises;
    }

    /** What is kept in 16 bits where anything is quantised. */
    BlockFormat half() {
        return quantises ? Formats.FP16 : base;
    }

    /** The first exception that fits, or the base type. */
    BlockFormat of(GgufKind kind, WeightTensor tensor, GgufModel model, int place, int places, int before) {
        if (kind == GgufKind.OUTPUT || (kind == GgufKind.TOKEN_EMBEDDING && model.tied())) {
            return tensor.columns() % GgmlFormats.blockElements(base) == 0 ? output : Q8_0;
        }
        if (kind == GgufKind.TOKEN_EMBEDDING) {
            return tokenEmbedding;
        }
        if (expertsInMxfp4 && (tensor.role() == TensorRole.EXPERT || kind == GgufKind.LATENT)) {
            return MXFP4;
        }
        for (GgufRule rule : rules) {
            if (rule.kind() == kind && rule.when().holds(model, place, places, before)) {
                return rule.type();
            }
        }
        return base;
    }

    /** The type, or another one where rows are not whole numbers of its blocks. */
    BlockFormat fitting(BlockFormat type, long columns, WeightTensor tensor) {
        if (columns % GgmlFormats.blockElements(type) == 0) {
            return type;
        }
        BlockFormat instead = FALLBACKS.get(type);
        if (instead == null) {
            throw new IllegalArgumentException("gguf:" + mix + " stores rows of whole " + type.name() + " blocks of "
                    + GgmlFormats.blockElements(type) + " elements; " + tensor.name() + " has rows of " + columns);
        }
        return columns % GgmlFormats.blockElements(instead) == 0 ? instead : Formats.FP16;
    }
}
