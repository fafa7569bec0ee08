package io.llmsizing.ggml;

import io.llmsizing.document.CsvTable;
import io.llmsizing.quantization.BlockFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One exception from a mix's base type; the first that fits is taken.
 *
 * @param kind of which tensors
 * @param when under which condition
 * @param type what they are stored in then
 */
record GgufRule(GgufKind kind, GgufWhen when, BlockFormat type) {
    private static final List<CsvTable.Row> ROWS =
            GgufTables.rows("gguf-rules.csv", "mixes", "tensor", "when", "type", "matrix");

    /** The rules of a mix, in their order, with an importance matrix or without. */
    static List<GgufRule> of(String mix, boolean matrix) {
        String otherwise = matrix ? "without" : "with";
        return ROWS.stream()
                .filter(row -> row.required("mixes").equals("*")
                        || row.list("mixes", '|').contains(mix))
                .filter(row -> !row.text("matrix").equals(otherwise))
                .map(row -> new GgufRule(
                        GgufTables.constant(row, "tensor", GgufKind.class),
                        GgufTables.constant(row, "when", GgufWhen.class),
                        GgufTables.type(row, "type")))
                .collect(Collectors.toUnmodifiableList());
    }
}
