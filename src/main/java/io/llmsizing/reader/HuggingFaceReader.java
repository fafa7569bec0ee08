package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.ModelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the {@code config.json} of a Hugging Face repository. An architecture that is not known, or a key that may change
 * sizes and is not understood, is refused with its name; nothing is guessed in silence.
 */
public final class HuggingFaceReader {
    private static final Map<String, Family> FAMILIES =
            families(List.of(new LlamaFamily(), new DeepSeekFamily(), new GptFamily(), new FalconFamily()));

    private HuggingFaceReader() {}

    private static Map<String, Family> families(List<Family> families) {
        Map<String, Family> byType = new LinkedHashMap<>();
        families.forEach(family -> family.modelTypes().forEach(type -> byType.put(type, family)));
        return byType;
    }

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

    private static ModelReading read(JsonObject object, String name, Optional<JsonObject> quantization) {
        Config config = new Config(object);
        String type = config.text("model_type")
                .orElseThrow(() -> new UnsupportedArchitectureException(
                        config.file() + ": model_type", "absent; known: " + new TreeSet<>(FAMILIES.keySet())));
        Family family = Optional.ofNullable(FAMILIES.get(type))
                .orElseThrow(() ->
                        config.unsupported("model_type", "not known; known: " + new TreeSet<>(FAMILIES.keySet())));
        for (String architecture : config.texts("architectures")) {
            if (!architecture.endsWith("ForCausalLM") && !architecture.endsWith("LMHeadModel")) {
                throw new UnsupportedArchitectureException(
                        config.file() + ": architectures", architecture + ": only causal language models are known");
            }
        }
        try {
            ModelBuilder model = family.read(config, name).weights(QuantizationReader.read(config, quantization));
            config.text("_source").ifPresent(model::source);
            config.refuseUnreadSizes();
            List<Assumption> assumptions = config.assumptions();
            return new ModelReading(model.assumptions(assumptions).build(), assumptions);
        } catch (MalformedFileException | UnsupportedArchitectureException placed) {
            throw placed;
        } catch (IllegalArgumentException | ArithmeticException outOfRange) {
            throw new MalformedFileException(config.file(), type, String.valueOf(outOfRange.getMessage()));
        }
    }
}
