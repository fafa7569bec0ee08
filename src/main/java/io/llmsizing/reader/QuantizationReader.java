package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.JsonObject;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a checkpoint stores its weights, from the config's type and {@code quantization_config}. */
final class QuantizationReader {
    /** One method's way to read its config. */
    private interface Method {
        ModuleFormats read(JsonObject stated, ModuleFormats formats, Config config);
    }

    private static final Map<String, Method> METHODS = methods();

    /** Keys that say nothing about bytes, from {@code quantization-keys-without-size.txt}. */
    private static final Set<String> WITHOUT_SIZE =
            Set.copyOf(Bundled.lines(QuantizationReader.class, "quantization-keys-without-size.txt"));

    /** Lists of modules that are not quantised, as the methods call them. */
    private static final List<String> KEPT = List.of(
            "modules_to_not_convert",
            "ignore",
            "ignored_layers",
            "exclude_modules",
            "llm_int8_skip_modules",
            "exclude");

    private QuantizationReader() {}

    private static Map<String, Method> methods() {
        Map<String, Method> methods = new TreeMap<>();
        methods.put("fp8", Fp8Checkpoints::fineGrained);
        methods.put("fbgemm_fp8", Fp8Checkpoints::perChannel);
        methods.put("mxfp4", QuantizationReader::mxfp4);
        methods.put("awq", IntegerCheckpoints::awq);
        methods.put("gptq", IntegerCheckpoints::gptq);
        methods.put("bitsandbytes", IntegerCheckpoints::bitsandbytes);
        methods.put("compressed-tensors", CompressedTensors::read);
        methods.put("modelopt", ModelOpt::read);
        methods.put("modelopt_fp4", ModelOpt::read);
        methods.put("modelopt_mxfp8", ModelOpt::read);
        methods.put("modelopt_mixed", ModelOpt::read);
        methods.put("quark", Quark::read);
        return methods;
    }

    /**
     * What a config states.
     *
     * @param config the config
     * @param beside what a {@code hf_quant_config.json} beside it says, if there is one
     */
    static ModuleFormats read(Config config, Optional<JsonObject> beside) {
        BlockFormat plain = plain(config);
        Optional<JsonObject> stated = config.object("quantization_config")
                .or(() -> config.object("compression_config"))
                .or(() -> beside);
        if (stated.isEmpty()) {
            return new ModuleFormats(plain, config.json(), "torch_dtype");
        }
        return quantized(config, stated.get(), plain);
    }

    private static ModuleFormats quantized(Config config, JsonObject stated, BlockFormat plain) {
        if (stated.has("kv_cache_scheme") || stated.has("kv_cache_quant_algo")) {
            config.assume(new Assumption(
                    "kv_cache_scheme", "the checkpoint suggests a quantised cache; taken as 16 bit unless asked for"));
        }
        String key = stated.has("quant_method") || !stated.has("quant_algo") ? "quant_method" : "quant_algo";
        String name = stated.text("quant_method")
                .orElseGet(() -> stated.has("quant_algo")
                        ? "modelopt"
                        : stated.has("config_groups") ? "compressed-tensors" : "");
        Method method = METHODS.get(name.toLowerCase(Locale.ROOT));
        if (method == null) {
            String known = String.join(", ", METHODS.keySet());
            if (!stated.has(key)) {
                throw stated.problem(key, "absent; expected one of " + known);
            }
            throw new UnsupportedArchitectureException(
                    stated.file() + ": " + stated.place(key), "\"" + name + "\"; known: " + known);
        }
        return method.read(stated, new ModuleFormats(plain, stated, key), config);
    }

    /** Refuses keys of which neither the method nor the list of harmless ones knows. */
    static void refuseOtherKeysThan(JsonObject stated, String... read) {
        Set<String> known = new TreeSet<>(KEPT);
        known.addAll(List.of(read));
        for (String key : stated.keys()) {
            if (!known.contains(key) && !WITHOUT_SIZE.contains(key)) {
                throw stated.problem(key, "unknown key; known here: " + String.join(", ", known));
            }
        }
    }

    /** Keeps the modules that any of the lists names. */
    static ModuleFormats keepListed(ModuleFormats formats, JsonObject stated) {
        KEPT.forEach(list -> formats.keep(stated, list));
        return formats;
    }

    /** gpt-oss: the experts alone, whatever else is listed. */
    private static ModuleFormats mxfp4(JsonObject stated, ModuleFormats formats, Config config) {
        refuseOtherKeysThan(stated);
        return keepListed(formats, stated).role(TensorRole.EXPERT, Formats.MXFP4);
    }

    private static BlockFormat plain(Config config) {
        Optional<String> stated = config.text("torch_dtype").or(() -> config.text("dtype"));
        if (stated.isEmpty()) {
            config.assume(new Assumption("torch_dtype", "absent, taken as bfloat16"));
        }
        String type = stated.orElse("bfloat16");
        return switch (type) {
            case "bfloat16" -> Formats.BF16;
            case "float16" -> Formats.FP16;
            case "float32" -> Formats.FP32;
            default -> throw config.problem("torch_dtype", "bfloat16, float16 or float32");
        };
    }
}
