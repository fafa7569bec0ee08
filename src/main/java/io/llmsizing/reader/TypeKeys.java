package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys that one architecture knows and that leave its sizes as they are: all values of a key, or the only one that is known
 * here. A line of {@code type-keys.csv}.
 *
 * @param key the key
 * @param only the one value known, as a message would show it, or {@code all 1} for a list of nothing else; empty where all
 *     do
 */
record TypeKeys(String key, String only) {
    private static final List<String> COLUMNS = List.of("model_type", "key", "only");
    private static final Map<String, List<TypeKeys>> BY_TYPE = bundled();

    private static Map<String, List<TypeKeys>> bundled() {
        Map<String, List<TypeKeys>> keys = new LinkedHashMap<>();
        for (CsvTable.Row row : Bundled.rows(TypeKeys.class, "type-keys.csv", COLUMNS)) {
            keys.computeIfAbsent(row.required("model_type"), type -> new ArrayList<>())
                    .add(new TypeKeys(row.required("key"), row.text("only")));
        }
        return keys;
    }

    /** Reads them, so that none counts as not understood. */
    static void read(Config config) {
        for (TypeKeys known : BY_TYPE.getOrDefault(config.type(), List.of())) {
            if (known.only().isEmpty()) {
                config.has(known.key());
            } else if (known.only().equals("all 1")) {
                if (!config.layerNumbers(known.key()).stream().allMatch(number -> number == 1)) {
                    throw config.unsupported(known.key(), "known for this architecture is a list of ones");
                }
            } else {
                config.refuseUnless(known.key(), known.only());
            }
        }
    }
}
