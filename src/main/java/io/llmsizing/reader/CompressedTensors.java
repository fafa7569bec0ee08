package io.llmsizing.reader;

import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.PackedFormats;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The method {@code compressed-tensors}: groups of modules, each with a format, targets (class names, module names,
 * {@code re:} and an expression) and the numbers of its weights.
 */
final class CompressedTensors {
    private static final Set<String> GROUP_KEYS =
            Set.of("targets", "weights", "input_activations", "output_activations", "format");
    private static final Set<String> WEIGHT_KEYS = Set.of(
            "num_bits",
            "type",
            "symmetric",
            "group_size",
            "strategy",
            "block_structure",
            "dynamic",
            "actorder",
            "scale_dtype",
            "zp_dtype",
            "observer",
            "observer_kwargs");

    /** The shared projections around the experts of Kimi K3 are published in 16 bits, though nothing lists them. */
    private static final List<String> AROUND_EXPERTS = List.of("routed_expert_down_proj", "routed_expert_up_proj");

    private CompressedTensors() {}

    static ModuleFormats read(JsonObject stated, ModuleFormats formats, Config config) {
        QuantizationReader.refuseOtherKeysThan(
                stated, "config_groups", "format", "sparsity_config", "transform_config", "quant_algo");
        refuseUnlessDense(stated);
        QuantizationReader.keepListed(formats, stated);
        if (config.has("routed_expert_hidden_size")) {
            AROUND_EXPERTS.forEach(module -> formats.keepOne(module, stated, "config_groups"));
        }
        String usual = stated.text("format").orElse("dense");
        JsonObject groups = stated.object("config_groups").orElse(null);
        if (groups == null) {
            if (!usual.equals("dense")) {
                throw stated.problem("config_groups", "absent; expected groups for format \"" + usual + "\"");
            }
            return formats;
        }
        for (String name : groups.keys()) {
            JsonObject group = groups.requiredObject(name);
            group.refuseOtherKeysThan(GROUP_KEYS);
            Optional<JsonObject> weights = group.object("weights");
            if (group.has("output_activations")) {
                throw group.problem("output_activations", "quantised outputs are not known; expected null");
            }
            BlockFormat format = weights.isEmpty()
                    ? formats.plain()
                    : format(weights.get(), group, group.text("format").orElse(usual));
            target(group, format, formats);
        }
        return formats;
    }

    private static void refuseUnlessDense(JsonObject stated) {
        JsonObject sparsity = stated.object("sparsity_config").orElse(null);
        if (sparsity != null && !sparsity.text("format").orElse("dense").equals("dense")) {
            throw sparsity.problem(
                    "format", sparsity.shown("format") + ": sparse weights are not known; expected dense");
        }
        JsonObject transforms = stated.object("transform_config").orElse(null);
        if (transforms != null
                && transforms
                        .object("config_groups")
                        .filter(groups -> !groups.keys().isEmpty())
                        .isPresent()) {
            throw stated.problem("transform_config", "transforms of the weights are not known; expected none");
        }
    }

    private static void target(JsonObject group, BlockFormat format, ModuleFormats formats) {
        if (!group.has("targets")) {
            throw group.problem("targets", "absent; expected classes or modules, such as [\"Linear\"]");
        }
        for (String target : group.texts("targets")) {
            if (target.equals("Linear")) {
                formats.linear(format);
            } else if (target.equals("FusedMoE") || target.endsWith("Experts")) {
                formats.role(TensorRole.EXPERT, format);
            } else if (isClass(target)) {
                throw group.problem(
                        "targets", "\"" + target + "\": a class that is not known; expected Linear or modules");
            } else {
                formats.state(target, format, group, "targets");
            }
        }
    }

    private static boolean isClass(String target) {
        return !target.isEmpty() && Character.isUpperCase(target.charAt(0)) && target.indexOf('.') < 0;
    }

    /** The format of a group's weights, by its name where it has one and by the numbers else. */
    static BlockFormat format(JsonObject weights, JsonObject group, String name) {
        weights.refuseOtherKeysThan(WEIGHT_KEYS);
        BlockFormat format = switch (name) {
            case "dense", "naive-quantized", "int-quantized", "float-quantized", "mixed-precision" -> unpacked(weights);
            case "pack-quantized" -> packed(weights);
            case "nvfp4-pack-quantized", "mxfp4-pack-quantized", "mxfp8-quantized" -> floats(weights);
            default ->
                throw new UnsupportedArchitectureException(
                        group.file() + ": " + group.place("format"), "\"" + name + "\" is not known");
        };
        Optional<JsonObject> inputs = group.object("input_activations");
        if (format.equals(Formats.NVFP4)) {
            boolean scaled = inputs.isPresent()
                    && (bits(inputs.get()) == 4 || inputs.get().shown("dynamic").equals("false"));
            return scaled ? format : Formats.NVFP4_WEIGHT_ONLY;
        }
        boolean fixed = inputs.isPresent() && inputs.get().shown("dynamic").equals("false");
        return fixed ? Formats.withInputScale(format) : format;
    }

    private static long bits(JsonObject numbers) {
        return numbers.whole("num_bits", 1, 16, 8);
    }

    private static BlockFormat unpacked(JsonObject weights) {
        boolean floats = weights.text("type").orElse("int").equals("float");
        if (floats) {
            return floats(weights);
        }
        String strategy = strategy(weights);
        if (bits(weights) != 8 || !weights.flag("symmetric", true)) {
            throw weights.problem("num_bits", weights.shown("num_bits") + " bits, unpacked; expected 8, symmetric");
        }
        return switch (strategy) {
            case "channel" -> Formats.INT8_CHANNEL;
            case "tensor" -> Formats.INT8_TENSOR;
            default -> throw weights.problem("strategy", "\"" + strategy + "\" of INT8; expected channel or tensor");
        };
    }

    private static BlockFormat floats(JsonObject weights) {
        long group = weights.whole("group_size", -1, 1 << 20, 0);
        if (bits(weights) == 4 && (group == 16 || group == 32)) {
            return group == 16 ? Formats.NVFP4 : Formats.MXFP4;
        }
        if (bits(weights) != 8) {
            throw weights.problem(
                    "num_bits",
                    bits(weights) + " bits in groups of " + group + "; expected 8, or 4 in groups of 16 or 32");
        }
        String strategy = strategy(weights);
        return switch (strategy) {
            case "tensor" -> Formats.FP8_TENSOR;
            case "channel" -> Formats.FP8_CHANNEL;
            case "block" -> block(weights);
            case "group" -> {
                if (group != 32) {
                    throw weights.problem("group_size", group + "; expected 32 for FP8 in groups");
                }
                yield Formats.MXFP8;
            }
            default ->
                throw weights.problem(
                        "strategy", "\"" + strategy + "\" of FP8; expected tensor, channel, block or group");
        };
    }

    private static BlockFormat block(JsonObject weights) {
        List<Long> sides = weights.holdsList("block_structure")
                ? weights.wholes("block_structure", 1, 1 << 20)
                : sides(weights.text("block_structure").orElse("128x128"));
        if (sides.size() != 2) {
            throw weights.problem("block_structure", weights.shown("block_structure") + "; expected two sides");
        }
        return Formats.fp8Block(sides.get(0), sides.get(1));
    }

    private static List<Long> sides(String written) {
        return written.matches("\\d{1,6}x\\d{1,6}")
                ? List.of(
                        Long.parseLong(written.substring(0, written.indexOf('x'))),
                        Long.parseLong(written.substring(written.indexOf('x') + 1)))
                : List.of();
    }

    private static BlockFormat packed(JsonObject weights) {
        String strategy = strategy(weights);
        if (!strategy.equals("group") && !strategy.equals("channel")) {
            throw weights.problem("strategy", "\"" + strategy + "\" of packed integers; expected group or channel");
        }
        if (!weights.text("type").orElse("int").equals("int")) {
            throw weights.problem("type", weights.shown("type") + ", packed; expected int");
        }
        long group = strategy.equals("channel") ? WHOLE : weights.whole("group_size", 1, 1 << 20);
        try {
            BlockFormat format = weights.flag("symmetric", true)
                    ? PackedFormats.packed(bits(weights), group)
                    : PackedFormats.packedAsymmetric(bits(weights), group);
            return ordered(weights) ? PackedFormats.ordered(format) : format;
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException unknown) {
            throw weights.problem("num_bits", weights.shown("num_bits") + ": " + unknown.getMessage());
        }
    }

    private static boolean ordered(JsonObject weights) {
        return Set.of("\"group\"", "\"dynamic\"", "true").contains(weights.shown("actorder"));
    }

    /** How many weights share a scale, as the library takes it where it is not said. */
    private static String strategy(JsonObject weights) {
        long group = weights.whole("group_size", -1, 1 << 20, 0);
        return weights.text("strategy").orElse(group > 0 ? "group" : group == -1 ? "channel" : "tensor");
    }
}
