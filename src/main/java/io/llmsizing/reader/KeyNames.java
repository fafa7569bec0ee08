package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names that the files of some architectures have for keys that most of them share: the lines of {@code key-names.csv}. */
final class KeyNames {
    private static final List<String> COLUMNS = List.of("model_type", "key", "name");
    private static final Map<String, Map<String, List<String>>> BY_TYPE = bundled();

    private KeyNames() {}

    private static Map<String, Map<String, List<String>>> bundled() {
        Map<String, Map<String, List<String>>> types = new LinkedHashMap<>();
        for (CsvTable.Row row : Bundled.rows(KeyNames.class, "key-names.csv", COLUMNS)) {
            types.computeIfAbsent(row.required("model_type"), type -> new LinkedHashMap<>())
                    .computeIfAbsent(row.required("key"), key -> new ArrayList<>())
                    .add(row.required("name"));
        }
        return types;
    }

    /** The other names of each key that has some, in the order in which they are looked for. */
    static Map<String, List<String>> of(String modelType) {
        return BY_TYPE.getOrDefault(modelType, Map.of());
    }
}
