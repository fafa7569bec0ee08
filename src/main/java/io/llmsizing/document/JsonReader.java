package io.llmsizing.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
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
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON objects strictly and within bounds: at most 64 levels deep, 8 MiB long, 200,000 tokens, strings of 1 Mi
 * characters, numbers of 1,000 digits, no key twice in one object. {@code Infinity} and {@code NaN}, which Python writes, are read but are no numbers
 * that anyone may ask for.
 */
public final class JsonReader {
    private static final long LONGEST_DOCUMENT = 8L << 20;

    private static final int MOST_MEMBERS = 1 << 20;

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

    /** For documents whose members are told one at a time. */
    private static final JsonFactory STREAMING = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(128L << 20)
                    .maxStringLength(1 << 20)
                    .maxNameLength(4096)
                    .maxNumberLength(1000)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Takes the members of a large object. */
    public interface Member {
        /**
         * Takes one.
         *
         * @param owner an object that holds this member alone
         * @param key the member's key
         */
        void take(JsonObject owner, String key);
    }

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
     * Tells the members of one object of a document that is too large to be held: at most 128 MiB long and 2^20 members.
     * What stands elsewhere is passed over.
     *
     * @param bytes UTF-8 text, read to its end and closed
     * @param file its name, for messages
     * @param firstByte the offset in the file of the first of these bytes, for messages
     * @param within the key of the object whose members are told; empty for the document itself
     * @param member takes them, in the order of the document
     * @throws MalformedFileException if it is not JSON, not an object, beyond the bounds, or if the object is not there
     */
    public static void forEachMember(InputStream bytes, String file, long firstByte, String within, Member member) {
        try (JsonParser parser = STREAMING.createParser(bytes)) {
            try {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new MalformedFileException(file, byteOf(parser, firstByte), "not a JSON object");
                }
                boolean found = within.isEmpty();
                if (found) {
                    tell(parser, file, "", member);
                } else {
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        boolean wanted = parser.currentName().equals(within);
                        if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
                            tell(parser, file, within, member);
                            found = true;
                        } else {
                            parser.skipChildren();
                        }
                    }
                }
                if (!found) {
                    throw new MalformedFileException(file, within, "absent; expected an object");
                }
                if (parser.nextToken() != null) {
                    throw new MalformedFileException(
                            file, byteOf(parser, firstByte), "something follows the end of the object");
                }
            } catch (JsonProcessingException malformed) {
                long at = firstByte + Math.max(0, malformed.getLocation().getByteOffset());
                throw new MalformedFileException(file, "byte " + at, malformed.getOriginalMessage());
            }
        } catch (IOException unreadable) {
            throw new MalformedFileException(file, "bytes", "can't be read: " + unreadable.getMessage());
        }
    }

    private static void tell(JsonParser parser, String file, String path, Member member) throws IOException {
        int members = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (++members > MOST_MEMBERS) {
                throw new MalformedFileException(file, path.isEmpty() ? key : path, "more than 2^20 members");
            }
            parser.nextToken();
            Object value = value(parser, file, path.isEmpty() ? key : path + "." + key);
            member.take(new JsonObject(file, path, Collections.singletonMap(key, value)), key);
        }
    }

    private static String byteOf(JsonParser parser, long firstByte) {
        return "byte " + (firstByte + Math.max(0, parser.currentTokenLocation().getByteOffset()));
    }

    private static JsonObject read(JsonParser parser, String file) throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, place(parser.currentTokenLocation()), "not a JSON object");
            }
            JsonObject object = object(parser, file, "");
            if (parser.nextToken() != null) {
                throw new MalformedFileException(
                        file, place(parser.currentTokenLocation()), "something follows the end of the object");
            }
            return object;
        } catch (JsonProcessingException malformed) {
            throw new MalformedFileException(file, place(malformed.getLocation()), malformed.getOriginalMessage());
        }
    }

    private static JsonObject object(JsonParser parser, String file, String path) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            members.put(key, value(parser, file, path.isEmpty() ? key : path + "." + key));
        }
        return new JsonObject(file, path, Collections.unmodifiableMap(members));
    }

    private static @Nullable Object value(JsonParser parser, String file, String path) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                return object(parser, file, path);
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser, file, path + "[" + elements.size() + "]"));
                }
                return Collections.unmodifiableList(elements);
            }
            case VALUE_STRING -> {
                return parser.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return new JsonNumber(parser.getText());
            }
            case VALUE_TRUE -> {
                return true;
            }
            case VALUE_FALSE -> {
                return false;
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> throw new MalformedFileException(file, place(parser.currentTokenLocation()), "not a JSON value");
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "text" : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
