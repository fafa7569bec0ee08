package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.tensor.TensorRole;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The method {@code modelopt}: one algorithm for all linear layers but those excluded, or one for each module listed. Its
 * {@code config_groups} say the same again.
 */
final class ModelOpt {
    private static final Set<String> LAYER_KEYS =
            Set.of("quant_algo", "group_size", "awq_block_size", "has_zero_point", "pre_quant_scale");

    private ModelOpt() {}

    static ModuleFormats read(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated,
                "quant_algo",
                "group_size",
                "config_groups",
                "quantized_layers",
                "moe_quant_algo",
                "has_zero_point",
                "pre_quant_scale");
        QuantizationReader.keepListed(formats, stated);
        String algorithm = stated.text("quant_algo")
                .orElseThrow(() -> stated.problem("quant_algo", "absent; expected an algorithm such as NVFP4"));
        if (algorithm.equalsIgnoreCase("MIXED_PRECISION")) {
            return statedLayers(stated, formats);
        }
        if (stated.has("quantized_layers")) {
            throw stated.problem(
                    "quantized_layers", "stands beside quant_algo \"" + algorithm + "\"; expected MIXED_PRECISION");
        }
        formats.linear(format(stated, "quant_algo", stated));
        if (stated.has("moe_quant_algo")) {
            formats.role(TensorRole.EXPERT, format(stated, "moe_quant_algo", stated));
        }
        return formats;
    }

    /** The modules listed one by one. */
    static ModuleFormats statedLayers(JsonObject stated, ModuleFormats formats) {
        JsonObject layers = stated.requiredObject("quantized_layers");
        Map<String, BlockFormat> known = new HashMap<>();
        for (String module : layers.keys()) {
            JsonObject layer = layers.requiredObject(module);
            layer.refuseOtherKeysThan(LAYER_KEYS);
            BlockFormat format = known.computeIfAbsent(
                    layer.shown("quant_algo") + layer.shown("group_size") + layer.shown("pre_quant_scale"),
                    same -> format(layer, "quant_algo", layer));
            formats.state(module, format, stated, "quantized_layers");
        }
        return formats;
    }

    /** The format of an algorithm; the group size is part of it and must be the usual one. */
    static BlockFormat format(JsonObject stated, String key, JsonObject numbers) {
        String algorithm = stated.requiredText(key).toUpperCase(Locale.ROOT);
        BlockFormat format = algorithm(algorithm)
                .orElseThrow(() -> new UnsupportedArchitectureException(
                        stated.file() + ": " + stated.place(key), "\"" + algorithm + "\" is not known"));
        long usual = format.name().startsWith("nvfp4") ? 16 : format.name().startsWith("mx") ? 32 : 0;
        long group = numbers.whole("group_size", 0, 1 << 20, usual);
        if (usual > 0 && group != usual) {
            throw numbers.problem("group_size", group + "; expected " + usual + " for " + algorithm);
        }
        if (numbers.flag("pre_quant_scale", false)) {
            throw numbers.problem("pre_quant_scale", "true: scales in front of the quantisation are not known here");
        }
        return format;
    }

    private static Optional<BlockFormat> algorithm(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "FP8" -> Formats.withInputScale(Formats.FP8_TENSOR);
                    case "FP8_PER_CHANNEL_PER_TOKEN" -> Formats.FP8_CHANNEL;
                    case "FP8_PB_WO", "FP8_PB_REAL" -> Formats.FP8_BLOCK_128;
                    case "NVFP4", "W4A8_NVFP4_FP8" -> Formats.NVFP4;
                    case "W4A16_NVFP4" -> Formats.NVFP4_WEIGHT_ONLY;
                    case "MXFP8" -> Formats.MXFP8;
                    case "MXFP4", "W4A16_MXFP4", "W4A8_MXFP4_MXFP8" -> Formats.MXFP4;
                    case "W4A8_MXFP4_FP8" -> Formats.withInputScale(Formats.MXFP4);
                    case "W8A16" -> Formats.INT8_CHANNEL;
                    case "W8A8_SQ_PER_CHANNEL" -> Formats.withInputScale(Formats.INT8_CHANNEL);
                    default -> null;
                });
    }
}
