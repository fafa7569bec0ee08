package io.llmsizing.document;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A table of comma-separated values with a header line (RFC 4180, UTF-8, at most 8 MiB). Every value is read with a check, and the
 * error names file, line, column and value.
 */
public final class CsvTable {
    private static final int LARGEST = 8 << 20;
    private static final CharMatcher BYTE_ORDER_MARK = CharMatcher.is('\uFEFF');

    private final List<Row> rows;

    private CsvTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /**
     * Reads a table whose columns are known.
     *
     * @param bytes UTF-8 text of at most 8 MiB; left open
     * @param file its name, for messages
     * @param columns the header that must stand there, in this order
     * @return the table
     * @throws MalformedFileException if the header differs or a row has another number of values
     */
    public static CsvTable read(InputStream bytes, String file, List<String> columns) {
        return read(bytes, file, columns, header -> header, malformed -> {
            throw malformed;
        });
    }

    /**
     * Reads what can be read of a table whose columns are known.
     *
     * @param bytes UTF-8 text of at most 8 MiB; left open
     * @param file its name, for messages
     * @param columns the header that must stand there in small letters, in this order; blanks around the names, capitals
     *     and a mark of the byte order are passed over
     * @param refused takes what is wrong with rows of another number of values, which are left out
     * @return the table
     * @throws MalformedFileException if the header differs or it is no such text
     */
    public static CsvTable read(
            InputStream bytes, String file, List<String> columns, Consumer<MalformedFileException> refused) {
        return read(bytes, file, columns, CsvTable::stripped, refused);
    }

    private static CsvTable read(
            InputStream bytes,
            String file,
            List<String> columns,
            UnaryOperator<List<String>> headed,
            Consumer<MalformedFileException> refused) {
        List<Row> rows = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        columns.forEach(column -> places.put(column, places.size()));
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text(bytes, file))) {
            Iterator<CsvRecord> records = reader.iterator();
            List<String> header =
                    records.hasNext() ? headed.apply(records.next().getFields()) : List.of();
            if (!header.equals(columns)) {
                throw new MalformedFileException(file, "line 1", "columns " + header + "; expected " + columns);
            }
            while (records.hasNext()) {
                CsvRecord values = records.next();
                if (values.getFieldCount() != columns.size()) {
                    refused.accept(new MalformedFileException(
                            file,
                            "line " + values.getStartingLineNumber(),
                            values.getFieldCount() + " values; expected " + columns.size()));
                } else {
                    rows.add(new Row(file, places, values));
                }
            }
        } catch (CsvParseException malformed) {
            throw new MalformedFileException(
                    file,
                    "after line "
                            + (rows.isEmpty() ? 1 : rows.get(rows.size() - 1).line()),
                    message(malformed));
        } catch (CharacterCodingException noText) {
            throw new MalformedFileException(file, "bytes", "not a text in UTF-8");
        } catch (UncheckedIOException | IOException unreadable) {
            throw new MalformedFileException(file, "bytes", "can't be read as UTF-8: " + unreadable.getMessage());
        }
        return new CsvTable(rows);
    }

    private static List<String> stripped(List<String> header) {
        return header.stream()
                .map(name -> BYTE_ORDER_MARK.trimLeadingFrom(name).strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** All of a table, so that an open quote is found before it swallows the lines behind it. */
    private static String text(InputStream bytes, String file) throws IOException {
        byte[] content = bytes.readNBytes(LARGEST + 1);
        if (content.length > LARGEST) {
            throw new MalformedFileException(file, "bytes", "longer than " + LARGEST + " bytes");
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
        if (CharMatcher.is('"').countIn(text) % 2 != 0) {
            throw new MalformedFileException(file, "text", "a quote is opened and not closed");
        }
        return text;
    }

    private static String message(CsvParseException malformed) {
        Throwable cause = malformed.getCause() == null ? malformed : malformed.getCause();
        return String.valueOf(cause.getMessage());
    }

    /**
     * The rows below the header.
     *
     * @return in the file's order
     */
    public List<Row> rows() {
        return rows;
    }

    /** One line of a table. */
    public static final class Row {
        private final String file;
        private final Map<String, Integer> places;
        private final CsvRecord values;

        private Row(String file, Map<String, Integer> places, CsvRecord values) {
            this.file = file;
            this.places = places;
            this.values = values;
        }

        /**
         * Where the row starts.
         *
         * @return the line's number, the header's being 1
         */
        public long line() {
            return values.getStartingLineNumber();
        }

        /**
         * A text that may be empty.
         *
         * @param column the column's name
         * @return the text without blanks around it
         */
        public String text(String column) {
            Integer index = places.get(column);
            if (index == null) {
                throw new MalformedFileException(file, "line " + line(), "no column " + column);
            }
            return values.getField(index).strip();
        }

        /**
         * A text that must not be empty.
         *
         * @param column the column's name
         * @return the text without blanks around it
         * @throws MalformedFileException if empty
         */
        public String required(String column) {
            String text = text(column);
            if (text.isEmpty()) {
                throw problem(column, "empty; a value must stand here");
            }
            return text;
        }

        /**
         * A list within one value, separated by a character.
         *
         * @param column the column's name
         * @param separator between the parts
         * @return the parts without blanks around them, none if empty
         */
        public List<String> list(String column, char separator) {
            return Splitter.on(separator).trimResults().omitEmptyStrings().splitToList(text(column));
        }

        /**
         * A whole number.
         *
         * @param column the column's name
         * @param least the smallest value allowed
         * @param most the largest value allowed
         * @return the number
         * @throws MalformedFileException if it is not a whole number in range
         */
        public long whole(String column, long least, long most) {
            try {
                long value = Long.parseLong(text(column));
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException notWhole) {
                // falls through to the one message for both
            }
            throw problem(
                    column,
                    String.format(
                            Locale.ROOT, "\"%s\"; expected a whole number from %,d to %,d", text(column), least, most));
        }

        /**
         * An error about one value.
         *
         * @param column the column's name
         * @param problem the value found and what was expected
         * @return the exception, to be thrown
         */
        public MalformedFileException problem(String column, String problem) {
            return new MalformedFileException(file, "line " + line() + ", column " + column, problem);
        }
    }
}
