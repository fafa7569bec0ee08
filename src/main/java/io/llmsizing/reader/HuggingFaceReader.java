package io.llmsizing.reader;

import com.google.common.base.Strings;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.ModelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the {@code config.json} of a Hugging Face repository. An architecture that is not known, or a key that may change
 * sizes and is not understood, is refused with its name; nothing is guessed in silence.
 */
public final class HuggingFaceReader {
    private static final int MOST_SUGGESTIONS = 4;

    private HuggingFaceReader() {}

    /**
     * Reads a file, and the {@code hf_quant_config.json} beside it if there is one.
     *
     * @param file a config.json
     * @return the model and what was taken for granted
     * @throws MalformedFileException naming file, key, value and what was expected
     * @throws UnsupportedArchitectureException if the architecture or a key is not known
     */
    public static ModelReading read(Path file) {
        Path beside = file.resolveSibling("hf_quant_config.json");
        Optional<JsonObject> quantization = Files.isRegularFile(beside)
                ? Optional.of(JsonReader.read(beside).requiredObject("quantization"))
                : Optional.empty();
        return read(JsonReader.read(file), nameOf(file), quantization);
    }

    /** The file's own name, or that of its folder where every model's file has the same. */
    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        Path folder = file.toAbsolutePath().getParent();
        if (name.equals("config.json") && folder != null && folder.getFileName() != null) {
            return folder.getFileName().toString();
        }
        return name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
    }

    /**
     * Reads a text.
     *
     * @param json the content of a config.json
     * @param name the model's name, where the config has none
     * @return the model and what was taken for granted
     * @throws MalformedFileException naming key, value and what was expected
     * @throws UnsupportedArchitectureException if the architecture or a key is not known
     */
    public static ModelReading read(String json, String name) {
        return read(JsonReader.read(json, "config.json"), name, Optional.empty());
    }

    /**
     * Reads a config that is parsed already.
     *
     * @param object the content of a config.json
     * @param name the model's name, where the config has none
     * @param quantization what the {@code hf_quant_config.json} beside it has under {@code quantization}
     * @return the model and what was taken for granted
     * @throws MalformedFileException naming file, key, value and what was expected
     * @throws UnsupportedArchitectureException if the architecture or a key is not known
     */
    public static ModelReading read(JsonObject object, String name, Optional<JsonObject> quantization) {
        Config config = new Config(object);
        try {
            ModelBuilder model = model(config, name);
            VisionTowers.read(config).ifPresent(model::visionTower);
            ModuleFormats formats = QuantizationReader.read(quantizing(config), quantization);
            StoredWeights.bind(model, formats);
            config.text("_source").ifPresent(model::source);
            config.refuseUnreadSizes();
            List<Assumption> assumptions = config.assumptions();
            return new ModelReading(model.assumptions(assumptions).build(), assumptions);
        } catch (MalformedFileException | UnsupportedArchitectureException placed) {
            throw placed;
        } catch (IllegalArgumentException | ArithmeticException outOfRange) {
            throw new MalformedFileException(config.file(), config.type(), String.valueOf(outOfRange.getMessage()));
        }
    }

    /** Heads that draft from the states of a target share its embedding and are no models by themselves. */
    private static void refuseEagle(Config config) {
        config.texts("architectures").stream()
                .filter(architecture -> architecture.contains("Eagle"))
                .findFirst()
                .ifPresent(architecture -> {
                    throw config.unsupported(
                            "architectures",
                            architecture + ": Eagle heads are not read yet; a draft (--draft) is a whole model");
                });
    }

    private static ModelBuilder model(Config config, String name) {
        refuseEagle(config);
        String type = config.has("model_type") ? config.type() : onlyKnownByItsClass(config);
        Optional<TypeTable> line = TypeTable.of(type);
        if (line.isPresent() && !line.get().inside().isEmpty()) {
            return withTowers(config, line.get(), name);
        }
        return read(config.readAs(line.map(TypeTable::readAs).orElse(type)), config, name);
    }

    /** A few configs name nothing but the class that reads them. */
    private static String onlyKnownByItsClass(Config config) {
        return config.texts("architectures").stream()
                .filter(architecture -> TypeTable.of(architecture).isPresent())
                .findFirst()
                .orElseThrow(() -> new UnsupportedArchitectureException(
                        config.file() + ": model_type",
                        "absent; expected one of " + knownTypes().size() + " known types, such as llama"));
    }

    private static ModelBuilder read(Config text, Config outer, String name) {
        Family family = family(text);
        TypeKeys.read(text);
        TypeKeys.read(outer);
        ModelBuilder model = family.read(text, name);
        text.texts("architectures");
        outer.texts("architectures").forEach(architecture -> family.readHead(outer, architecture, model));
        return model;
    }

    /** The language model of a config that joins it with towers. */
    private static ModelBuilder withTowers(Config config, TypeTable line, String name) {
        Config text = languageConfig(config, line);
        return read(text, config, name);
    }

    private static Config languageConfig(Config config, TypeTable line) {
        Config text = config;
        for (String key : line.inside().split("\\.", -1)) {
            Optional<Config> inner = text.nested(key);
            if (inner.isEmpty()) {
                return config.readAs(line.readAs());
            }
            text = inner.get();
        }
        if (config.has("tie_word_embeddings")) {
            text.overrideFlag("tie_word_embeddings", config.flag("tie_word_embeddings", false));
        }
        String stated = text.text("model_type").filter(type -> !type.isEmpty()).orElse(line.readAs());
        String type = TypeTable.of(stated).map(TypeTable::readAs).orElse(stated);
        text.leaveToClass(TextDefaults.of(type));
        return text.readAs(type);
    }

    /** Where the config says how weights are stored: at the top, or beside the language model. */
    private static Config quantizing(Config config) {
        Optional<TypeTable> line = TypeTable.of(config.text("model_type").orElse(""));
        Config stating = config;
        String path = line.map(TypeTable::inside).orElse("");
        for (String key : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
            Optional<Config> inner = stating.has("quantization_config") ? Optional.empty() : stating.nested(key);
            boolean decides = inner.isPresent()
                    && (inner.get().has("quantization_config")
                            || inner.get().has("text_config")
                            || (!stating.has("torch_dtype") && !stating.has("dtype")));
            stating = decides ? inner.get() : stating;
        }
        return stating;
    }

    private static Family family(Config config) {
        return Families.of(config.type())
                .orElseThrow(() -> config.unsupported(
                        "model_type",
                        (config.has("model_type") ? "" : "read as " + config.type() + ", ") + "not known; of "
                                + knownTypes().size() + " known types the nearest are " + nearest(config.type())));
    }

    /** Types of one lineage begin alike. */
    private static String nearest(String type) {
        return knownTypes().stream()
                .sorted(Comparator.comparingInt((String known) ->
                                -Strings.commonPrefix(known, type).length())
                        .thenComparingInt(String::length))
                .limit(MOST_SUGGESTIONS)
                .collect(Collectors.joining(", "));
    }

    private static SortedSet<String> knownTypes() {
        SortedSet<String> known = new TreeSet<>(Families.types());
        for (String type : TypeTable.types()) {
            TypeTable line = TypeTable.of(type).orElseThrow();
            if (Families.of(line.readAs()).isPresent() || !line.inside().isEmpty()) {
                known.add(type);
            }
        }
        return known;
    }
}
