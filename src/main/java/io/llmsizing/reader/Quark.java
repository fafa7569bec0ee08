package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The method {@code quark}: a format for all linear layers, others for classes and for modules, and what is excluded. */
final class Quark {
    private static final Set<String> MODULE_KEYS =
            Set.of("weight", "input_tensors", "output_tensors", "bias", "target_device");

    private Quark() {}

    static ModuleFormats read(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated, "global_quant_config", "layer_type_quant_config", "layer_quant_config");
        QuantizationReader.keepListed(formats, stated);
        stated.object("global_quant_config").flatMap(Quark::format).ifPresent(formats::linear);
        JsonObject classes = stated.object("layer_type_quant_config").orElse(null);
        if (classes != null) {
            for (String name : classes.keys()) {
                if (!name.endsWith("Linear")) {
                    throw stated.problem("layer_type_quant_config", "\"" + name + "\" is not known; expected Linear");
                }
                formats.linear(format(classes.requiredObject(name)).orElse(formats.plain()));
            }
        }
        JsonObject modules = stated.object("layer_quant_config").orElse(null);
        if (modules != null) {
            for (String pattern : modules.keys()) {
                BlockFormat format = format(modules.requiredObject(pattern)).orElse(formats.plain());
                formats.state(pattern, format, stated, "layer_quant_config");
            }
        }
        return formats;
    }

    private static Optional<BlockFormat> format(JsonObject module) {
        module.refuseOtherKeysThan(MODULE_KEYS);
        if (!module.has("weight")) {
            return Optional.empty();
        }
        if (module.holdsList("weight")) {
            return Optional.of(doubled(module));
        }
        JsonObject weight = module.requiredObject("weight");
        BlockFormat format = single(weight);
        Optional<JsonObject> inputs =
                module.holdsList("input_tensors") ? Optional.empty() : module.object("input_tensors");
        boolean fixed = inputs.isPresent() && !inputs.get().flag("is_dynamic", false);
        return Optional.of(fixed ? Formats.withInputScale(format) : format);
    }

    /** FP4 scaled twice is NVFP4. */
    private static BlockFormat doubled(JsonObject module) {
        List<JsonObject> steps = module.objects("weight");
        boolean nvfp4 = steps.size() == 2
                && steps.get(0).text("dtype").orElse("").equals("fp4")
                && steps.get(0).whole("group_size", 1, 1 << 20, 0) == 16
                && steps.get(1).text("dtype").orElse("").equals("fp8_e4m3");
        if (!nvfp4) {
            throw module.problem(
                    "weight", "quantised in steps that are not known; expected fp4 in groups of 16, then fp8_e4m3");
        }
        return module.has("input_tensors") ? Formats.NVFP4 : Formats.NVFP4_WEIGHT_ONLY;
    }

    private static BlockFormat single(JsonObject weight) {
        String type = weight.requiredText("dtype");
        String scales = weight.text("qscheme").orElse("per_tensor");
        return switch (type + " " + scales) {
            case "fp8_e4m3 per_tensor" -> Formats.FP8_TENSOR;
            case "fp8_e4m3 per_channel" -> Formats.FP8_CHANNEL;
            case "int8 per_tensor" -> Formats.INT8_TENSOR;
            case "int8 per_channel" -> Formats.INT8_CHANNEL;
            case "fp4 per_group" -> {
                if (weight.whole("group_size", 1, 1 << 20, 32) != 32
                        || !weight.text("scale_format").orElse("e8m0").equals("e8m0")) {
                    throw weight.problem(
                            "group_size",
                            weight.shown("group_size") + ", scales " + weight.shown("scale_format")
                                    + "; expected 32, e8m0");
                }
                yield Formats.MXFP4;
            }
            default ->
                throw weight.problem(
                        "dtype",
                        "\"" + type + "\" " + scales
                                + "; expected fp8_e4m3 or int8 per tensor or channel, or fp4 per group");
        };
    }
}
