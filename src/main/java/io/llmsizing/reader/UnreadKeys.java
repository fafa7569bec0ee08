package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.JsonObject;
import io.llmsizing.ledger.Assumption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of keys that a family did not read: passed over where they say nothing about sizes, refused where other
 * architectures take sizes from them, reported where they only sound so.
 */
final class UnreadKeys {
    private static final Set<String> WITHOUT_SIZE =
            Set.copyOf(Bundled.lines(UnreadKeys.class, "keys-without-size.txt"));
    private static final Set<String> WITH_SIZE = Set.copyOf(Bundled.lines(UnreadKeys.class, "keys-with-size.txt"));
    private static final List<String> WORDS_OF_SIZE = Bundled.lines(UnreadKeys.class, "words-of-size.txt");
    private static final Set<String> OFF = Set.of("false", "0", "0.0", "a list of 0");

    private UnreadKeys() {}

    /** Whether a key stands there with a value that may mean something. */
    static boolean isLive(JsonObject object, String key) {
        return object.has(key) && !OFF.contains(object.shown(key)) && !isEmptyObject(object, key);
    }

    private static boolean isEmptyObject(JsonObject object, String key) {
        return object.shown(key).equals("an object")
                && object.object(key).map(inner -> inner.keys().isEmpty()).orElse(false);
    }

    /**
     * What a key that was not read makes of the answer.
     *
     * @return an assumption, or nothing where the key does not matter
     * @throws UnsupportedArchitectureException for a key that changes sizes in other architectures
     */
    static Optional<Assumption> judged(JsonObject object, String key) {
        if (WITHOUT_SIZE.contains(key) || !isLive(object, key)) {
            return Optional.empty();
        }
        if (WITH_SIZE.contains(key)) {
            throw new UnsupportedArchitectureException(
                    object.file() + ": " + object.place(key),
                    object.shown(key)
                            + ": not understood for this architecture and changes sizes in others; remove the key if it"
                            + " does not here");
        }
        String lower = key.toLowerCase(Locale.ROOT);
        boolean watched = WORDS_OF_SIZE.stream().anyMatch(lower::contains);
        return Optional.of(new Assumption(
                object.place(key),
                watched
                        ? object.shown(key) + " is not understood for this architecture and may change sizes; taken to"
                                + " change none"
                        : "not known, taken to say nothing about sizes"));
    }
}
