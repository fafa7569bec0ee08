package io.llmsizing.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON objects, and lists of them, strictly and within bounds: at most 64 levels deep, 8 MiB long, 200,000 tokens, strings of 1 Mi
 * characters, numbers of 1,000 digits, no key twice in one object. {@code Infinity} and {@code NaN}, which Python writes, are read but are no numbers
 * that anyone may ask for.
 */
public final class JsonReader {
    private static final long LONGEST_DOCUMENT = 8L << 20;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(LONGEST_DOCUMENT)
                    .maxTokenCount(200_000)
                    .maxStringLength(1 << 20)
                    .maxNameLength(4096)
                    .maxNumberLength(1000)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final Pattern PARSERS_OWN = Pattern.compile("Feature|ALLOW_|Source:|REDACTED|JsonReadFeature");

    private JsonReader() {}

    /**
     * Reads a file that holds one object.
     *
     * @param file the file
     * @return the object
     * @throws MalformedFileException if it can't be read, is not JSON, not an object, or beyond the bounds
     */
    public static JsonObject read(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return read(bytes, file.toString());
        } catch (IOException unreadable) {
            throw new MalformedFileException(
                    file.toString(),
                    "file",
                    "can't be read: " + unreadable.getClass().getSimpleName());
        }
    }

    /**
     * Reads a stream that holds one object.
     *
     * @param bytes UTF-8 (or UTF-16 or 32) text, read to its end and closed
     * @param file its name, for messages
     * @return the object
     * @throws MalformedFileException if it is not JSON, not an object, or beyond the bounds
     */
    public static JsonObject read(InputStream bytes, String file) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            return read(parser, file);
        } catch (IOException unreadable) {
            throw new MalformedFileException(file, "bytes", "can't be read as text: " + unreadable.getMessage());
        }
    }

    /**
     * Reads a text that holds one object.
     *
     * @param text the text
     * @param file its name, for messages
     * @return the object
     * @throws MalformedFileException if it is not JSON, not an object, or beyond the bounds
     */
    public static JsonObject read(String text, String file) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return read(parser, file);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Reads a stream that holds one list of objects, within the same bounds.
     *
     * @param bytes UTF-8 (or UTF-16 or 32) text, read to its end and closed
     * @param file its name, for messages
     * @return the objects; the path of a key begins with the place in the list: {@code [0].size}
     * @throws MalformedFileException if it is not JSON, not a list, holds anything but objects, or is beyond the bounds
     */
    public static List<JsonObject> readList(InputStream bytes, String file) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            return readList(parser, file);
        } catch (IOException unreadable) {
            throw new MalformedFileException(file, "bytes", "can't be read as text: " + unreadable.getMessage());
        }
    }

    private static List<JsonObject> readList(JsonParser parser, String file) throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new MalformedFileException(file, place(parser.currentTokenLocation()), "not a JSON list");
            }
            List<JsonObject> objects = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw new MalformedFileException(file, place(parser.currentTokenLocation()), "not a JSON object");
                }
                objects.add(object(parser, file, "[" + objects.size() + "]"));
            }
            refuseMore(parser, file, "list");
            return Collections.unmodifiableList(objects);
        } catch (JsonProcessingException malformed) {
            throw new MalformedFileException(file, place(malformed.getLocation()), told(malformed));
        }
    }

    private static JsonObject read(JsonParser parser, String file) throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, place(parser.currentTokenLocation()), "not a JSON object");
            }
            JsonObject object = object(parser, file, "");
            refuseMore(parser, file, "object");
            return object;
        } catch (JsonProcessingException malformed) {
            throw new MalformedFileException(file, place(malformed.getLocation()), told(malformed));
        }
    }

    private static void refuseMore(JsonParser parser, String file, String what) throws IOException {
        if (parser.nextToken() != null) {
            throw new MalformedFileException(
                    file, place(parser.currentTokenLocation()), "something follows the end of the " + what);
        }
    }

    private static JsonObject object(JsonParser parser, String file, String path) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            boolean container = parser.nextToken().isStructStart();
            String inner = !container ? "" : path.isEmpty() ? key : path + "." + key;
            members.put(key, value(parser, file, inner));
        }
        return new JsonObject(file, path, Collections.unmodifiableMap(members));
    }

    private static List<@Nullable Object> list(JsonParser parser, String file, String path) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(parser, file, token.isStructStart() ? path + "[" + elements.size() + "]" : ""));
        }
        return Collections.unmodifiableList(elements);
    }

    /**
     * The value at which a parser stands.
     *
     * @param path where it stands, for what is inside an object or a list; anything for another value
     */
    static @Nullable Object value(JsonParser parser, String file, String path) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, file, path);
            case START_ARRAY -> list(parser, file, path);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new MalformedFileException(file, place(parser.currentTokenLocation()), "not a JSON value");
        };
    }

    /** What is wrong, without what the parser calls its source and its features. */
    static String told(JsonProcessingException malformed) {
        if (malformed instanceof JsonEOFException) {
            return "the text ends before its JSON does";
        }
        String told = malformed.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[");
        return PARSERS_OWN.matcher(told).find() ? "not JSON from here on" : told;
    }

    static String place(@Nullable JsonLocation location) {
        return location == null ? "text" : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
