package io.llmsizing.catalog;

import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.Accelerator;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code shared-names.csv}; the README beside it says what each column means. */
final class SharedNameTable {
    static final List<String> COLUMNS = List.of("name", "usual", "others");

    private SharedNameTable() {}

    /**
     * A name of several devices.
     *
     * @param name what people type
     * @param usual the id of the one that is meant where nothing more is said
     * @param others the ids of those that it may mean besides
     */
    record SharedName(String name, String usual, List<String> others) {}

    static List<SharedName> read(InputStream bytes, String file, Map<String, Accelerator> accelerators) {
        List<SharedName> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (CsvTable.Row row : CsvTable.read(bytes, file, COLUMNS).rows()) {
            SharedName shared = new SharedName(row.required("name"), row.required("usual"), row.list("others", ';'));
            known(row, "usual", shared.usual(), accelerators);
            shared.others().forEach(id -> known(row, "others", id, accelerators));
            if (!seen.add(NameIndex.spellingFolded(shared.name()))) {
                throw row.problem("name", "\"" + shared.name() + "\" stands twice; leave one of its rows out");
            }
            names.add(shared);
        }
        return names;
    }

    private static void known(CsvTable.Row row, String column, String id, Map<String, Accelerator> accelerators) {
        if (!accelerators.containsKey(id)) {
            throw row.problem(column, "\"" + id + "\" is no accelerator's id");
        }
    }
}
