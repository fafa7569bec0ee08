package io.llmsizing.checkpoint;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.llmsizing.checkpoint.GgufExpression.Missing;
import io.llmsizing.checkpoint.GgufExpression.Nothing;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.reader.HuggingFaceReader;
import io.llmsizing.reader.ModelReading;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a GGUF file written as the {@code config.json} of the model that it was made from, so that one set of rules
 * counts parameters and caches. What GGUF does not state is taken from the tensors that are there: a head of its own,
 * biases, norms of queries and keys, the vocabulary. Which architecture becomes which type, and which key follows from
 * what, stands in {@code gguf-architectures.csv} and {@code gguf-keys.csv}.
 *
 * <p>A key of the architecture that was not asked for is refused where another architecture takes a size from it, passed
 * over where it is known to say nothing about sizes, and otherwise listed as an assumption.
 */
public final class GgufConfig {
    private static final String VALUE_LENGTH = "attention.value_length";
    private static final Set<String> WITHOUT_SIZE =
            Set.copyOf(Bundled.lines(GgufConfig.class, "gguf-keys-without-size.txt"));
    private static final Set<String> OFF = Set.of("0", "false", "[]");

    private final GgufFile file;
    private final String modelType;
    private final Map<String, @Nullable Object> config;
    private final List<Assumption> assumptions;

    private GgufConfig(
            GgufFile file, String modelType, Map<String, @Nullable Object> config, List<Assumption> assumptions) {
        this.file = file;
        this.modelType = modelType;
        this.config = Collections.unmodifiableMap(config);
        this.assumptions = ImmutableList.copyOf(assumptions);
    }

    /**
     * Every architecture that is read.
     *
     * @return the names of {@code general.architecture}, in the table's order
     */
    public static Set<String> architectureNames() {
        return GgufArchitectures.names();
    }

    /**
     * Translates what a file says.
     *
     * @param file a whole file
     * @return the config
     * @throws MalformedFileException naming file, key, value and what was expected
     * @throws UnsupportedArchitectureException if the architecture or a key is not known
     */
    public static GgufConfig of(GgufFile file) {
        GgufMetadata metadata = file.metadata();
        refuseOtherKinds(metadata);
        GgufSizes sizes = new GgufSizes(file);
        try {
            String modelType = GgufArchitectures.modelType(metadata, sizes);
            Map<String, @Nullable Object> config = new LinkedHashMap<>();
            config.put("model_type", modelType);
            Set<Assumption> assumptions = new LinkedHashSet<>();
            for (GgufArchitectures.Rule rule : GgufArchitectures.rulesOf(modelType)) {
                if (rule.value() == null) {
                    List<String> suffixes = Splitter.on(' ').splitToList(rule.text());
                    sizes.asked().addAll(suffixes);
                    if (rule.isAboutWhatIsNotCounted()) {
                        suffixes.forEach(suffix -> assumptions.addAll(uncounted(metadata, suffix)));
                    }
                } else {
                    put(
                            config,
                            rule.key(),
                            value(metadata, rule.key(), rule.value().value(sizes)));
                }
            }
            assumptions.addAll(judged(metadata, sizes.asked()));
            return new GgufConfig(file, modelType, config, List.copyOf(assumptions));
        } catch (MalformedFileException | UnsupportedArchitectureException placed) {
            throw placed;
        } catch (IllegalArgumentException | ArithmeticException outOfRange) {
            throw new MalformedFileException(
                    metadata.file(), metadata.architecture(), String.valueOf(outOfRange.getMessage()));
        }
    }

    private static void refuseOtherKinds(GgufMetadata metadata) {
        String kind = metadata.text("general.type").orElse("model");
        if (!kind.equals("model") || metadata.architecture().equals("clip")) {
            throw new UnsupportedArchitectureException(
                    metadata.file() + ": general.type",
                    kind + " of " + metadata.architecture() + "; expected a language model, which stands in a file of"
                            + " its own");
        }
    }

    private static Object value(GgufMetadata metadata, String key, Object value) {
        if (value instanceof Missing missing) {
            throw new MalformedFileException(
                    metadata.file(), missing.key(), "absent; " + key + " of this architecture follows from it");
        }
        return value;
    }

    /** Puts a value under a key, which may lead into an object. */
    private static void put(Map<String, @Nullable Object> config, String key, Object value) {
        int dot = key.indexOf('.');
        if (value == Nothing.NONE) {
            return;
        }
        if (dot < 0) {
            config.put(key, value == Nothing.NULL ? null : value);
            return;
        }
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        if (config.get(key.substring(0, dot)) instanceof Map<?, ?> before) {
            before.forEach((name, held) -> inner.put(String.valueOf(name), held));
        }
        put(inner, key.substring(dot + 1), value);
        config.put(key.substring(0, dot), inner);
    }

    /** Something that the file has and that the model of its architecture does not count. */
    private static List<Assumption> uncounted(GgufMetadata metadata, String suffix) {
        String key = metadata.keyOf(suffix);
        return metadata.has(key) && !OFF.contains(metadata.shown(key))
                ? List.of(new Assumption(key, metadata.shown(key) + ", which is not counted for this architecture"))
                : List.of();
    }

    private static List<Assumption> judged(GgufMetadata metadata, Set<String> asked) {
        String front = metadata.keyOf("");
        Set<Assumption> assumptions = new LinkedHashSet<>();
        for (String key : metadata.keys()) {
            String suffix = key.startsWith(front) ? key.substring(front.length()) : "";
            boolean live = !suffix.isEmpty() && !OFF.contains(metadata.shown(key));
            if (!live || asked.contains(suffix) || WITHOUT_SIZE.contains(suffix)) {
                continue;
            }
            if (suffix.equals(VALUE_LENGTH)) {
                refuseOtherValues(metadata, key);
            } else if (GgufArchitectures.takesSizeFrom(suffix)) {
                throw new UnsupportedArchitectureException(
                        metadata.file() + ": " + key,
                        metadata.shown(key) + ": not understood for this architecture and changes sizes in others");
            } else {
                assumptions.add(new Assumption(key, metadata.shown(key) + " is not known, taken to change no size"));
            }
        }
        return new ArrayList<>(assumptions);
    }

    private static void refuseOtherValues(GgufMetadata metadata, String key) {
        String keys = metadata.keyOf("attention.key_length");
        if (!metadata.has(keys) || !metadata.shown(keys).equals(metadata.shown(key))) {
            throw new UnsupportedArchitectureException(
                    metadata.file() + ": " + key,
                    metadata.shown(key) + ": values as wide as keys are known for this architecture");
        }
    }

    /**
     * The type of the config.
     *
     * @return the {@code model_type}, such as {@code mixtral} for the architecture llama with experts
     */
    public String modelType() {
        return modelType;
    }

    /**
     * What was taken for granted about keys.
     *
     * @return keys of the architecture that are not known, in the file's order
     */
    public List<Assumption> assumptions() {
        return assumptions;
    }

    /**
     * The config.
     *
     * @return indented JSON
     */
    public String json() {
        return JsonWriter.indented(config);
    }

    /**
     * Reads the config as that of a published model.
     *
     * @param name the model's name
     * @return the model and what was taken for granted, here and there
     * @throws MalformedFileException naming key, value and what was expected
     * @throws UnsupportedArchitectureException if a key is not known
     */
    public ModelReading read(String name) {
        ModelReading reading = reading(name);
        List<Assumption> all = Stream.concat(assumptions.stream(), reading.assumptions().stream())
                .distinct()
                .toList();
        return new ModelReading(
                reading.model().toBuilder()
                        .assumptions(all)
                        .source("the metadata of " + file.name())
                        .build(),
                all);
    }

    /** Errors about the config are about this file. */
    private ModelReading reading(String name) {
        try {
            return HuggingFaceReader.read(json(), name);
        } catch (MalformedFileException malformed) {
            throw new MalformedFileException(file.name(), modelType, String.valueOf(malformed.getMessage()));
        } catch (UnsupportedArchitectureException unsupported) {
            throw new UnsupportedArchitectureException(
                    file.name() + ": " + modelType, String.valueOf(unsupported.getMessage()));
        }
    }
}
