package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.tensor.WeightTensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * A config.json as a family reads it. It remembers which keys were read, so that one that nobody understood can't slip
 * by, and what was taken where a key was absent.
 */
final class Config {
    /** Why an absent key is taken as it is. */
    static final String CLASS_DEFAULT = "the default of its configuration class";

    private final JsonObject object;
    private final Set<String> read = new HashSet<>();
    private final Map<String, Config> nested = new LinkedHashMap<>();
    private final Set<Assumption> assumptions;
    private final Optional<Config> around;
    private final Map<String, Boolean> overrides = new HashMap<>();
    private Map<String, Long> classDefaults = Map.of();
    private String readAs = "";
    private Map<String, List<String>> otherNames = Map.of();

    Config(JsonObject object) {
        this(object, new LinkedHashSet<>(), Optional.empty());
    }

    private Config(JsonObject object, Set<Assumption> assumptions, Optional<Config> around) {
        this.object = object;
        this.assumptions = assumptions;
        this.around = around;
    }

    /** The config that this one is a part of. */
    Optional<Config> around() {
        return around;
    }

    String file() {
        return object.file();
    }

    /** The document itself, whose keys are not taken as read. */
    JsonObject json() {
        return object;
    }

    /** The architecture: what the config calls itself, unless it is read as another. */
    String type() {
        String stated = text("model_type").orElse("");
        return readAs.isEmpty() ? stated : readAs;
    }

    /** The same config, read as another architecture whose shape it has. */
    Config readAs(String type) {
        readAs = type;
        otherNames = KeyNames.of(type);
        return this;
    }

    /** Sizes that the config may leave out, since its class has them by default. */
    void leaveToClass(Map<String, Long> defaults) {
        classDefaults = defaults;
    }

    private boolean leavesToClass(String key) {
        return classDefaults.containsKey(key) && !object.keys().contains(named(key));
    }

    private long classDefault(String key) {
        long value = Objects.requireNonNull(classDefaults.get(key));
        assumeClassDefault(key, value);
        return value;
    }

    /** The key as this architecture's files call it; one that stands there under two names says the same twice. */
    private String named(String key) {
        read.add(key);
        String name = key;
        for (String other : otherNames.getOrDefault(key, List.of())) {
            read.add(other);
            if (object.has(other) && object.has(name)) {
                refuseContradiction(name, other);
            }
            name = object.has(other) ? other : name;
        }
        return name;
    }

    private void refuseContradiction(String name, String other) {
        if (!object.shown(name).equals(object.shown(other))) {
            throw object.problem(other, object.shown(other) + "; expected the same as " + name);
        }
    }

    /** A key that the config around this one decides, where it says anything: several towers share one head. */
    void overrideFlag(String key, boolean value) {
        overrides.put(key, value);
    }

    /** What was taken for granted so far, each once. */
    List<Assumption> assumptions() {
        return List.copyOf(assumptions);
    }

    void assume(Assumption taken) {
        assumptions.add(taken);
    }

    boolean has(String key) {
        return object.has(named(key));
    }

    /** Whether the key stands there, be it with {@code null}. */
    boolean states(String key) {
        return object.keys().contains(named(key));
    }

    /** Whether the key stands there with this very value, as a message would show it. */
    boolean states(String key, String value) {
        return states(key) && object.shown(key).equals(value);
    }

    /** A positive size that must be there. */
    long size(String key) {
        if (leavesToClass(key)) {
            return classDefault(key);
        }
        return object.whole(named(key), 1, WeightTensor.LARGEST_DIMENSION);
    }

    /** A count from zero on that must be there. */
    long count(String key) {
        if (leavesToClass(key)) {
            return classDefault(key);
        }
        return object.whole(named(key), 0, WeightTensor.LARGEST_DIMENSION);
    }

    /** A positive size whose absence means the family's default, which is said. */
    long size(String key, long otherwise, String why) {
        if (has(key) || leavesToClass(key)) {
            return size(key);
        }
        assumeAbsent(key, otherwise, why);
        return otherwise;
    }

    /** A positive size whose absence means what the architecture's configuration class takes, which is said. */
    long size(String key, long byDefault) {
        return size(key, byDefault, CLASS_DEFAULT);
    }

    /** A positive size; another follows from the rest where the key is absent or says "auto". */
    long sizeUnlessAuto(String key, long otherwise, String why) {
        return decimal(key).filter("auto"::equals).isPresent() ? otherwise : size(key, otherwise, why);
    }

    /** A count whose absence means the family's default, which is said. */
    long count(String key, long otherwise, String why) {
        if (has(key) || leavesToClass(key)) {
            return count(key);
        }
        assumeAbsent(key, otherwise, why);
        return otherwise;
    }

    /** A count whose absence means what the architecture's configuration class takes, which is said. */
    long count(String key, long byDefault) {
        return count(key, byDefault, CLASS_DEFAULT);
    }

    /** Says what is taken where a key is absent. */
    void assumeAbsent(String key, Object taken, String why) {
        assumptions.add(new Assumption(object.place(named(key)), "absent, taken as " + taken + " (" + why + ")"));
    }

    /** Says that what the architecture's configuration class takes is taken where a key is absent. */
    void assumeClassDefault(String key, Object taken) {
        assumeAbsent(key, taken, CLASS_DEFAULT);
    }

    /** A count that must be stated, be it as {@code null} for none. */
    long statedCount(String key) {
        if (!states(key)) {
            throw object.problem(named(key), "absent; expected a count, or null for none");
        }
        return has(key) ? count(key) : 0;
    }

    /** A count that most configs leave out, as the architecture was there before the key. */
    long rareCount(String key) {
        return has(key) ? count(key) : 0;
    }

    boolean flag(String key, boolean otherwise) {
        String name = named(key);
        if (overrides.containsKey(key)) {
            return overrides.get(key);
        }
        return object.flag(name, otherwise);
    }

    /** A flag that decides about parameters, whose absence is said. */
    boolean statedFlag(String key, boolean otherwise, String why) {
        if (!has(key) && !overrides.containsKey(key)) {
            assumeAbsent(key, otherwise, why);
        }
        return flag(key, otherwise);
    }

    /** A flag whose absence means what the architecture's configuration class takes, which is said. */
    boolean statedFlag(String key, boolean byDefault) {
        return statedFlag(key, byDefault, CLASS_DEFAULT);
    }

    boolean isText(String key) {
        read.add(key);
        return object.shown(key).startsWith("\"");
    }

    Optional<String> text(String key) {
        return object.text(named(key));
    }

    Optional<String> decimal(String key) {
        return object.decimal(named(key));
    }

    List<String> texts(String key) {
        return object.texts(named(key));
    }

    /** Whether a list stands under a key that may hold a single value instead. */
    boolean isList(String key) {
        return object.isList(named(key));
    }

    /** The values of a list as they stand, none where the key is absent. */
    List<?> items(String key) {
        return object.items(named(key));
    }

    List<Long> layerNumbers(String key) {
        return object.wholes(named(key), 0, 1 << 20);
    }

    /** One positive size for all layers, or a list with one for each. */
    IntToLongFunction layerSizes(String key) {
        read.add(key);
        if (!object.isList(key)) {
            long same = size(key);
            return layer -> same;
        }
        List<Long> sizes = object.wholes(key, 1, WeightTensor.LARGEST_DIMENSION);
        if (sizes.size() != size("num_hidden_layers")) {
            throw problem(key, "one size for all, or one for each of num_hidden_layers");
        }
        return sizes::get;
    }

    /** A list of lists of positive numbers. */
    List<List<Long>> rows(String key) {
        return object.rows(named(key), 1, 1 << 20);
    }

    Optional<JsonObject> object(String key) {
        return object.object(named(key));
    }

    /** An inner object, read in the same way: what it takes for granted and what it leaves unread count here too. */
    Optional<Config> nested(String key) {
        return object(key)
                .map(inner -> nested.computeIfAbsent(key, name -> new Config(inner, assumptions, Optional.of(this))));
    }

    /** A list of objects, whose keys the family checks itself. */
    List<JsonObject> blocks(String key) {
        return object.objects(named(key));
    }

    /** How many values stand under a key, which may hold one alone instead of a list. */
    int lengthOf(String key) {
        return object.lengthOf(named(key));
    }

    /** Keys that the family knows, whether they say something about sizes or not. */
    void known(Collection<String> keys) {
        read.addAll(keys);
    }

    MalformedFileException problem(String key, String expected) {
        return object.problem(named(key), object.shown(named(key)) + "; expected " + expected);
    }

    UnsupportedArchitectureException unsupported(String key, String why) {
        return new UnsupportedArchitectureException(
                file() + ": " + object.place(named(key)), object.shown(named(key)) + ": " + why);
    }

    /** Refuses all values of a key but one, as a message would show it; an absent key passes. */
    void refuseUnless(String key, String value) {
        if (has(key) && !states(key, value)) {
            throw unsupported(key, "known for this architecture is " + value);
        }
    }

    /** Refuses a key that changes the arithmetic in a way that the family does not know. */
    void refuseUnlessOff(String key, String why) {
        if (UnreadKeys.isLive(object, named(key))) {
            throw unsupported(key, why);
        }
    }

    /** To be called when the family has read all it knows. */
    void refuseUnreadSizes() {
        for (String key : object.keys()) {
            if (!read.contains(key)) {
                UnreadKeys.judged(object, key).ifPresent(assumptions::add);
            }
        }
        nested.values().forEach(Config::refuseUnreadSizes);
    }
}
