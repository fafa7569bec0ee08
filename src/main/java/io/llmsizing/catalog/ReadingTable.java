package io.llmsizing.catalog;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ListMultimap;
import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.Reading;
import java.io.InputStream;
import java.util.List;

/** Reads {@code readings.csv} and {@code node-readings.csv}: what each source says about each figure. */
final class ReadingTable {
    static final List<String> COLUMNS = List.of("subject", "field", "value", "condition", "source", "retrieved");

    private ReadingTable() {}

    /** Readings by the id of what they are about. */
    static ListMultimap<String, Reading> read(InputStream bytes, String file) {
        ImmutableListMultimap.Builder<String, Reading> readings = ImmutableListMultimap.builder();
        for (CsvTable.Row row : CsvTable.read(bytes, file, COLUMNS).rows()) {
            Reading reading = new Reading(
                    row.required("subject"),
                    row.required("field"),
                    row.required("value"),
                    row.text("condition"),
                    row.required("source"),
                    CatalogColumns.date(row, "retrieved"));
            readings.put(reading.subject(), reading);
        }
        return readings.build();
    }
}
