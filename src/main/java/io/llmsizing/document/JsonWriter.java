package io.llmsizing.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain values as JSON: maps, iterables, texts, whole numbers, truth values. Keys keep the order of their map.
 */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    /**
     * Writes on one line.
     *
     * @param value a map, iterable, text, whole number, truth value or {@code null}
     * @return JSON without line breaks
     * @throws IllegalArgumentException for a value of another kind
     */
    public static String compact(@Nullable Object value) {
        return written(value, false);
    }

    /**
     * Writes indented by two spaces.
     *
     * @param value a map, iterable, text, whole number, truth value or {@code null}
     * @return JSON with a line feed after each member, none at the end
     * @throws IllegalArgumentException for a value of another kind
     */
    public static String indented(@Nullable Object value) {
        return written(value, true);
    }

    /**
     * Writes each object and list on one line if it fits there, and otherwise with a line for each member. Lists of
     * numbers are never broken.
     *
     * @param value a map, iterable, text, whole number, truth value or {@code null}
     * @param width characters of the longest line that is broken only where it must be
     * @return JSON indented by two spaces, without a line feed at the end
     * @throws IllegalArgumentException for a value of another kind
     */
    public static String folded(@Nullable Object value, int width) {
        StringBuilder text = new StringBuilder();
        fold(text, value, 0, width);
        return text.toString();
    }

    private static void fold(StringBuilder text, @Nullable Object value, int indent, int width) {
        String line = onOneLine(value);
        int used = text.length() - text.lastIndexOf("\n") - 1;
        boolean breaks = (value instanceof Map<?, ?> members && !members.isEmpty())
                || (value instanceof Iterable<?> list
                        && Streams.stream(list).anyMatch(element -> !(element instanceof Number)));
        if (!breaks || used + line.length() <= width) {
            text.append(line);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                text.append(separator).append('\n').append(" ".repeat(indent + 2));
                text.append(compact(String.valueOf(member.getKey()))).append(": ");
                fold(text, member.getValue(), indent + 2, width);
                separator = ",";
            }
            text.append('\n').append(" ".repeat(indent)).append('}');
        } else if (value instanceof Iterable<?> list) {
            String separator = "[";
            for (Object element : list) {
                text.append(separator).append('\n').append(" ".repeat(indent + 2));
                fold(text, element, indent + 2, width);
                separator = ",";
            }
            text.append('\n').append(" ".repeat(indent)).append(']');
        }
    }

    private static String onOneLine(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(member -> compact(String.valueOf(member.getKey())) + ": " + onOneLine(member.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        } else if (value instanceof Iterable<?> list) {
            return Streams.stream(list).map(JsonWriter::onOneLine).collect(Collectors.joining(", ", "[", "]"));
        }
        return compact(value);
    }

    private static String written(@Nullable Object value, boolean indented) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            if (indented) {
                DefaultIndenter lines = new DefaultIndenter("  ", "\n");
                generator.setPrettyPrinter(
                        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
            }
            write(generator, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof Map) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                generator.writeFieldName(String.valueOf(member.getKey()));
                write(generator, member.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof Iterable) {
            generator.writeStartArray();
            for (Object element : (Iterable<?>) value) {
                write(generator, element);
            }
            generator.writeEndArray();
        } else if (value instanceof Boolean b) {
            generator.writeBoolean(b);
        } else if (value instanceof Long || value instanceof Integer) {
            generator.writeNumber(((Number) value).longValue());
        } else if (value instanceof CharSequence) {
            generator.writeString(value.toString());
        } else {
            throw new IllegalArgumentException("no JSON form for " + value.getClass());
        }
    }
}
