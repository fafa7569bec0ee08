package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Optional;

/** The methods {@code fp8} (DeepSeek, Qwen, Mistral) and {@code fbgemm_fp8} (Llama). */
final class Fp8Checkpoints {
    private Fp8Checkpoints() {}

    /** A scale for each block, or for the tensor where there are no blocks. */
    static ModuleFormats fineGrained(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated,
                "activation_scheme",
                "weight_block_size",
                "scale_fmt",
                "expert_dtype",
                "quant_algo",
                "moe_quant_algo",
                "group_size",
                "quantized_layers",
                "config_groups");
        List<Long> block = stated.wholes("weight_block_size", 1, 1 << 20);
        if (!block.isEmpty() && block.size() != 2) {
            throw stated.problem("weight_block_size", block + "; expected two sides, such as [128, 128]");
        }
        formats.linear(block.isEmpty() ? perTensor(stated, config) : perBlock(block, stated, config));
        if (isFourth(config)) {
            formats.role(TensorRole.MIXING, Formats.FP32);
            formats.role(TensorRole.SPECULATIVE_PROJECTION, formats.ofRole(TensorRole.ATTENTION));
        }
        Optional<String> experts = stated.text("expert_dtype").or(() -> config.text("expert_dtype"));
        experts.ifPresent(type -> {
            if (type.equals("fp4")) {
                formats.role(TensorRole.EXPERT, Formats.MXFP4);
            } else if (!type.equals("fp8")) {
                throw config.problem("expert_dtype", "fp4 or fp8");
            }
        });
        if (stated.has("quant_algo") || stated.has("moe_quant_algo")) {
            return requantized(stated, formats);
        }
        return QuantizationReader.keepListed(formats, stated);
    }

    /**
     * An FP8 checkpoint some of whose modules were quantised once more. What is listed as ignored was ignored then: it
     * is FP8 still.
     */
    private static ModuleFormats requantized(JsonObject stated, ModuleFormats formats) {
        formats.keep(stated, "modules_to_not_convert");
        if (stated.has("quantized_layers")) {
            return ModelOpt.statedLayers(stated, formats);
        }
        String key = stated.has("moe_quant_algo") ? "moe_quant_algo" : "quant_algo";
        BlockFormat experts = ModelOpt.format(stated, key, stated);
        return formats.role(TensorRole.EXPERT, experts);
    }

    private static BlockFormat perBlock(List<Long> block, JsonObject stated, Config config) {
        boolean powers = stated.text("scale_fmt").filter("ue8m0"::equals).isPresent();
        boolean oneByte = powers && isFourth(config);
        if (powers && !oneByte) {
            config.assume(new Assumption("scale_fmt", "scales are powers of two, taken as stored in FP32"));
        }
        return oneByte
                ? Formats.fp8BlockE8m0(block.get(0), block.get(1))
                : Formats.fp8Block(block.get(0), block.get(1));
    }

    /** DeepSeek-V4 and its like: one-byte scales, also where prediction begins; hyper-connections in FP32. */
    private static boolean isFourth(Config config) {
        String type = config.text("model_type").orElse("");
        return type.startsWith("deepseek_v4") || type.equals("deepseek_ref");
    }

    private static BlockFormat perTensor(JsonObject stated, Config config) {
        if (!stated.has("activation_scheme")) {
            config.assume(new Assumption("activation_scheme", "absent, taken as static: one more scale a tensor"));
        }
        boolean dynamic = stated.text("activation_scheme").orElse("static").equals("dynamic");
        return dynamic ? Formats.FP8_TENSOR : Formats.withInputScale(Formats.FP8_TENSOR);
    }

    /** A scale for each output channel. */
    static ModuleFormats perChannel(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(stated);
        return QuantizationReader.keepListed(formats, stated).linear(Formats.FP8_CHANNEL);
    }
}
