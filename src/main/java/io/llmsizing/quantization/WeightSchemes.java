package io.llmsizing.quantization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The weight schemes that have a name of their own. */
public final class WeightSchemes {
    /** Everything in BF16. */
    public static final WeightScheme BF16 = WeightScheme.uniform(Formats.BF16);

    /** Everything in FP16. */
    public static final WeightScheme FP16 = WeightScheme.uniform(Formats.FP16);

    /** Everything in FP32. */
    public static final WeightScheme FP32 = WeightScheme.uniform(Formats.FP32);

    /** Linear layers in FP8 with 128 x 128 blocks, the rest in BF16: DeepSeek-V3's own form. */
    public static final WeightScheme FP8_BLOCK_128 = WeightScheme.linearLayers(Formats.FP8_BLOCK_128, Formats.BF16);

    private static final Map<String, WeightScheme> BY_NAME = byName();

    private WeightSchemes() {}

    private static Map<String, WeightScheme> byName() {
        Map<String, WeightScheme> schemes = new LinkedHashMap<>();
        schemes.put("bf16", BF16);
        schemes.put("fp16", FP16);
        schemes.put("fp32", FP32);
        schemes.put("fp8-block-128", FP8_BLOCK_128);
        for (BlockFormat linear : new BlockFormat[] {Formats.FP8_CHANNEL, Formats.FP8_TENSOR, Formats.INT8_CHANNEL}) {
            schemes.put(linear.name(), WeightScheme.linearLayers(linear, Formats.BF16));
        }
        for (long group : new long[] {128, 64, 32}) {
            schemes.put("int4-g" + group, WeightScheme.linearLayers(Formats.int4(group), Formats.BF16));
            schemes.put("awq-g" + group, WeightScheme.linearLayers(Formats.awq(group), Formats.FP16));
            schemes.put("gptq-g" + group, WeightScheme.linearLayers(Formats.gptq(group), Formats.FP16));
        }
        schemes.put("fp8", schemes.get("fp8-channel"));
        schemes.put("int8", schemes.get("int8-channel"));
        schemes.put("int4", schemes.get("int4-g128"));
        schemes.put("awq", schemes.get("awq-g128"));
        schemes.put("gptq", schemes.get("gptq-g128"));
        return Collections.unmodifiableMap(schemes);
    }

    /**
     * A scheme by its name, in any letter case. {@code fp8}, {@code int8}, {@code int4}, {@code awq} and {@code gptq}
     * stand for the usual variant: a scale per channel, groups of 128.
     *
     * @param name such as {@code bf16} or {@code awq-g64}
     * @return the scheme
     * @throws IllegalArgumentException for an unknown name, listing the known ones
     */
    public static WeightScheme named(String name) {
        WeightScheme scheme = BY_NAME.get(name.strip().toLowerCase(Locale.ROOT));
        if (scheme == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a weight format; known: " + String.join(", ", BY_NAME.keySet()));
        }
        return scheme;
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
