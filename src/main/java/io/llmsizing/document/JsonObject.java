package io.llmsizing.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One object of a JSON document. Every reading method checks kind and range, and its error names the file, the key's
 * path, the value found and what was expected. A key that is present with {@code null} counts as absent.
 */
public final class JsonObject {
    private final String file;
    private final String path;
    private final Map<String, @Nullable Object> members;

    JsonObject(String file, String path, Map<String, @Nullable Object> members) {
        this.file = file;
        this.path = path;
        this.members = members;
    }

    /**
     * The file this came from.
     *
     * @return its name, for messages
     */
    public String file() {
        return file;
    }

    /**
     * The keys, in the order of the document.
     *
     * @return all keys, those with {@code null} too
     */
    public Set<String> keys() {
        return members.keySet();
    }

    /**
     * Whether a value other than {@code null} stands under a key.
     *
     * @param key the key
     * @return whether there is a value
     */
    public boolean has(String key) {
        return members.get(key) != null;
    }

    /**
     * A whole number that must be there.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the number; {@code 4096.0} is read as 4096
     * @throws MalformedFileException if absent, not a whole number, or out of range
     */
    public long whole(String key, long least, long most) {
        Object value = members.get(key);
        if (value == null) {
            throw problem(key, "absent; expected " + range(least, most));
        }
        if (value instanceof JsonNumber jsonNumber) {
            Optional<Long> number = jsonNumber.whole();
            if (number.isPresent() && number.get() >= least && number.get() <= most) {
                return number.get();
            }
        }
        throw problem(key, described(value) + "; expected " + range(least, most));
    }

    /**
     * A whole number that may be absent.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @param otherwise the number where the key is absent or {@code null}
     * @return the number
     * @throws MalformedFileException if present and not a whole number in range
     */
    public long whole(String key, long least, long most, long otherwise) {
        return has(key) ? whole(key, least, most) : otherwise;
    }

    /**
     * A text that may be absent.
     *
     * @param key the key
     * @return the text
     * @throws MalformedFileException if present and not a text
     */
    public Optional<String> text(String key) {
        Object value = members.get(key);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw problem(key, described(value) + "; expected a text");
    }

    /**
     * A text that must be there.
     *
     * @param key the key
     * @return the text
     * @throws MalformedFileException if absent or not a text
     */
    public String requiredText(String key) {
        return text(key).orElseThrow(() -> problem(key, "absent; expected a text"));
    }

    /**
     * A decimal, as written, that may be absent: a number, or a text holding one.
     *
     * @param key the key
     * @return the digits as they stand in the document
     * @throws MalformedFileException if present and neither
     */
    public Optional<String> decimal(String key) {
        Object value = members.get(key);
        if (value instanceof JsonNumber jsonNumber) {
            return Optional.of(jsonNumber.digits());
        }
        return text(key);
    }

    /**
     * A text or a number as it stands, to be given back.
     *
     * @param key the key
     * @return a text, or a whole number as a {@code Long}, or the digits of another number
     * @throws MalformedFileException if present and neither text nor number
     */
    public Optional<Object> scalar(String key) {
        if (members.get(key) instanceof JsonNumber number) {
            return Optional.of(number.whole().map(Object.class::cast).orElse(number.digits()));
        }
        return text(key).map(Object.class::cast);
    }

    /**
     * A truth value.
     *
     * @param key the key
     * @param otherwise the value where the key is absent or {@code null}
     * @return true or false
     * @throws MalformedFileException if present and neither
     */
    public boolean flag(String key, boolean otherwise) {
        Object value = members.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean b) {
            return b;
        }
        throw problem(key, described(value) + "; expected true or false");
    }

    /**
     * An inner object that may be absent.
     *
     * @param key the key
     * @return the object
     * @throws MalformedFileException if present and not an object
     */
    public Optional<JsonObject> object(String key) {
        Object value = members.get(key);
        if (value == null || value instanceof JsonObject) {
            return Optional.ofNullable((JsonObject) value);
        }
        throw problem(key, described(value) + "; expected an object");
    }

    /**
     * An inner object that must be there.
     *
     * @param key the key
     * @return the object
     * @throws MalformedFileException if absent or not an object
     */
    public JsonObject requiredObject(String key) {
        return object(key).orElseThrow(() -> problem(key, "absent; expected an object"));
    }

    /**
     * A list of objects.
     *
     * @param key the key
     * @return the objects, none where the key is absent
     * @throws MalformedFileException if present and not a list of objects
     */
    public List<JsonObject> objects(String key) {
        return list(key, JsonObject.class, "a list of objects");
    }

    /**
     * A list of texts.
     *
     * @param key the key
     * @return the texts, none where the key is absent
     * @throws MalformedFileException if present and not a list of texts
     */
    public List<String> texts(String key) {
        return list(key, String.class, "a list of texts");
    }

    /**
     * A list of lists of texts.
     *
     * @param key the key
     * @return the lists, none where the key is absent
     * @throws MalformedFileException if present and not a list of such lists
     */
    public List<List<String>> lists(String key) {
        return list(key, List.class, "a list of lists of texts").stream()
                .map(inner -> {
                    if (!((List<?>) inner).stream().allMatch(String.class::isInstance)) {
                        throw problem(key, "a list of other lists; expected a list of lists of texts");
                    }
                    return ((List<?>) inner).stream().map(String.class::cast).collect(Collectors.toUnmodifiableList());
                })
                .collect(Collectors.toUnmodifiableList());
    }

    /**
     * Whether a list stands under a key.
     *
     * @param key the key
     * @return whether; false for an absent key
     */
    public boolean holdsList(String key) {
        return members.get(key) instanceof List;
    }

    /**
     * Whether an object stands under a key.
     *
     * @param key the key
     * @return whether; false for an absent key
     */
    public boolean holdsObject(String key) {
        return members.get(key) instanceof JsonObject;
    }

    /**
     * A list of whole numbers.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the numbers, none where the key is absent
     * @throws MalformedFileException if present and not such a list
     */
    public List<Long> wholes(String key, long least, long most) {
        List<JsonNumber> numbers = list(key, JsonNumber.class, "a list of whole numbers");
        List<Long> wholes = new ArrayList<>(numbers.size());
        for (JsonNumber number : numbers) {
            Optional<Long> whole = number.whole();
            if (whole.isEmpty() || whole.get() < least || whole.get() > most) {
                throw problem(key, number.digits() + "; expected " + range(least, most));
            }
            wholes.add(whole.get());
        }
        return List.copyOf(wholes);
    }

    /**
     * A list of lists of whole numbers.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the lists, none where the key is absent
     * @throws MalformedFileException if present and not such a list
     */
    public List<List<Long>> rows(String key, long least, long most) {
        return list(key, List.class, "a list of lists of whole numbers").stream()
                .map(row -> new JsonObject(file, path, Map.of(key, row)).wholes(key, least, most))
                .collect(Collectors.toUnmodifiableList());
    }

    private <T> List<T> list(String key, Class<T> kind, String expected) {
        Object value = members.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> items) {
            List<T> list = new ArrayList<>(items.size());
            for (Object item : items) {
                if (!kind.isInstance(item)) {
                    throw problem(key, described(value) + "; expected " + expected);
                }
                list.add(kind.cast(item));
            }
            return Collections.unmodifiableList(list);
        }
        throw problem(key, described(value) + "; expected " + expected);
    }

    /**
     * Whether a list stands under a key.
     *
     * @param key the key
     * @return whether it does, be it an empty one
     */
    public boolean isList(String key) {
        return members.get(key) instanceof List;
    }

    /**
     * The values of a list: texts, truth values, objects, lists of these; whole numbers as {@code Long}, others as
     * their digits.
     *
     * @param key the key
     * @return the values, none where the key is absent
     * @throws MalformedFileException if present and not a list
     */
    public List<?> items(String key) {
        Object value = members.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonObject::plain).toList();
        }
        throw problem(key, described(value) + "; expected a list");
    }

    private static Object plain(Object value) {
        if (value instanceof JsonNumber number) {
            return number.whole().map(Object.class::cast).orElse(number.digits());
        }
        return value instanceof List<?> list
                ? list.stream().map(JsonObject::plain).toList()
                : value;
    }

    /**
     * How many values stand under a key that may hold one value or a list of them.
     *
     * @param key the key
     * @return the length of a list, 1 for any other value, 0 where the key is absent or {@code null}
     */
    public int lengthOf(String key) {
        Object value = members.get(key);
        if (value instanceof List<?> list) {
            return list.size();
        }
        return value == null ? 0 : 1;
    }

    /**
     * Refuses keys that are not known.
     *
     * @param known every key that may stand here
     * @throws MalformedFileException naming the first key that is not among them
     */
    public void refuseOtherKeysThan(Set<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw problem(
                        key,
                        "unknown key; known here: " + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    /**
     * An error about one key.
     *
     * @param key the key
     * @param problem the value found and what was expected
     * @return the exception, to be thrown
     */
    public MalformedFileException problem(String key, String problem) {
        return new MalformedFileException(file, place(key), problem);
    }

    /**
     * Where a key stands.
     *
     * @param key the key
     * @return its path from the root of the document
     */
    public String place(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /**
     * A value as it stands in the document, for messages.
     *
     * @param key the key
     * @return the value, shortened to 80 characters
     */
    public String shown(String key) {
        return described(members.get(key));
    }

    private static String described(@Nullable Object value) {
        String text;
        if (value instanceof JsonObject) {
            text = "an object";
        } else if (value instanceof List) {
            text = "a list of " + ((List<?>) value).size();
        } else if (value instanceof String) {
            text = "\"" + value + "\"";
        } else {
            text = String.valueOf(value);
        }
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static String range(long least, long most) {
        return String.format(Locale.ROOT, "a whole number from %,d to %,d", least, most);
    }
}
