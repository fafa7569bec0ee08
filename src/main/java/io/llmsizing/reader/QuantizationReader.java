package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a checkpoint stores its weights, from the config's type and {@code quantization_config}. */
final class QuantizationReader {
    /** Last parts of the names of modules that every scheme here leaves alone anyway. */
    private static final Set<String> ALWAYS_KEPT = Set.of(
            "lm_head",
            "embed_tokens",
            "norm",
            "input_layernorm",
            "post_attention_layernorm",
            "q_norm",
            "k_norm",
            "gate");

    private QuantizationReader() {}

    static WeightScheme read(Config config) {
        Optional<JsonObject> quantization = config.object("quantization_config");
        if (quantization.isEmpty()) {
            return plain(config);
        }
        JsonObject stated = quantization.get();
        String method = stated.requiredText("quant_method");
        for (String list : List.of("modules_to_not_convert", "ignore", "ignored_layers")) {
            for (String module : stated.texts(list)) {
                if (!ALWAYS_KEPT.contains(module.substring(module.lastIndexOf('.') + 1))) {
                    throw stated.problem(list, "\"" + module + "\": exceptions by module are not known here yet");
                }
            }
        }
        return switch (method) {
            case "fp8" -> fp8(stated);
            case "awq" -> named("awq-g", stated);
            case "gptq" -> named("gptq-g", stated);
            default ->
                throw new UnsupportedArchitectureException(
                        config.file() + ": quantization_config.quant_method",
                        "\"" + method + "\"; known: fp8, awq, gptq");
        };
    }

    private static WeightScheme plain(Config config) {
        String type = config.text("torch_dtype").or(() -> config.text("dtype")).orElse("bfloat16");
        return switch (type) {
            case "bfloat16" -> WeightSchemes.BF16;
            case "float16" -> WeightSchemes.FP16;
            case "float32" -> WeightSchemes.FP32;
            default -> throw config.problem("torch_dtype", "bfloat16, float16 or float32");
        };
    }

    private static WeightScheme fp8(JsonObject stated) {
        List<Long> block = stated.wholes("weight_block_size", 1, 1 << 20);
        if (block.isEmpty()) {
            return WeightScheme.linearLayers(
                    stated.text("activation_scheme").orElse("").equals("static")
                            ? Formats.FP8_TENSOR.with("input_scale", Long.MAX_VALUE, Long.MAX_VALUE, 4)
                            : Formats.FP8_TENSOR,
                    Formats.BF16);
        }
        if (!block.equals(List.of(128L, 128L))) {
            throw stated.problem("weight_block_size", block + "; expected [128, 128]");
        }
        return WeightSchemes.FP8_BLOCK_128;
    }

    private static WeightScheme named(String prefix, JsonObject stated) {
        long bits = stated.whole("bits", 1, 32, stated.whole("w_bit", 1, 32, 4));
        long group = stated.whole("group_size", 1, 1 << 20, stated.whole("q_group_size", 1, 1 << 20, 128));
        if (bits != 4 || !Set.of(32L, 64L, 128L).contains(group)) {
            throw stated.problem("bits", bits + " bits in groups of " + group + "; expected 4 bits in 32, 64 or 128");
        }
        return WeightSchemes.named(prefix + group);
    }
}
