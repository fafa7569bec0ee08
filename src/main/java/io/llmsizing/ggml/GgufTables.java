package io.llmsizing.ggml;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.GgmlFormats;
import java.util.List;
import java.util.Locale;

/** The tables of llama.cpp's mixes that stand beside the classes. */
final class GgufTables {
    private GgufTables() {}

    /** The rows of a table with these columns. */
    static List<CsvTable.Row> rows(String file, String... columns) {
        return Bundled.rows(GgufTables.class, file, List.of(columns));
    }

    /** The ggml type that a row names. */
    static BlockFormat type(CsvTable.Row row, String column) {
        String name = row.required(column);
        return GgmlFormats.named(name).orElseThrow(() -> row.problem(column, "'" + name + "' is no ggml type"));
    }

    /** The constant that a row names. */
    static <E extends Enum<E>> E constant(CsvTable.Row row, String column, Class<E> constants) {
        return Enum.valueOf(constants, row.required(column).toUpperCase(Locale.ROOT));
    }
}
