package io.llmsizing.reader;

import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.document.JsonObject;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.PackedFormats;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The methods {@code awq}, {@code gptq} and {@code bitsandbytes}. */
final class IntegerCheckpoints {
    private static final Set<String> AWQ_LAYOUTS = Set.of("gemm", "marlin");
    private static final Set<String> GPTQ_LAYOUTS = Set.of("gptq", "gptq_v2");

    private IntegerCheckpoints() {}

    static ModuleFormats awq(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated, "bits", "w_bit", "group_size", "q_group_size", "zero_point", "version", "desc_act", "lm_head");
        if (!stated.flag("zero_point", true)) {
            throw stated.problem("zero_point", "false; expected true, a zero point for each group");
        }
        refuseOtherLayouts(stated, "version", AWQ_LAYOUTS, "gemm");
        QuantizationReader.keepListed(formats, stated);
        return head(formats.linear(packed(stated, true)), stated);
    }

    static ModuleFormats gptq(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated,
                "bits",
                "group_size",
                "sym",
                "desc_act",
                "lm_head",
                "checkpoint_format",
                "format",
                "dynamic",
                "modules_in_block_to_quantize");
        refuseOtherLayouts(stated, "checkpoint_format", GPTQ_LAYOUTS, "gptq");
        refuseOtherLayouts(stated, "format", GPTQ_LAYOUTS, "gptq");
        BlockFormat format = packed(stated, false);
        QuantizationReader.keepListed(formats, stated);
        dynamic(stated, formats);
        if (stated.has("modules_in_block_to_quantize")) {
            for (List<String> together : stated.lists("modules_in_block_to_quantize")) {
                together.forEach(module -> formats.state(module, format, stated, "modules_in_block_to_quantize"));
            }
            return head(formats, stated);
        }
        return head(formats.linear(format), stated);
    }

    /** What stands under {@code dynamic}: expressions after {@code -:} are kept, those after {@code +:} or nothing differ. */
    private static void dynamic(JsonObject stated, ModuleFormats formats) {
        JsonObject rules = stated.object("dynamic").orElse(null);
        if (rules == null) {
            return;
        }
        for (String key : rules.keys()) {
            boolean minus = key.startsWith("-:");
            String expression = "re:" + (minus || key.startsWith("+:") ? key.substring(2) : key);
            if (minus) {
                formats.keepOne(expression, stated, "dynamic");
            } else {
                JsonObject changed = rules.requiredObject(key);
                changed.refuseOtherKeysThan(Set.of("bits", "group_size", "sym", "desc_act", "mse", "damp_percent"));
                formats.state(expression, packed(changed, stated, false), stated, "dynamic");
            }
        }
    }

    private static void refuseOtherLayouts(JsonObject stated, String key, Set<String> known, String usual) {
        String layout = stated.text(key).orElse(usual).toLowerCase(Locale.ROOT);
        if (!known.contains(layout)) {
            throw stated.problem(key, "\"" + layout + "\"; expected " + usual);
        }
    }

    private static ModuleFormats head(ModuleFormats formats, JsonObject stated) {
        return stated.flag("lm_head", false)
                ? formats.role(TensorRole.OUTPUT_HEAD, formats.ofRole(TensorRole.ATTENTION))
                : formats;
    }

    private static BlockFormat packed(JsonObject stated, boolean awq) {
        return packed(stated, stated, awq);
    }

    private static BlockFormat packed(JsonObject changed, JsonObject stated, boolean awq) {
        long bits = changed.whole("bits", 1, 32, stated.whole("bits", 1, 32, stated.whole("w_bit", 1, 32, 4)));
        long group = changed.whole(
                "group_size",
                -1,
                1 << 20,
                stated.whole("group_size", -1, 1 << 20, stated.whole("q_group_size", -1, 1 << 20, 128)));
        try {
            long inputs = group == -1 ? WHOLE : group;
            return awq ? PackedFormats.awq(bits, inputs) : PackedFormats.gptq(bits, inputs);
        } catch (IllegalArgumentException unknown) {
            throw changed.problem("bits", bits + " bits in groups of " + group + ": " + unknown.getMessage());
        }
    }

    /** bitsandbytes: every linear layer but those that are skipped, and the head. */
    static ModuleFormats bitsandbytes(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated,
                "load_in_4bit",
                "_load_in_4bit",
                "load_in_8bit",
                "bnb_4bit_quant_type",
                "bnb_4bit_use_double_quant",
                "llm_int8_has_fp16_weight");
        if (stated.flag("llm_int8_has_fp16_weight", false)) {
            throw stated.problem("llm_int8_has_fp16_weight", "true: weights that stay in FP16 are not known here");
        }
        boolean four = stated.flag("load_in_4bit", stated.flag("_load_in_4bit", false));
        boolean eight = stated.flag("load_in_8bit", stated.flag("_load_in_8bit", false));
        if (four == eight) {
            throw stated.problem("load_in_4bit", four + ", as load_in_8bit; expected one of both");
        }
        QuantizationReader.keepListed(formats, stated);
        return formats.linear(eight ? Formats.INT8_BITSANDBYTES : fourBit(stated));
    }

    private static BlockFormat fourBit(JsonObject stated) {
        boolean nested = stated.flag("bnb_4bit_use_double_quant", false);
        String type = stated.text("bnb_4bit_quant_type").orElse("fp4");
        return switch (type) {
            case "nf4" -> nested ? Formats.NF4_DOUBLE : Formats.NF4;
            case "fp4" -> nested ? Formats.FP4_DOUBLE : Formats.FP4;
            default -> throw stated.problem("bnb_4bit_quant_type", "\"" + type + "\"; expected nf4 or fp4");
        };
    }
}
