package io.llmsizing.report;

import io.llmsizing.document.JsonWriter;
import io.llmsizing.planner.SweepRow;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows of a sweep as CSV or as lines of JSON, written one by one. */
public final class SweepReport {
    private SweepReport() {}

    /**
     * Writes CSV with a header; names with commas, quotes or line breaks are quoted.
     *
     * @param rows the rows
     * @param out where to
     * @throws IOException if it can't be written
     */
    public static void csv(Stream<SweepRow> rows, Appendable out) throws IOException {
        out.append("model,accelerator,count,weights,context_tokens,sequences,verdict\n");
        for (Iterator<SweepRow> each = rows.iterator(); each.hasNext(); ) {
            out.append(values(each.next()).values().stream()
                            .map(value -> quoted("" + value))
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
    }

    /**
     * Writes an object on each line.
     *
     * @param rows the rows
     * @param out where to
     * @throws IOException if it can't be written
     */
    public static void jsonLines(Stream<SweepRow> rows, Appendable out) throws IOException {
        for (Iterator<SweepRow> each = rows.iterator(); each.hasNext(); ) {
            out.append(JsonWriter.compact(values(each.next()))).append('\n');
        }
    }

    private static Map<String, Object> values(SweepRow row) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("model", row.model());
        values.put("accelerator", row.accelerator());
        values.put("count", row.count());
        values.put("weights", row.weights());
        values.put("context_tokens", row.contextTokens());
        values.put("sequences", row.sequences());
        values.put("verdict", row.verdict());
        return values;
    }

    private static String quoted(String value) {
        boolean plain = List.of(",", "\"", "\n", "\r").stream().noneMatch(value::contains);
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }
}
