package io.llmsizing.checkpoint;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.llmsizing.document.MalformedFileException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a GGUF header and their values. Short lists of numbers are kept; of texts beyond 1 KiB, of lists of texts
 * and of lists beyond 1,024 numbers only the extent is, so that a vocabulary costs nothing.
 */
public final class GgufMetadata {
    private static final int LONGEST_SHOWN = 80;
    private static final String ARCHITECTURE = "general.architecture";

    private final String file;
    private final Map<String, Value> values;

    GgufMetadata(String file, Map<String, Value> values) {
        this.file = file;
        this.values = ImmutableMap.copyOf(values);
    }

    /**
     * A value and where it lies.
     *
     * @param at offset of the value's first byte
     * @param held a text, a {@link Long}, a {@link Boolean}, a {@link Decimal}, an {@link ImmutableLongArray}, or what was passed over
     */
    record Value(long at, Object held) {}

    /** A number with a fraction, as decimal digits. */
    record Decimal(String digits) {}

    /** A value of which only the extent is known. */
    record PassedOver(String kind, long count, long bytes) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s of %,d (%,d B)", kind, count, bytes);
        }
    }

    /**
     * The file.
     *
     * @return its name, for messages
     */
    public String file() {
        return file;
    }

    /**
     * All keys.
     *
     * @return in the file's order
     */
    public Set<String> keys() {
        return values.keySet();
    }

    /**
     * Whether a key stands there.
     *
     * @param key such as {@code general.architecture}
     * @return whether it does, whatever its value
     */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /**
     * The architecture, which stands in front of the keys that belong to it.
     *
     * @return such as {@code llama}
     * @throws MalformedFileException if it is not stated
     */
    public String architecture() {
        return text(ARCHITECTURE)
                .filter(stated -> !stated.isEmpty())
                .orElseThrow(() -> new MalformedFileException(
                        file, ARCHITECTURE, "absent; expected the architecture's name, such as llama"));
    }

    /**
     * The whole key of something that the architecture states.
     *
     * @param suffix such as {@code block_count}
     * @return such as {@code llama.block_count}
     * @throws MalformedFileException if no architecture is stated
     */
    public String keyOf(String suffix) {
        return architecture() + "." + suffix;
    }

    /**
     * A text.
     *
     * @param key the key
     * @return its text, nothing where the key is absent
     * @throws MalformedFileException if something else stands there, or a text beyond 1 KiB
     */
    public Optional<String> text(String key) {
        return held(key).map(value -> {
            if (value instanceof String text) {
                return text;
            }
            throw problem(key, "expected a text of at most 1 KiB");
        });
    }

    /**
     * A whole number that must be there.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the number
     * @throws MalformedFileException if absent, not a whole number, or out of range
     */
    public long whole(String key, long least, long most) {
        Object value = held(key)
                .orElseThrow(() -> new MalformedFileException(file, key, "absent; expected " + range(least, most)));
        if (value instanceof Long whole && whole >= least && whole <= most) {
            return whole;
        }
        throw problem(key, "expected " + range(least, most));
    }

    /**
     * A whole number that the architecture states and that must be there.
     *
     * @param suffix such as {@code block_count}
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the number
     * @throws MalformedFileException if absent, not a whole number, or out of range
     */
    public long wholeOf(String suffix, long least, long most) {
        return whole(keyOf(suffix), least, most);
    }

    /**
     * Whether a list of numbers or flags stands under a key.
     *
     * @param key the key
     * @return whether it does
     */
    public boolean isList(String key) {
        return held(key).filter(ImmutableLongArray.class::isInstance).isPresent();
    }

    /**
     * A list of whole numbers; of flags, 1 and 0.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the numbers, a number that stands alone as a list of one, none where the key is absent
     * @throws MalformedFileException if something else stands there, more than 1,024 numbers, or one out of range
     */
    public List<Long> wholes(String key, long least, long most) {
        Optional<Object> value = held(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Long) {
            return List.of(whole(key, least, most));
        }
        if (value.get() instanceof ImmutableLongArray wholes
                && wholes.asList().stream().allMatch(whole -> whole >= least && whole <= most)) {
            return ImmutableList.copyOf(wholes.asList());
        }
        throw problem(key, "expected at most 1,024 numbers, each " + range(least, most));
    }

    /**
     * A truth value.
     *
     * @param key the key
     * @param otherwise what absence means
     * @return the value
     * @throws MalformedFileException if something else stands there
     */
    public boolean flag(String key, boolean otherwise) {
        return held(key)
                .map(value -> {
                    if (value instanceof Boolean flag) {
                        return flag;
                    }
                    throw problem(key, "expected true or false");
                })
                .orElse(otherwise);
    }

    /**
     * A number, with a fraction or without.
     *
     * @param key the key
     * @return its decimal digits, nothing where the key is absent
     * @throws MalformedFileException if something else stands there
     */
    public Optional<String> decimal(String key) {
        return held(key).map(value -> {
            if (value instanceof Decimal decimal) {
                return decimal.digits();
            }
            if (value instanceof Long whole) {
                return Long.toString(whole);
            }
            throw problem(key, "expected a number");
        });
    }

    /**
     * How many elements a list has, whether they are kept or not.
     *
     * @param key the key, such as {@code tokenizer.ggml.tokens}
     * @return the list's length, nothing where the key is absent
     * @throws MalformedFileException if no list stands there
     */
    public Optional<Long> length(String key) {
        return held(key).map(value -> {
            if (value instanceof ImmutableLongArray numbers) {
                return (long) numbers.length();
            }
            if (value instanceof PassedOver passed && passed.kind().startsWith("a list")) {
                return passed.count();
            }
            throw problem(key, "expected a list");
        });
    }

    /**
     * The value as a message shows it.
     *
     * @param key a key that is there
     * @return such as {@code 32}, {@code "llama"} or {@code a list of texts of 128,256 (1,964,180 B)}
     * @throws NullPointerException if the key is absent
     */
    public String shown(String key) {
        Object value = held(key).orElseThrow(() -> new NullPointerException(key));
        return value instanceof String text ? '"' + text + '"' : plain(value);
    }

    private static String plain(Object value) {
        return value instanceof Decimal decimal ? decimal.digits() : value.toString();
    }

    /**
     * An error about a value.
     *
     * @param key a key that is there
     * @param problem what was expected instead
     * @return the exception, to be thrown; it names the offset, the key and the value's first 80 characters
     * @throws NullPointerException if the key is absent
     */
    public MalformedFileException problem(String key, String problem) {
        long at = Objects.requireNonNull(values.get(key), key).at();
        return new MalformedFileException(
                file, "byte " + at + ", " + key, Ascii.truncate(shown(key), LONGEST_SHOWN, "...") + "; " + problem);
    }

    private Optional<Object> held(String key) {
        return Optional.ofNullable(values.get(key)).map(Value::held);
    }

    private static String range(long least, long most) {
        return String.format(Locale.ROOT, "a whole number from %,d to %,d", least, most);
    }
}
