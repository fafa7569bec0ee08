package io.llmsizing.reader;

import io.llmsizing.document.CsvTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Names that the files of some architectures have for keys that most of them share: the lines of {@code key-names.csv}. */
final class KeyNames {
    private static final List<String> COLUMNS = List.of("model_type", "key", "name");
    private static final Map<String, Map<String, List<String>>> BY_TYPE = bundled();

    private KeyNames() {}

    private static Map<String, Map<String, List<String>>> bundled() {
        Map<String, Map<String, List<String>>> types = new LinkedHashMap<>();
        try (InputStream bytes = Objects.requireNonNull(KeyNames.class.getResourceAsStream("key-names.csv"))) {
            for (CsvTable.Row row :
                    CsvTable.read(bytes, "key-names.csv", COLUMNS).rows()) {
                types.computeIfAbsent(row.required("model_type"), type -> new LinkedHashMap<>())
                        .computeIfAbsent(row.required("key"), key -> new ArrayList<>())
                        .add(row.required("name"));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return types;
    }

    /** The other names of each key that has some, in the order in which they are looked for. */
    static Map<String, List<String>> of(String modelType) {
        return BY_TYPE.getOrDefault(modelType, Map.of());
    }
}
