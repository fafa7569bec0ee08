package io.llmsizing.quantization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The cache formats that have a name of their own. */
public final class CacheFormats {
    /** Brain floating point, 2 bytes an element. */
    public static final CacheFormat BF16 = new CacheFormat("bf16", 1, 2, 0);

    /** Half precision, 2 bytes an element. */
    public static final CacheFormat FP16 = new CacheFormat("fp16", 1, 2, 0);

    /** Single precision, 4 bytes an element. */
    public static final CacheFormat FP32 = new CacheFormat("fp32", 1, 4, 0);

    /** FP8 E4M3 with scales outside the cache, 1 byte an element. */
    public static final CacheFormat FP8_E4M3 = new CacheFormat("fp8", 1, 1, 0);

    /** FP8 E5M2 with scales outside the cache, 1 byte an element. */
    public static final CacheFormat FP8_E5M2 = new CacheFormat("fp8_e5m2", 1, 1, 0);

    /**
     * FP8 in vLLM's rows for latents that are read sparsely: elements as of {@link #FP8_E4M3}, beside which the engine keeps
     * scales and rotary parts. A latent of 512 and 64 elements takes 656 B (vLLM v1/attention/backends/mla/flashmla_sparse.py).
     */
    public static final CacheFormat FP8_DS_MLA = new CacheFormat("fp8_ds_mla", 1, 1, 0);

    /** INT8 with scales outside the cache, 1 byte an element. */
    public static final CacheFormat INT8 = new CacheFormat("int8", 1, 1, 0);

    /** FP8 with an FP32 scale for each vector (vLLM's {@code fp8_per_token_head}). */
    public static final CacheFormat FP8_PER_TOKEN_HEAD = new CacheFormat("fp8_per_token_head", 1, 1, 4);

    /** INT8 with an FP32 scale for each vector (vLLM's {@code int8_per_token_head}). */
    public static final CacheFormat INT8_PER_TOKEN_HEAD = new CacheFormat("int8_per_token_head", 1, 1, 4);

    /** FP4 E2M1 as SGLang keeps it: two elements a byte, and a byte of scale for 16 of them. */
    public static final CacheFormat FP4_E2M1 = new CacheFormat("fp4_e2m1", 16, 9, 0);

    /** NVFP4: two elements a byte and an FP8 scale for 16 of them. */
    public static final CacheFormat NVFP4 = new CacheFormat("nvfp4", 16, 9, 0);

    /** ggml Q8_0: 34 bytes for 32 elements. */
    public static final CacheFormat Q8_0 = new CacheFormat("q8_0", 32, 34, 0);

    /** ggml Q5_1: 24 bytes for 32 elements. */
    public static final CacheFormat Q5_1 = new CacheFormat("q5_1", 32, 24, 0);

    /** ggml Q5_0: 22 bytes for 32 elements. */
    public static final CacheFormat Q5_0 = new CacheFormat("q5_0", 32, 22, 0);

    /** ggml Q4_1: 20 bytes for 32 elements. */
    public static final CacheFormat Q4_1 = new CacheFormat("q4_1", 32, 20, 0);

    /** ggml Q4_0: 18 bytes for 32 elements. */
    public static final CacheFormat Q4_0 = new CacheFormat("q4_0", 32, 18, 0);

    private static final Map<String, CacheFormat> BY_NAME = byName();

    private CacheFormats() {}

    private static Map<String, CacheFormat> byName() {
        Map<String, CacheFormat> formats = new LinkedHashMap<>();
        for (CacheFormat format : new CacheFormat[] {
            BF16,
            FP16,
            FP32,
            FP8_E4M3,
            FP8_E5M2,
            FP8_DS_MLA,
            INT8,
            FP8_PER_TOKEN_HEAD,
            INT8_PER_TOKEN_HEAD,
            FP4_E2M1,
            NVFP4,
            Q8_0,
            Q5_1,
            Q5_0,
            Q4_1,
            Q4_0
        }) {
            formats.put(format.name(), format);
        }
        formats.put("fp8_e4m3", FP8_E4M3);
        formats.put("bfloat16", BF16);
        formats.put("float16", FP16);
        formats.put("float32", FP32);
        formats.put("f16", FP16);
        formats.put("f32", FP32);
        return Collections.unmodifiableMap(formats);
    }

    /**
     * A format by its name, in any letter case.
     *
     * @param name such as {@code bf16} or {@code fp8}
     * @return the format
     * @throws IllegalArgumentException for an unknown name, listing the known ones
     */
    public static CacheFormat named(String name) {
        CacheFormat format = BY_NAME.get(name.strip().toLowerCase(Locale.ROOT));
        if (format == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a cache format; known: " + String.join(", ", BY_NAME.keySet()));
        }
        return format;
    }
}
