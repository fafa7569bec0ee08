package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Tables with one line for each architecture, its {@code model_type} in the first column. */
final class TraitTable {
    private TraitTable() {}

    /**
     * Reads a table that stands beside the classes.
     *
     * @param columns all of them, {@code model_type} first
     * @param line makes the traits of a line
     */
    static <T> Map<String, T> read(String file, List<String> columns, Function<CsvTable.Row, T> line) {
        Map<String, T> traits = new LinkedHashMap<>();
        for (CsvTable.Row row : Bundled.rows(TraitTable.class, file, columns)) {
            if (traits.put(row.required("model_type"), line.apply(row)) != null) {
                throw row.problem("model_type", "\"" + row.text("model_type") + "\" stands twice");
            }
        }
        return traits;
    }

    static int vectors(CsvTable.Row row, String column) {
        return (int) row.whole(column, 0, 64);
    }

    static boolean isYes(CsvTable.Row row, String column) {
        String stated = row.required(column);
        if (!stated.equals("yes") && !stated.equals("no")) {
            throw row.problem(column, "\"" + stated + "\"; expected yes or no");
        }
        return stated.equals("yes");
    }

    static <E extends Enum<E>> E constant(CsvTable.Row row, String column, E[] known) {
        String wanted = row.required(column).toUpperCase(Locale.ROOT);
        return Arrays.stream(known)
                .filter(candidate -> candidate.name().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        row.problem(column, "\"" + row.text(column) + "\"; expected one of " + Arrays.toString(known)));
    }
}
