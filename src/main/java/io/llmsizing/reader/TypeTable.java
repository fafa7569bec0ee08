package io.llmsizing.reader;

import io.llmsizing.document.CsvTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Model types that have the language model of another: under another name, or inside a config that joins it with towers. A
 * line of {@code model-types.csv}.
 *
 * @param readAs the architecture of the language model, where its own config does not say
 * @param inside the key of the inner config, empty where there is none; older configs have its keys at the top
 */
record TypeTable(String readAs, String inside) {
    private static final List<String> COLUMNS = List.of("model_type", "read_as", "inside");
    private static final Map<String, TypeTable> BY_TYPE = bundled();

    private static Map<String, TypeTable> bundled() {
        Map<String, TypeTable> types = new LinkedHashMap<>();
        try (InputStream bytes = Objects.requireNonNull(TypeTable.class.getResourceAsStream("model-types.csv"))) {
            for (CsvTable.Row row :
                    CsvTable.read(bytes, "model-types.csv", COLUMNS).rows()) {
                TypeTable line = new TypeTable(row.required("read_as"), row.text("inside"));
                if (types.put(row.required("model_type"), line) != null) {
                    throw row.problem("model_type", "\"" + row.text("model_type") + "\" stands twice");
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return types;
    }

    static Optional<TypeTable> of(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    static Set<String> types() {
        return BY_TYPE.keySet();
    }
}
