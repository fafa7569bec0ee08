package io.llmsizing.reader;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.List;
import java.util.Map;

/**
 * Sizes that a language model has where its config leaves them out, by the configuration classes of the transformers library
 * (version 5.17). Only a config inside another one leaves out what its class has by default; at the top a missing size is an
 * error.
 */
final class TextDefaults {
    private static final List<String> COLUMNS = List.of("model_type", "key", "value");
    private static final Table<String, String, Long> BY_TYPE = bundled();

    private TextDefaults() {}

    private static Table<String, String, Long> bundled() {
        Table<String, String, Long> defaults = HashBasedTable.create();
        for (CsvTable.Row row : Bundled.rows(TextDefaults.class, "text-defaults.csv", COLUMNS)) {
            if (defaults.put(row.required("model_type"), row.required("key"), row.whole("value", 0, 1L << 32))
                    != null) {
                throw row.problem("key", "\"" + row.text("key") + "\" stands twice");
            }
        }
        return defaults;
    }

    /** Keys and values of a type; none where the type's class is not known here. */
    static Map<String, Long> of(String type) {
        return BY_TYPE.row(type);
    }
}
