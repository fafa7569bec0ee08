package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration class as a line of {@code towers.jsonl} tells it: the keys that it has, with their defaults where a size
 * depends on them, its other names for keys, and the classes of its inner parts.
 */
final class ConfigClass {
    private static final String TABLE = "towers.jsonl";

    /** The line of what every class knows. */
    private static final String ANY = "any";

    private static final Map<String, ConfigClass> BY_TYPE = bundled();

    private final String type;
    private final JsonObject keys;
    private final Optional<JsonObject> otherNames;
    private final Optional<JsonObject> parts;

    private ConfigClass(JsonObject line) {
        line.refuseOtherKeysThan(Set.of("type", "source", "keys", "also", "parts"));
        type = line.requiredText("type");
        keys = line.requiredObject("keys");
        otherNames = line.object("also");
        parts = line.object("parts");
    }

    private ConfigClass(String type) {
        this.type = type;
        keys = JsonReader.read("{}", TABLE);
        otherNames = Optional.empty();
        parts = Optional.empty();
    }

    private static Map<String, ConfigClass> bundled() {
        Map<String, ConfigClass> classes = new LinkedHashMap<>();
        Bundled.lines(ConfigClass.class, TABLE).forEach(line -> {
            JsonObject object = JsonReader.read(line, TABLE);
            object.requiredText("source");
            ConfigClass read = new ConfigClass(object);
            if (classes.put(read.type, read) != null) {
                throw object.problem("type", "\"" + read.type + "\" stands twice");
            }
        });
        return classes;
    }

    /** The class of a model type; one that is not known has no keys. */
    static ConfigClass of(String type) {
        return Optional.ofNullable(BY_TYPE.get(type)).orElseGet(() -> new ConfigClass(type));
    }

    static boolean isKnown(String type) {
        return BY_TYPE.containsKey(type);
    }

    String type() {
        return type;
    }

    /** Every name that this class knows, those that all classes know included. */
    Set<String> names() {
        Set<String> names = new HashSet<>(of(ANY).keys.keys());
        names.addAll(keys.keys());
        otherNames.ifPresent(also -> names.addAll(also.keys()));
        return names;
    }

    /** A key and the other names for it. */
    List<String> namesOf(String key) {
        List<String> names = new ArrayList<>(List.of(key));
        otherNames.ifPresent(also -> also.keys().stream()
                .filter(name -> also.requiredText(name).equals(key))
                .forEach(names::add));
        return names;
    }

    /** The keys with their defaults, {@code null} where no size depends on the value. */
    JsonObject defaults() {
        return keys;
    }

    /** What is known of an inner part: its {@code type}, whether that is {@code fixed}, and what holds where it is {@code absent}. */
    JsonObject part(String key) {
        return parts.orElseThrow(() -> new IllegalStateException(type + " has no parts"))
                .requiredObject(key);
    }
}
