package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.engine.GgufMix;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.reader.HuggingFaceReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A model as users name it, and how its weights shall be stored. */
final class ModelOption {
    private @Nullable String model;
    private @Nullable String config;

    @Option(
            names = "--weights",
            paramLabel = "FORMAT",
            description =
                    "How weights are stored: bf16, fp8, int8, int4, awq, gptq, gguf:Q4_K_M ... Default: as the checkpoint says.")
    private @Nullable String weights;

    /** The model as it stands on the command line: a name, or the path of a config.json. */
    void named(String modelOrFile) {
        if (modelOrFile.endsWith(".json") || Files.isRegularFile(Path.of(modelOrFile))) {
            config = modelOrFile;
        } else {
            model = modelOrFile;
        }
    }

    /** The keys of a JSON line. */
    static ModelOption of(JsonObject line) {
        ModelOption option = new ModelOption();
        option.model = line.text("model").orElse(null);
        option.config = line.text("config").orElse(null);
        option.weights = line.text("weights").orElse(null);
        return option;
    }

    /** The model, in the mix of llama.cpp if one is asked for. */
    Model model(Catalog catalog) {
        Model wanted = published(catalog);
        return weights != null && GgufMix.isMeantBy(weights)
                ? GgufMix.named(weights).applyTo(wanted)
                : wanted;
    }

    private Model published(Catalog catalog) {
        if (config != null && model != null) {
            throw new IllegalArgumentException("both 'model' and 'config' are given; leave one of them out");
        }
        if (config != null) {
            return HuggingFaceReader.read(Path.of(config)).model();
        }
        if (model == null) {
            throw new IllegalArgumentException("no model: give 'model' (a catalogue id) or 'config' (a path)");
        }
        return catalog.model(model);
    }

    boolean saysHowStored() {
        return weights != null;
    }

    /** A bare {@code fp8} means the checkpoint's own FP8 where it has one. */
    WeightScheme scheme(Model wanted) {
        if (weights == null
                || GgufMix.isMeantBy(weights)
                || (weights.equalsIgnoreCase("fp8") && wanted.weights().name().startsWith("fp8"))) {
            return wanted.weights();
        }
        return WeightSchemes.named(weights);
    }
}
