package io.llmsizing.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.google.common.base.Splitter;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the objects of one list of a document that is too large to be held, one at a time and only the parts of them that are
 * wanted; all else is passed over. At most 512 MiB long, 64 levels deep, 4,096 keys and values kept of an object, each of 4,096
 * characters, no kept key twice in one object.
 */
public final class JsonItems {
    private static final int MOST_TOKENS = 4096;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(512L << 20)
                    .maxStringLength(4096)
                    .maxNameLength(4096)
                    .maxNumberLength(100)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Takes the objects of a list. */
    public interface Item {
        /**
         * Takes one.
         *
         * @param item what was kept of it; paths of its keys begin with its place: {@code items[3].metadata}
         */
        void take(JsonObject item);
    }

    /** Which members are wanted: all that is below, or some of it. */
    private record Kept(Map<String, Kept> inner) {
        static Kept of(Collection<String> paths) {
            Kept root = new Kept(new HashMap<>());
            for (String path : paths) {
                Kept at = root;
                for (String key : Splitter.on('.').split(path)) {
                    at = at.inner.computeIfAbsent(key, absent -> new Kept(new HashMap<>()));
                }
            }
            return root;
        }

        boolean all() {
            return inner.isEmpty();
        }
    }

    /** Counts what is looked at; what is passed over does not count. */
    private static final class Counted extends JsonParserDelegate {
        private int tokens;

        Counted(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            if (++tokens > MOST_TOKENS) {
                throw new JsonParseException(this, "an object of more than " + MOST_TOKENS + " keys and values");
            }
            return super.nextToken();
        }

        void startAgain() {
            tokens = 0;
        }
    }

    private final String file;
    private final String within;
    private final Item item;
    private boolean found;

    private JsonItems(String file, String within, Item item) {
        this.file = file;
        this.within = within;
        this.item = item;
    }

    /**
     * Tells the objects of a list inside the document, or the document itself if it has no such list.
     *
     * @param bytes UTF-8 (or UTF-16 or 32) text, read to its end and closed
     * @param file its name, for messages
     * @param within the key of the list
     * @param kept paths of what is wanted of each object, with dots between the keys and through lists
     * @param item takes them, in their order
     * @throws MalformedFileException if it is not JSON, not an object, or beyond the bounds; what stands before the place of
     *     the error was told
     * @throws IOException if it can't be read
     */
    public static void forEach(InputStream bytes, String file, String within, Collection<String> kept, Item item)
            throws IOException {
        try (Counted parser = new Counted(FACTORY.createParser(bytes))) {
            try {
                new JsonItems(file, within, item).document(parser, Kept.of(kept));
            } catch (JsonProcessingException malformed) {
                throw new MalformedFileException(
                        file, JsonReader.place(malformed.getLocation()), JsonReader.told(malformed));
            } catch (CharConversionException noText) {
                throw new MalformedFileException(
                        file, JsonReader.place(parser.currentTokenLocation()), "not a text in UTF-8, 16 or 32");
            }
        }
    }

    private void document(Counted parser, Kept kept) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedFileException(
                    file, JsonReader.place(parser.currentTokenLocation()), "not a JSON object");
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_ARRAY && key.equals(within)) {
                found = true;
                items(parser, kept);
            } else {
                member(parser, key, kept, "", members);
            }
        }
        if (!found) {
            item.take(new JsonObject(file, "", Collections.unmodifiableMap(members)));
        }
        parser.startAgain();
        if (parser.nextToken() != null) {
            throw new MalformedFileException(
                    file, JsonReader.place(parser.currentTokenLocation()), "something follows the end of the object");
        }
    }

    private void items(Counted parser, Kept kept) throws IOException {
        int next = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            String path = within + "[" + next++ + "]";
            if (token != JsonToken.START_OBJECT) {
                throw new MalformedFileException(
                        file, JsonReader.place(parser.currentTokenLocation()), path + " is no object");
            }
            item.take(object(parser, kept, path));
            parser.startAgain();
        }
    }

    private JsonObject object(Counted parser, Kept kept, String path) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            member(parser, key, kept, path, members);
        }
        return new JsonObject(file, path, Collections.unmodifiableMap(members));
    }

    private void member(Counted parser, String key, Kept kept, String path, Map<String, @Nullable Object> members)
            throws IOException {
        Kept wanted = kept.all() ? kept : kept.inner().get(key);
        if (wanted == null) {
            parser.skipChildren();
            return;
        }
        if (members.containsKey(key)) {
            throw new MalformedFileException(
                    file, JsonReader.place(parser.currentTokenLocation()), "'" + key + "' stands twice in one object");
        }
        boolean container = parser.currentToken().isStructStart();
        members.put(key, value(parser, wanted, !container ? "" : path.isEmpty() ? key : path + "." + key));
    }

    private @Nullable Object value(Counted parser, Kept wanted, String path) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return object(parser, wanted, path);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser, wanted, path + "[" + elements.size() + "]"));
            }
            return Collections.unmodifiableList(elements);
        }
        return JsonReader.value(parser, file, path);
    }
}
