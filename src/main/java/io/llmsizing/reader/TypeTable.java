package io.llmsizing.reader;

import java.util.List;
import java.util.Map;
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
    private static final Map<String, TypeTable> BY_TYPE = TraitTable.read(
            "model-types.csv", COLUMNS, row -> new TypeTable(row.required("read_as"), row.text("inside")));

    static Optional<TypeTable> of(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    static Set<String> types() {
        return BY_TYPE.keySet();
    }
}
