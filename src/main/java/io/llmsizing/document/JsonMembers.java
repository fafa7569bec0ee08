package io.llmsizing.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Tells the members of one object of a document that is too large to be held, one at a time: at most 128 MiB long, 2^20
 * members, 2^18 names and values in each, 64 levels deep, no key twice in one object.
 */
public final class JsonMembers {
    private static final int MOST_MEMBERS = 1 << 20;
    private static final int MOST_IN_MEMBER = 1 << 18;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(128L << 20)
                    .maxStringLength(1 << 20)
                    .maxNameLength(4096)
                    .maxNumberLength(1000)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Each name stands once: a table of all of them would cost more than they do.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Takes the members of an object. */
    public interface Member {
        /**
         * Takes one.
         *
         * @param owner an object that holds this member alone
         * @param key the member's key
         */
        void take(JsonObject owner, String key);
    }

    private JsonMembers() {}

    /**
     * Tells the members of the document itself.
     *
     * @param bytes UTF-8 text, read to its end and closed
     * @param file its name, for messages
     * @param firstByte the offset in the file of the first of these bytes, for messages
     * @param member takes them, in their order
     * @throws MalformedFileException if it is not JSON, not an object, or beyond the bounds
     * @throws IOException if it can't be read
     */
    public static void forEach(InputStream bytes, String file, long firstByte, Member member) throws IOException {
        forEach(bytes, file, firstByte, "", member);
    }

    /**
     * Tells the members of an object inside the document. What stands beside it is passed over.
     *
     * @param bytes UTF-8 text, read to its end and closed
     * @param file its name, for messages
     * @param within the key of the object
     * @param member takes them, in their order
     * @throws MalformedFileException if it is not JSON, not an object, beyond the bounds, or if the object is not there
     * @throws IOException if it can't be read
     */
    public static void forEachWithin(InputStream bytes, String file, String within, Member member) throws IOException {
        forEach(bytes, file, 0, within, member);
    }

    private static void forEach(InputStream bytes, String file, long firstByte, String within, Member member)
            throws IOException {
        try (Members parser = new Members(FACTORY.createParser(bytes), file)) {
            try {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new MalformedFileException(file, byteOf(parser, firstByte), "not a JSON object");
                }
                boolean found = within.isEmpty();
                if (found) {
                    tell(parser, file, "", member);
                } else {
                    found = tellWithin(parser, file, within, member);
                }
                if (!found) {
                    throw new MalformedFileException(file, within, "absent; expected an object");
                }
                if (parser.nextToken() != null) {
                    throw new MalformedFileException(
                            file, byteOf(parser, firstByte), "something follows the end of the object");
                }
            } catch (JsonProcessingException malformed) {
                JsonLocation location = malformed.getLocation();
                throw new MalformedFileException(
                        file,
                        location == null ? byteOf(parser, firstByte) : byteOf(location, firstByte),
                        JsonReader.told(malformed));
            } catch (CharConversionException noText) {
                throw new MalformedFileException(
                        file, byteOf(parser, firstByte), "can't be read as text: " + noText.getMessage());
            }
        }
    }

    /** A parser that gives up in a member that holds too much. */
    private static final class Members extends JsonParserDelegate {
        private final String file;
        private String key = "";
        private int left = MOST_IN_MEMBER;

        Members(JsonParser parser, String file) {
            super(parser);
            this.file = file;
        }

        /** The key of the next member, nothing behind the last. */
        @Nullable
        String nextMember() throws IOException {
            left = MOST_IN_MEMBER;
            if (nextToken() == JsonToken.END_OBJECT) {
                return null;
            }
            key = currentName();
            return key;
        }

        @Override
        public JsonToken nextToken() throws IOException {
            left--;
            if (left < 0) {
                throw new MalformedFileException(file, key, "holds more than 2^18 names and values");
            }
            return super.nextToken();
        }

        void passOver() throws IOException {
            int depth = 0;
            do {
                depth += currentToken().isStructStart() ? 1 : currentToken().isStructEnd() ? -1 : 0;
            } while (depth > 0 && nextToken() != null);
        }
    }

    private static boolean tellWithin(Members parser, String file, String within, Member member) throws IOException {
        boolean found = false;
        int members = 0;
        for (String key = parser.nextMember(); key != null; key = parser.nextMember()) {
            refuseMore(++members, file, key);
            boolean wanted = key.equals(within);
            if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
                tell(parser, file, within, member);
                found = true;
            } else {
                parser.passOver();
            }
        }
        return found;
    }

    private static void refuseMore(int members, String file, String at) {
        if (members > MOST_MEMBERS) {
            throw new MalformedFileException(file, at, "more than 2^20 members");
        }
    }

    private static void tell(Members parser, String file, String path, Member member) throws IOException {
        int members = 0;
        for (String key = parser.nextMember(); key != null; key = parser.nextMember()) {
            refuseMore(++members, file, path.isEmpty() ? key : path);
            boolean scalar = parser.nextToken().isScalarValue();
            Object value = JsonReader.value(parser, file, scalar || path.isEmpty() ? key : path + "." + key);
            member.take(new JsonObject(file, path, Collections.singletonMap(key, value)), key);
        }
    }

    private static String byteOf(JsonParser parser, long firstByte) {
        return byteOf(parser.currentTokenLocation(), firstByte);
    }

    /** The place in the file; the parser counts characters, which are bytes in the names that people give tensors. */
    private static String byteOf(JsonLocation location, long firstByte) {
        return "byte " + (firstByte + Math.max(0, location.getCharOffset()));
    }
}
