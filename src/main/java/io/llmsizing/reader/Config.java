package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.tensor.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A config.json as a family reads it. It remembers which keys were read, so that one that nobody understood can't slip
 * by, and what was taken where a key was absent.
 */
final class Config {
    /** Keys that say nothing about sizes, from {@code keys-without-size.txt}. */
    private static final Set<String> WITHOUT_SIZE = keysWithoutSize();

    /** Parts of keys that speak of sizes: a key with one of them that was not read is refused, not passed over. */
    private static final List<String> SIZE_WORDS = List.of(
            "sliding",
            "window",
            "share",
            "expert",
            "latent",
            "compress",
            "index",
            "mtp",
            "nextn",
            "lora_rank",
            "head",
            "layer",
            "size",
            "dim",
            "width",
            "rank",
            "bias",
            "norm",
            "moe",
            "sink",
            "chunk",
            "conv",
            "state",
            "vocab",
            "embed",
            "kv",
            "gate",
            "mlp",
            "ffn",
            "block",
            "quant",
            "sparse",
            "linear",
            "ssm",
            "mamba",
            "loop",
            "tie");

    private final JsonObject object;
    private final Set<String> read = new HashSet<>();
    private final Set<Assumption> assumptions = new LinkedHashSet<>();

    private static Set<String> keysWithoutSize() {
        try (InputStream bytes = Objects.requireNonNull(Config.class.getResourceAsStream("keys-without-size.txt"))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Config(JsonObject object) {
        this.object = object;
    }

    String file() {
        return object.file();
    }

    /** What was taken for granted so far, each once. */
    List<Assumption> assumptions() {
        return List.copyOf(assumptions);
    }

    void assume(Assumption taken) {
        assumptions.add(taken);
    }

    boolean has(String key) {
        read.add(key);
        return object.has(key);
    }

    /** Whether the key stands there, be it with {@code null}. */
    boolean states(String key) {
        read.add(key);
        return object.keys().contains(key);
    }

    /** A positive size that must be there. */
    long size(String key) {
        read.add(key);
        return object.whole(key, 1, WeightTensor.LARGEST_DIMENSION);
    }

    /** A count from zero on that must be there. */
    long count(String key) {
        read.add(key);
        return object.whole(key, 0, WeightTensor.LARGEST_DIMENSION);
    }

    /** A positive size whose absence means the family's default, which is said. */
    long size(String key, long otherwise, String why) {
        if (has(key)) {
            return size(key);
        }
        assumeAbsent(key, otherwise, why);
        return otherwise;
    }

    /** A count whose absence means the family's default, which is said. */
    long count(String key, long otherwise, String why) {
        if (has(key)) {
            return count(key);
        }
        assumeAbsent(key, otherwise, why);
        return otherwise;
    }

    private void assumeAbsent(String key, Object taken, String why) {
        assumptions.add(new Assumption(key, "absent, taken as " + taken + " (" + why + ")"));
    }

    /** A count that must be stated, be it as {@code null} for none. */
    long statedCount(String key) {
        if (!states(key)) {
            throw object.problem(key, "absent; expected a count, or null for none");
        }
        return has(key) ? count(key) : 0;
    }

    /** A count that most configs leave out, as the architecture was there before the key. */
    long rareCount(String key) {
        return has(key) ? count(key) : 0;
    }

    boolean flag(String key, boolean otherwise) {
        read.add(key);
        return object.flag(key, otherwise);
    }

    /** A flag that decides about parameters, whose absence is said. */
    boolean statedFlag(String key, boolean otherwise, String why) {
        if (!has(key)) {
            assumeAbsent(key, otherwise, why);
        }
        return flag(key, otherwise);
    }

    Optional<String> text(String key) {
        read.add(key);
        return object.text(key);
    }

    Optional<String> decimal(String key) {
        read.add(key);
        return object.decimal(key);
    }

    List<String> texts(String key) {
        read.add(key);
        return object.texts(key);
    }

    List<Long> layerNumbers(String key) {
        read.add(key);
        return object.wholes(key, 0, 1 << 20);
    }

    Optional<JsonObject> object(String key) {
        read.add(key);
        return object.object(key);
    }

    MalformedFileException problem(String key, String expected) {
        return object.problem(key, object.shown(key) + "; expected " + expected);
    }

    UnsupportedArchitectureException unsupported(String key, String why) {
        return new UnsupportedArchitectureException(file() + ": " + key, object.shown(key) + ": " + why);
    }

    /** Refuses a key that changes the arithmetic in a way that the family does not know. */
    void refuseUnlessOff(String key, String why) {
        if (isLive(key)) {
            throw unsupported(key, why);
        }
        read.add(key);
    }

    private boolean isLive(String key) {
        String shown = object.shown(key);
        return object.has(key) && !Set.of("false", "0", "0.0", "a list of 0").contains(shown);
    }

    /** To be called when the family has read all it knows. */
    void refuseUnreadSizes() {
        for (String key : object.keys()) {
            if (read.contains(key) || WITHOUT_SIZE.contains(key) || !isLive(key)) {
                continue;
            }
            String lower = key.toLowerCase(Locale.ROOT);
            if (SIZE_WORDS.stream().anyMatch(lower::contains)) {
                throw unsupported(
                        key,
                        "not understood for this architecture and may change sizes; remove the key if it does not");
            }
            assumptions.add(new Assumption(key, "not known, taken to say nothing about sizes"));
        }
    }
}
