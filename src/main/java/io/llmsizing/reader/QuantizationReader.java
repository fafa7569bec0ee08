package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.util.List;
import java.util.Locale;
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

    private static final List<String> EXCEPTIONS =
            List.of("modules_to_not_convert", "ignore", "ignored_layers", "exclude_modules");

    private static final Set<String> KNOWN_KEYS = Set.of(
            "quant_method",
            "dequantize",
            "quant_algo",
            "activation_scheme",
            "fmt",
            "weight_block_size",
            "modules_to_not_convert",
            "ignore",
            "ignored_layers",
            "exclude_modules",
            "bits",
            "w_bit",
            "group_size",
            "q_group_size",
            "zero_point",
            "sym",
            "desc_act",
            "static_groups",
            "true_sequential",
            "damp_percent",
            "model_name_or_path",
            "model_file_base_name",
            "version",
            "backend",
            "do_fuse",
            "producer",
            "config_groups",
            "kv_cache_scheme",
            "kv_cache_quant_algo",
            "checkpoint_format",
            "lm_head",
            "scale_fmt",
            "meta");

    /** One FP32 scale for the weights of a tensor and one for what flows into it. */
    private static final BlockFormat FP8_STATIC =
            Formats.FP8_TENSOR.with("input_scale", BlockFormat.WHOLE, BlockFormat.WHOLE, 4);

    private QuantizationReader() {}

    /**
     * The scheme that a config states.
     *
     * @param config the config
     * @param beside what a {@code hf_quant_config.json} beside it says, if there is one
     */
    static WeightScheme read(Config config, Optional<JsonObject> beside) {
        Optional<JsonObject> stated = config.object("quantization_config").or(() -> beside);
        return stated.isPresent() ? quantized(config, stated.get()) : plain(config);
    }

    private static WeightScheme quantized(Config config, JsonObject stated) {
        stated.refuseOtherKeysThan(KNOWN_KEYS);
        for (String list : EXCEPTIONS) {
            for (String module : stated.texts(list)) {
                if (!ALWAYS_KEPT.contains(module.substring(module.lastIndexOf('.') + 1))) {
                    throw stated.problem(list, "\"" + module + "\": exceptions by module are not known here yet");
                }
            }
        }
        if (stated.has("kv_cache_scheme") || stated.has("kv_cache_quant_algo")) {
            config.assume(new Assumption(
                    "kv_cache_scheme", "the checkpoint suggests a quantised cache; taken as 16 bit unless asked for"));
        }
        if (stated.flag("lm_head", false)) {
            throw stated.problem("lm_head", "true: a quantised head is not known here yet");
        }
        if (stated.has("config_groups") && !stated.has("quant_algo")) {
            throw stated.problem("config_groups", "groups of modules are not known here yet");
        }
        String key = stated.has("quant_method") ? "quant_method" : "quant_algo";
        String method = stated.text("quant_method")
                .or(() -> stated.text("quant_algo"))
                .orElseThrow(() -> stated.problem("quant_method", "absent; expected fp8, awq or gptq"));
        return switch (method.toLowerCase(Locale.ROOT)) {
            case "fp8" -> fp8(config, stated);
            case "awq" -> packed("awq-g", stated);
            case "gptq" -> packed("gptq-g", stated);
            default ->
                throw new UnsupportedArchitectureException(
                        stated.file() + ": " + stated.place(key), "\"" + method + "\"; known: fp8, awq, gptq");
        };
    }

    private static WeightScheme plain(Config config) {
        Optional<String> stated = config.text("torch_dtype").or(() -> config.text("dtype"));
        if (stated.isEmpty()) {
            config.assume(new Assumption("torch_dtype", "absent, taken as bfloat16"));
        }
        String type = stated.orElse("bfloat16");
        return switch (type) {
            case "bfloat16" -> WeightSchemes.BF16;
            case "float16" -> WeightSchemes.FP16;
            case "float32" -> WeightSchemes.FP32;
            default -> throw config.problem("torch_dtype", "bfloat16, float16 or float32");
        };
    }

    private static WeightScheme fp8(Config config, JsonObject stated) {
        List<Long> block = stated.wholes("weight_block_size", 1, 1 << 20);
        if (!block.isEmpty()) {
            if (!block.equals(List.of(128L, 128L))) {
                throw stated.problem("weight_block_size", block + "; expected [128, 128]");
            }
            return WeightSchemes.FP8_BLOCK_128;
        }
        if (!stated.has("activation_scheme") && !stated.has("quant_algo")) {
            config.assume(new Assumption("activation_scheme", "absent, taken as static: one more scale a tensor"));
        }
        boolean dynamic = stated.text("activation_scheme").orElse("static").equals("dynamic");
        return WeightScheme.linearLayers(dynamic ? Formats.FP8_TENSOR : FP8_STATIC, Formats.BF16);
    }

    private static WeightScheme packed(String prefix, JsonObject stated) {
        long bits = stated.whole("bits", 1, 32, stated.whole("w_bit", 1, 32, 4));
        long group = stated.whole("group_size", 1, 1 << 20, stated.whole("q_group_size", 1, 1 << 20, 128));
        if (bits != 4 || !Set.of(32L, 64L, 128L).contains(group)) {
            throw stated.problem("bits", bits + " bits in groups of " + group + "; expected 4 bits in 32, 64 or 128");
        }
        if (!stated.flag("zero_point", true)) {
            throw stated.problem("zero_point", "false; expected true, a zero point for each group");
        }
        return WeightSchemes.named(prefix + group);
    }
}
