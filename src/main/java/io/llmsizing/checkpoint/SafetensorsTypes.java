package io.llmsizing.checkpoint;

import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The element types of safetensors, by the names that headers give them. */
final class SafetensorsTypes {
    private static final Map<String, BlockFormat> BY_NAME = byName();

    private SafetensorsTypes() {}

    private static Map<String, BlockFormat> byName() {
        Map<String, BlockFormat> types = new LinkedHashMap<>();
        types.put("F32", Formats.FP32);
        types.put("F16", Formats.FP16);
        types.put("BF16", Formats.BF16);
        types.put("I32", Formats.INT32);
        put(types, "BOOL", 1, 1);
        put(types, "U8", 1, 1);
        put(types, "I8", 1, 1);
        put(types, "I16", 1, 2);
        put(types, "U16", 1, 2);
        put(types, "U32", 1, 4);
        put(types, "I64", 1, 8);
        put(types, "U64", 1, 8);
        put(types, "F64", 1, 8);
        put(types, "C64", 1, 8);
        put(types, "F8_E4M3", 1, 1);
        put(types, "F8_E5M2", 1, 1);
        put(types, "F8_E8M0", 1, 1);
        put(types, "F8_E4M3FNUZ", 1, 1);
        put(types, "F8_E5M2FNUZ", 1, 1);
        put(types, "F6_E2M3", 4, 3);
        put(types, "F6_E3M2", 4, 3);
        put(types, "F4", 2, 1);
        return Collections.unmodifiableMap(types);
    }

    private static void put(Map<String, BlockFormat> types, String name, long elements, long bytes) {
        types.put(name, BlockFormat.of(name.toLowerCase(Locale.ROOT), elements, bytes));
    }

    /** The type of a header's {@code dtype}, nothing for an unknown one. */
    static @Nullable BlockFormat of(String dtype) {
        return BY_NAME.get(dtype);
    }

    static String names() {
        return String.join(", ", BY_NAME.keySet());
    }
}
