package io.llmsizing.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The tables and lists that stand beside the classes which read them. */
public final class Bundled {
    private Bundled() {}

    private static InputStream open(Class<?> beside, String file) {
        return Objects.requireNonNull(beside.getResourceAsStream(file), file);
    }

    /**
     * The rows of a table.
     *
     * @param beside a class of the package in which it stands
     * @param file its name
     * @param columns what its columns are called
     * @return the rows, in their order
     * @throws MalformedFileException if it has other columns, or rows that do not fit them
     */
    public static List<CsvTable.Row> rows(Class<?> beside, String file, List<String> columns) {
        try (InputStream bytes = open(beside, file)) {
            return CsvTable.read(bytes, file, columns).rows();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * The lines of a text.
     *
     * @param beside a class of the package in which it stands
     * @param file its name
     * @return the lines, in their order
     */
    public static List<String> lines(Class<?> beside, String file) {
        try (InputStream bytes = open(beside, file)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
