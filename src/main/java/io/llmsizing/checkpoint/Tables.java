package io.llmsizing.checkpoint;

import io.llmsizing.document.CsvTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The tables and lists that stand beside the classes. */
final class Tables {
    private Tables() {}

    private static InputStream open(String file) {
        return Objects.requireNonNull(Tables.class.getResourceAsStream(file), file);
    }

    /** The rows of a table with these columns. */
    static List<CsvTable.Row> rows(String file, List<String> columns) {
        try (InputStream bytes = open(file)) {
            return CsvTable.read(bytes, file, columns).rows();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The lines of a text. */
    static List<String> lines(String file) {
        try (InputStream bytes = open(file)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
