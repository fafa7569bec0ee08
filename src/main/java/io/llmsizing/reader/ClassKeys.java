package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one part of a model, read as its configuration class reads them: a key that is absent means the default of
 * the class, and that is said. Where the whole part is absent, that is said once.
 */
final class ClassKeys {
    private final ConfigClass known;
    private final Config outer;
    private final String place;
    private final Optional<Config> stated;
    private final Optional<JsonObject> whereAbsent;

    private ClassKeys(
            ConfigClass known, Config outer, String place, Optional<Config> stated, Optional<JsonObject> whereAbsent) {
        this.known = known;
        this.outer = outer;
        this.place = place;
        this.stated = stated;
        this.whereAbsent = whereAbsent;
    }

    /** The outermost keys. */
    static ClassKeys of(Config config, ConfigClass known) {
        config.known(known.names());
        return new ClassKeys(known, config, "model_type", Optional.of(config), Optional.empty());
    }

    String type() {
        return known.type();
    }

    /** The keys of an inner part, whose class may depend on its own {@code model_type}. */
    ClassKeys part(String key) {
        return part(key, "model_type");
    }

    /** The same where another key of the part names its class. */
    ClassKeys part(String key, String nameKey) {
        JsonObject part = known.part(key);
        Optional<Config> inner = stated.flatMap(config -> config.nested(key));
        String usual = part.requiredText("type");
        String type = part.flag("fixed", false)
                ? usual
                : inner.flatMap(config -> config.text(nameKey)).orElse(usual);
        ConfigClass innerClass = ConfigClass.of(type);
        inner.ifPresent(config -> config.known(innerClass.names()));
        if (inner.isEmpty()) {
            stated.ifPresent(config -> config.assumeAbsent(key, type, "the default of the configuration class"));
        }
        return new ClassKeys(innerClass, stated.orElse(outer), key, inner, part.object("absent"));
    }

    /** The width of the language model. */
    long textWidth() {
        return languageSize("text_config", "hidden_size");
    }

    /** A size of the language model, which has a config of its own; older ones state its keys at the top. */
    long languageSize(String part, String key) {
        Optional<Config> inner = stated.flatMap(config -> config.nested(part));
        if (inner.isPresent()) {
            return inner.get().size(key);
        }
        if (states(key)) {
            return size(key);
        }
        JsonObject absent = known.part(part)
                .object("absent")
                .orElseThrow(() -> outer.problem(part, "an object with the keys of the language model"));
        stated.ifPresent(config -> config.assumeClassDefault(part, key + " " + absent.shown(key)));
        return absent.whole(key, 1, 1L << 32);
    }

    /** Whether a part is there at all, for those classes that have none by default. */
    boolean hasPart(String key) {
        return stated.map(config -> config.has(key)).orElse(false);
    }

    /** Says that a part is there and not counted. */
    void leaveOut(String key, String why) {
        stated.filter(config -> config.has(key)).ifPresent(config -> config.assume(new Assumption(key, why)));
    }

    /** Whether something stands under a key that the class has no default for. */
    boolean states(String key) {
        return statedName(key).isPresent();
    }

    long size(String key) {
        return statedName(key)
                .map(name -> stated.orElseThrow().size(name))
                .orElseGet(() -> defaultsOf(key).whole(key, 1, 1L << 32));
    }

    long count(String key) {
        return statedName(key)
                .map(name -> stated.orElseThrow().count(name))
                .orElseGet(() -> defaultsOf(key).whole(key, 0, 1L << 32));
    }

    /** A number of which so many things are written down one by one. */
    int few(String key, int most) {
        long number = count(key);
        if (number > most) {
            throw unsupported(key, "more than " + most + " are not taken for real");
        }
        return (int) number;
    }

    boolean flag(String key) {
        return statedName(key)
                .map(name -> stated.orElseThrow().flag(name, false))
                .orElseGet(() -> defaultsOf(key).flag(key, false));
    }

    /** A size times a decimal, as the classes multiply it: in binary floating point, cut to a whole number. */
    long scaled(long size, String key) {
        return (long) (size * Double.parseDouble(digits(key)));
    }

    Ratio ratio(String key) {
        return Ratio.parse(digits(key));
    }

    private String digits(String key) {
        return statedName(key)
                .flatMap(name -> stated.orElseThrow().decimal(name))
                .orElseGet(() -> defaultsOf(key).decimal(key).orElseThrow());
    }

    String text(String key) {
        return statedName(key)
                .flatMap(name -> stated.orElseThrow().text(name))
                .orElseGet(() -> defaultsOf(key).requiredText(key));
    }

    List<Long> wholes(String key) {
        return statedName(key)
                .map(name -> stated.orElseThrow().layerNumbers(name))
                .orElseGet(() -> defaultsOf(key).wholes(key, 0, 1 << 20));
    }

    /** How many values stand under a key: 1 for one alone. */
    int lengthOf(String key) {
        return statedName(key)
                .map(name -> stated.orElseThrow().lengthOf(name))
                .orElseGet(() -> defaultsOf(key).lengthOf(key));
    }

    /** A number in a list. */
    long whole(String key, int index) {
        List<Long> numbers = wholes(key);
        if (numbers.size() <= index) {
            throw unsupported(key, "expected " + (index + 1) + " numbers or more");
        }
        return numbers.get(index);
    }

    /** A number in a list of lists. */
    long whole(String key, int row, int column) {
        List<List<Long>> rows = statedName(key)
                .map(name -> stated.orElseThrow().rows(name))
                .orElseGet(() -> defaultsOf(key).rows(key, 1, 1 << 20));
        if (rows.size() <= row || rows.get(row).size() <= column) {
            throw unsupported(key, "expected " + (row + 1) + " lists or more of " + (column + 1) + " numbers");
        }
        return rows.get(row).get(column);
    }

    /** Height and width, which a config states as a list or, where they are equal, as one number. */
    private List<Long> sides(String key) {
        List<Long> sides = lengthOf(key) > 1 ? wholes(key) : List.of(size(key), size(key));
        if (sides.size() != 2 || sides.contains(0L)) {
            throw unsupported(key, "expected a size, or a height and a width");
        }
        return sides;
    }

    /** Height times width. */
    long area(String key) {
        List<Long> sides = sides(key);
        return Math.multiplyExact(sides.get(0), sides.get(1));
    }

    /** How many patches lie in an image, those at the edges cut off. */
    long patches(String image, String patch) {
        List<Long> whole = sides(image);
        List<Long> piece = sides(patch);
        return Math.multiplyExact(whole.get(0) / piece.get(0), whole.get(1) / piece.get(1));
    }

    UnsupportedArchitectureException unsupported(String key, String why) {
        return stated.map(config -> config.unsupported(key, why)).orElseGet(() -> outer.unsupported(place, why));
    }

    private Optional<String> statedName(String key) {
        return stated.flatMap(
                config -> known.namesOf(key).stream().filter(config::has).findFirst());
    }

    private JsonObject defaultsOf(String key) {
        JsonObject defaults = whereAbsent
                .filter(absent -> stated.isEmpty() && absent.has(key))
                .orElse(known.defaults());
        if (!defaults.has(key)) {
            throw stated.map(config -> config.problem(key, "a value, as its configuration class has no default"))
                    .orElseGet(() -> outer.problem(place, "an object"));
        }
        stated.ifPresent(config -> config.assumeClassDefault(key, defaults.shown(key)));
        return defaults;
    }
}
