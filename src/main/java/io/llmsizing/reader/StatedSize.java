package io.llmsizing.reader;

import io.llmsizing.document.CsvTable;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * A number that configs state under one key or another, as a table writes it: {@code a|b} are two names of the same, {@code
 * a/b} is b where there is no a, and behind a colon stands what the architecture's configuration class takes where none is
 * stated.
 *
 * @param names the keys in their order; those of one inner list mean the same
 * @param otherwise the default, if there is one
 */
record StatedSize(List<List<String>> names, OptionalLong otherwise) {
    static StatedSize of(CsvTable.Row row, String column) {
        String[] parts = row.required(column).split(":", 2);
        List<List<String>> names = Arrays.stream(parts[0].split("/", -1))
                .map(same -> List.of(same.split("\\|", -1)))
                .toList();
        if (parts.length == 1) {
            return new StatedSize(names, OptionalLong.empty());
        }
        try {
            return new StatedSize(names, OptionalLong.of(Long.parseLong(parts[1])));
        } catch (NumberFormatException notWhole) {
            throw row.problem(column, "\"" + row.text(column) + "\"; expected a whole number behind the colon");
        }
    }

    /** A size from 1 on. */
    long size(Config config) {
        String key = key(config);
        return otherwise.isPresent() ? config.size(key, otherwise.getAsLong()) : config.size(key);
    }

    /** A count from 0 on, or {@code null} for none. */
    long count(Config config) {
        String key = key(config);
        if (config.states(key) && !config.has(key)) {
            return 0;
        }
        return otherwise.isPresent() ? config.count(key, otherwise.getAsLong()) : config.count(key);
    }

    /** The key that stands there, or the first where none does. Two names of the same must not disagree. */
    private String key(Config config) {
        for (List<String> same : names) {
            List<String> stated = same.stream().filter(config::has).toList();
            for (String key : stated) {
                if (config.count(key) != config.count(stated.get(0))) {
                    throw config.unsupported(key, "says otherwise than " + stated.get(0));
                }
            }
            if (!stated.isEmpty()) {
                return stated.get(0);
            }
        }
        return names.get(0).get(0);
    }
}
