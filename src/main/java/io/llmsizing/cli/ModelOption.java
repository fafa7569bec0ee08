package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.document.JsonObject;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.hub.HubException;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.reader.HuggingFaceReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A model as users name it, and how its weights shall be stored. */
final class ModelOption {
    private static final List<String> KEYS = List.of("model", "config", "safetensors", "gguf");

    private @Nullable String model;
    private @Nullable String config;
    private @Nullable String checkpoint;
    private @Nullable PrintWriter hubProgress;

    @Option(
            names = "--weights",
            paramLabel = "FORMAT",
            description =
                    "How weights are stored: bf16, fp8, int8, int4, awq, gptq, gguf:Q4_K_M ... Default: as the checkpoint says.")
    private @Nullable String weights;

    /**
     * The model as it stands on the command line: a name, or the path of a config.json or of a checkpoint. What the
     * catalogue lacks is looked for on a Hub.
     *
     * @param err where it is said if that takes long
     */
    void named(String modelOrFile, PrintWriter err) {
        hubProgress = err;
        Path path = Path.of(modelOrFile);
        if (LocalCheckpoint.isOne(modelOrFile)) {
            checkpoint = modelOrFile;
        } else if (modelOrFile.endsWith(".json") || Files.isRegularFile(path)) {
            config = modelOrFile;
        } else {
            model = modelOrFile;
        }
    }

    /** The keys of a JSON line, of which one names the model. */
    static ModelOption of(JsonObject line) {
        List<String> given =
                KEYS.stream().filter(key -> line.text(key).isPresent()).toList();
        if (given.size() != 1) {
            throw new IllegalArgumentException(
                    given.isEmpty()
                            ? "no model: give 'model' (a catalogue id), 'config', 'safetensors' or 'gguf' (a path)"
                            : "the model is given by '" + String.join("' and '", given) + "'; leave all but one out");
        }
        ModelOption option = new ModelOption();
        option.model = line.text("model").orElse(null);
        option.config = line.text("config").orElse(null);
        option.checkpoint = line.text("safetensors").or(() -> line.text("gguf")).orElse(null);
        option.weights = line.text("weights").orElse(null);
        return option;
    }

    /** The model, in the mix of llama.cpp if one is asked for. */
    Model model(Catalog catalog) throws IOException {
        return mixed(published(catalog));
    }

    /** A model in the mix of llama.cpp if one is asked for. */
    Model mixed(Model wanted) {
        return weights != null && GgufMix.isMeantBy(weights)
                ? GgufMix.named(weights).applyTo(wanted)
                : wanted;
    }

    private Model published(Catalog catalog) throws IOException {
        if (checkpoint != null) {
            return stored(LocalCheckpoint.read(checkpoint));
        }
        return config != null
                ? HuggingFaceReader.read(Path.of(config)).model()
                : known(Objects.requireNonNull(model), catalog);
    }

    private Model known(String name, Catalog catalog) throws IOException {
        try {
            return catalog.model(name);
        } catch (UnknownNameException unknown) {
            if (hubProgress == null) {
                throw unknown;
            }
            if (!HubModels.mayHold(name)) {
                throw name.contains("/")
                        ? new IllegalArgumentException(
                                unknown.getMessage() + "; and no file or folder is there", unknown)
                        : unknown;
            }
            try {
                return stored(HubModels.read(name, hubProgress));
            } catch (HubException notThere) {
                throw new IllegalArgumentException(
                        unknown.getMessage() + "; and on the Hub: " + notThere.getMessage(), notThere);
            }
        }
    }

    /** The checkpoint's own bytes, or its shape alone where they shall be stored otherwise. */
    private Model stored(Checkpoint read) {
        return weights == null ? read.reading().model() : read.described();
    }

    /** The weights as if they had been asked for by this option. */
    void storedAs(String format) {
        weights = format;
    }

    boolean saysHowStored() {
        return weights != null;
    }

    WeightScheme scheme(Model wanted) {
        return weights == null || GgufMix.isMeantBy(weights) ? wanted.weights() : wanted.weightsNamed(weights);
    }
}
