package io.llmsizing.quantization;

import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.tensor.TensorRole;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The weight schemes that have a name of their own, and the grammar of the names that {@link WeightScheme} gives. */
public final class WeightSchemes {
    /** Everything in BF16. */
    public static final WeightScheme BF16 = WeightScheme.uniform(Formats.BF16);

    /** Everything in FP16. */
    public static final WeightScheme FP16 = WeightScheme.uniform(Formats.FP16);

    /** Everything in FP32. */
    public static final WeightScheme FP32 = WeightScheme.uniform(Formats.FP32);

    /** Linear layers in FP8 with 128 x 128 blocks, the rest in BF16: DeepSeek-V3's own form. */
    public static final WeightScheme FP8_BLOCK_128 = WeightScheme.linearLayers(Formats.FP8_BLOCK_128, Formats.BF16);

    private static final int LONGEST_NAME = 512;
    private static final Map<String, WeightScheme> BY_NAME = byName();

    private WeightSchemes() {}

    private static Map<String, WeightScheme> byName() {
        Map<String, WeightScheme> schemes = new LinkedHashMap<>();
        schemes.put("bf16", BF16);
        schemes.put("fp16", FP16);
        schemes.put("fp32", FP32);
        schemes.put("fp8-block-128", FP8_BLOCK_128);
        put(schemes, Formats.fp8BlockE8m0(128, 128));
        put(schemes, Formats.FP8_CHANNEL);
        put(schemes, Formats.FP8_TENSOR);
        put(schemes, Formats.withInputScale(Formats.FP8_TENSOR));
        put(schemes, Formats.MXFP8);
        put(schemes, Formats.INT8_CHANNEL);
        put(schemes, Formats.INT8_BITSANDBYTES);
        put(schemes, Formats.NVFP4);
        put(schemes, Formats.NVFP4_WEIGHT_ONLY);
        put(schemes, Formats.MXFP4);
        put(schemes, Formats.NF4);
        put(schemes, Formats.NF4_DOUBLE);
        put(schemes, Formats.FP4);
        for (long group : new long[] {128, 64, 32, WHOLE}) {
            put(schemes, Formats.int4(group));
            put(schemes, Formats.awq(group));
            put(schemes, Formats.gptq(group));
        }
        put(schemes, PackedFormats.gptq(8, 128));
        put(schemes, PackedFormats.gptq(3, 128));
        schemes.put("fp8", schemes.get("fp8-channel"));
        schemes.put("int8", schemes.get("int8-channel"));
        schemes.put("w8a8", schemes.get("int8-channel"));
        schemes.put("int4", schemes.get("int4-g128"));
        schemes.put("w4a16", schemes.get("int4-g128"));
        schemes.put("awq", schemes.get("awq-g128"));
        schemes.put("gptq", schemes.get("gptq-g128"));
        return Collections.unmodifiableMap(schemes);
    }

    private static void put(Map<String, WeightScheme> schemes, BlockFormat linear) {
        schemes.put(linear.name(), WeightScheme.linearLayers(linear, WeightScheme.usualRest(linear)));
    }

    /**
     * A scheme by its name, in any letter case. {@code fp8}, {@code int8}, {@code int4}, {@code awq} and {@code gptq}
     * stand for the usual variant: a scale per channel, groups of 128. Other sizes are read too ({@code awq-g16},
     * {@code fp8-block-64}), and so are another type for the rest ({@code nf4/fp16}) and exceptions by role ({@code
     * nvfp4+attention=bf16}).
     *
     * @param name such as {@code bf16} or {@code awq-g64}
     * @return the scheme
     * @throws IllegalArgumentException for an unknown name, listing the known ones, and for a mix of llama.cpp ({@code
     *     gguf:q4_k_m}), which is bound to a model
     */
    public static WeightScheme named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        if (wanted.startsWith("gguf:")) {
            throw new IllegalArgumentException("'" + name
                    + "' is a mix whose types depend on the model's layers: bind it to a model with GgufMix.applyTo");
        }
        return find(wanted)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + name + "' is not a weight format; known: " + String.join(", ", BY_NAME.keySet())));
    }

    private static Optional<WeightScheme> find(String name) {
        if (name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        int exception = name.lastIndexOf('+');
        if (exception >= 0) {
            int equals = name.indexOf('=', exception);
            Optional<TensorRole> role = equals < 0 ? Optional.empty() : role(name.substring(exception + 1, equals));
            return role.flatMap(which -> FormatNames.find(name.substring(equals + 1))
                    .flatMap(format -> find(name.substring(0, exception)).map(scheme -> scheme.with(which, format))));
        }
        WeightScheme known = BY_NAME.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        int slash = name.indexOf('/');
        if (slash < 0) {
            return FormatNames.find(name)
                    .map(linear -> WeightScheme.linearLayers(linear, WeightScheme.usualRest(linear)));
        }
        Optional<BlockFormat> linear =
                find(name.substring(0, slash)).map(scheme -> scheme.formatOf(TensorRole.ATTENTION));
        Optional<BlockFormat> rest = FormatNames.find(name.substring(slash + 1));
        return linear.flatMap(format -> rest.map(other -> WeightScheme.linearLayers(format, other)));
    }

    private static Optional<TensorRole> role(String name) {
        for (TensorRole role : TensorRole.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /**
     * A single format by its name, in any letter case.
     *
     * @param name such as {@code mxfp4} or {@code gptq-3bit-g64}
     * @return the format, if the name is known
     */
    public static Optional<BlockFormat> format(String name) {
        return FormatNames.find(name.strip().toLowerCase(Locale.ROOT));
    }

    /**
     * The names that {@link #named} knows.
     *
     * @return in the order in which they are listed to users
     */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }
}
