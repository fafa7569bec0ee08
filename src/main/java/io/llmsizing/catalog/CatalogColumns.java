package io.llmsizing.catalog;

import io.llmsizing.document.CsvTable;
import io.llmsizing.units.Bandwidth;
import java.util.regex.Pattern;

/** Kinds of columns that several tables of the catalogue have. An empty figure is an unknown one. */
final class CatalogColumns {
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final long FASTEST = 1_000_000_000_000_000L;

    private CatalogColumns() {}

    /** A day, ISO 8601. */
    static String date(CsvTable.Row row, String column) {
        String date = row.required(column);
        if (!DAY.matcher(date).matches()) {
            throw row.problem(column, "\"" + date + "\"; expected a day such as 2026-11-23");
        }
        return date;
    }

    /** A whole number from 1, or 0 where none stands there. */
    static long wholeOrUnknown(CsvTable.Row row, String column, long most) {
        return row.text(column).isEmpty() ? 0 : row.whole(column, 1, most);
    }

    /** Bytes a second. */
    static Bandwidth bandwidth(CsvTable.Row row, String column) {
        return new Bandwidth(wholeOrUnknown(row, column, FASTEST));
    }
}
