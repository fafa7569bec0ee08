package io.llmsizing.quantization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The tensor types of ggml, which GGUF files hold: whole blocks along a row, scales inside. Sizes are those of the block
 * structs in llama.cpp's {@code ggml-common.h}; the bits per weight are 8 x bytes / elements.
 */
public final class GgmlFormats {
    private static final Map<Integer, BlockFormat> BY_ID = byId();

    private GgmlFormats() {}

    private static Map<Integer, BlockFormat> byId() {
        Map<Integer, BlockFormat> formats = new LinkedHashMap<>();
        formats.put(0, Formats.FP32);
        formats.put(1, Formats.FP16);
        put(formats, 2, "q4_0", 32, 18);
        put(formats, 3, "q4_1", 32, 20);
        put(formats, 6, "q5_0", 32, 22);
        put(formats, 7, "q5_1", 32, 24);
        put(formats, 8, "q8_0", 32, 34);
        put(formats, 9, "q8_1", 32, 36);
        put(formats, 10, "q2_k", 256, 84);
        put(formats, 11, "q3_k", 256, 110);
        put(formats, 12, "q4_k", 256, 144);
        put(formats, 13, "q5_k", 256, 176);
        put(formats, 14, "q6_k", 256, 210);
        put(formats, 15, "q8_k", 256, 292);
        put(formats, 16, "iq2_xxs", 256, 66);
        put(formats, 17, "iq2_xs", 256, 74);
        put(formats, 18, "iq3_xxs", 256, 98);
        put(formats, 19, "iq1_s", 256, 50);
        put(formats, 20, "iq4_nl", 32, 18);
        put(formats, 21, "iq3_s", 256, 110);
        put(formats, 22, "iq2_s", 256, 82);
        put(formats, 23, "iq4_xs", 256, 136);
        put(formats, 24, "i8", 1, 1);
        put(formats, 25, "i16", 1, 2);
        formats.put(26, Formats.INT32);
        put(formats, 27, "i64", 1, 8);
        put(formats, 28, "f64", 1, 8);
        put(formats, 29, "iq1_m", 256, 56);
        formats.put(30, Formats.BF16);
        put(formats, 34, "tq1_0", 256, 54);
        put(formats, 35, "tq2_0", 256, 66);
        put(formats, 39, "ggml-mxfp4", 32, 17);
        put(formats, 40, "ggml-nvfp4", 64, 36);
        put(formats, 41, "q1_0", 128, 18);
        put(formats, 42, "q2_0", 64, 18);
        return Collections.unmodifiableMap(formats);
    }

    private static void put(Map<Integer, BlockFormat> formats, int id, String name, long elements, long bytes) {
        formats.put(id, BlockFormat.of(name, elements, bytes));
    }

    /**
     * A type by the number that files hold.
     *
     * @param id such as 12 for Q4_K
     * @return the type, nothing for a number that means none or one that was withdrawn (4, 5, 31 to 33, 36 to 38)
     */
    public static Optional<BlockFormat> byId(long id) {
        return id == (int) id ? Optional.ofNullable(BY_ID.get((int) id)) : Optional.empty();
    }

    /**
     * A type by its name, in any letter case.
     *
     * @param name such as {@code Q4_K}, {@code q4_k}, {@code MXFP4}
     * @return the type, if the name is known
     */
    public static Optional<BlockFormat> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return BY_ID.values().stream()
                .filter(format -> format.name().equals(wanted) || format.name().equals("ggml-" + wanted))
                .findFirst();
    }

    /**
     * All types.
     *
     * @return by their numbers, ascending
     */
    public static Map<Integer, BlockFormat> all() {
        return BY_ID;
    }

    /**
     * Whether a format is one of llama.cpp's own, which pack several elements into a block.
     *
     * @param format any format
     * @return whether; plain 16 and 32 bit formats are not
     */
    public static boolean isPacked(BlockFormat format) {
        return all().containsValue(format) && blockElements(format) > 1;
    }

    /**
     * Elements of one block.
     *
     * @param format one of these types
     * @return 256 for Q4_K, 1 for BF16; rows are whole numbers of blocks
     */
    public static long blockElements(BlockFormat format) {
        return format.parts().get(0).columns();
    }
}
