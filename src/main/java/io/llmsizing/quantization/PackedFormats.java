package io.llmsizing.quantization;

import static com.google.common.base.Preconditions.checkArgument;
import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.quantization.BlockFormat.Part;
import java.util.List;

/**
 * Integers of 2 to 8 bits in 32-bit words, with a 16-bit scale for a group of inputs. The layouts of AWQ and GPTQ are as
 * vLLM's {@code auto_awq} and {@code auto_gptq} read them, the third is that of compressed-tensors.
 */
public final class PackedFormats {
    private static final long SMALLEST_GROUP = 8;
    private static final long LARGEST_GROUP = 1L << 16;

    private PackedFormats() {}

    private static long known(long bits) {
        checkArgument(
                bits == 2 || bits == 3 || bits == 4 || bits == 8, "integers of %s bits; 2, 3, 4 or 8 are known", bits);
        return bits;
    }

    /** Elements that fill whole words: 32 elements of 3 bits fill three. */
    private static long elements(long bits) {
        return known(bits) == 3 ? 32 : 32 / bits;
    }

    private static String groups(long group) {
        checkArgument(
                group == WHOLE || (group >= SMALLEST_GROUP && group <= LARGEST_GROUP && group % SMALLEST_GROUP == 0),
                "groups of %s; a multiple of 8 from 8 to 65536, or whole rows, are known",
                group);
        return group == WHOLE ? "channel" : "g" + group;
    }

    private static String named(String kind, long bits, long group) {
        return kind + (bits == 4 ? "-" : "-" + bits + "bit-") + groups(group);
    }

    /**
     * Symmetric integers as compressed-tensors packs them along the inputs (without the record of the shape, 16 bytes a
     * tensor): 4 + 16/group bits a weight for 4 bits.
     *
     * @param bits 2, 4 or 8; 3 bits leave two of 32 empty
     * @param group inputs that share a scale: a multiple of 8 up to 65,536, or {@link BlockFormat#WHOLE}
     * @return the format, named {@code int4-g128}, {@code int4-channel}, {@code int8-packed-channel}
     * @throws IllegalArgumentException for bits or a group that are not known
     */
    public static BlockFormat packed(long bits, long group) {
        String packed = bits == 8 && group == WHOLE ? "-packed-" : "-";
        return BlockFormat.of("int" + bits + packed + groups(group), 32 / known(bits), 4)
                .with("weight_scale", 1, group, 2);
    }

    /**
     * The same with a zero point for each group, packed along the outputs: 4/group bits a weight more for 4 bits.
     *
     * @param bits as for {@link #packed}
     * @param group as for {@link #packed}
     * @return the format, named {@code int4-g128-asym}
     * @throws IllegalArgumentException for bits or a group that are not known
     */
    public static BlockFormat packedAsymmetric(long bits, long group) {
        BlockFormat symmetric = packed(bits, group);
        return symmetric
                .named(symmetric.name() + "-asym")
                .with("weight_zero_point", symmetric.parts().get(0).columns(), group, 4);
    }

    /**
     * A format with the group number of every input, for weights that were ordered by activation.
     *
     * @param format one of {@link #packed} or {@link #packedAsymmetric}
     * @return the larger format, named {@code int4-g128-ordered}
     */
    public static BlockFormat ordered(BlockFormat format) {
        return format.named(format.name() + "-ordered").with("weight_g_idx", WHOLE, 1, 4);
    }

    /**
     * AWQ: packed along the outputs, with a 16-bit scale and a packed zero point for each group of inputs: 4 + 20/group
     * bits a weight for 4 bits.
     *
     * @param bits 3, 4 or 8 (2 is taken too)
     * @param group inputs that share scale and zero: a multiple of 8 up to 65,536, or {@link BlockFormat#WHOLE}
     * @return the format, named {@code awq-g128}, {@code awq-8bit-g128} or {@code awq-channel}
     * @throws IllegalArgumentException for bits or a group that are not known
     */
    public static BlockFormat awq(long bits, long group) {
        long elements = elements(bits);
        long bytes = elements * bits / 8;
        return new BlockFormat(named("awq", bits, group), List.of(new Part("qweight", elements, 1, bytes)))
                .with("qzeros", elements, group, bytes)
                .with("scales", 1, group, 2);
    }

    /**
     * GPTQ: packed along the inputs, with a 16-bit scale and a packed zero point for each group, and the group number of
     * every input: 4 + 20/group + 32/outputs bits a weight for 4 bits, 8 + 24/group + 32/outputs for 8, and 3 + 19/group
     * + 32/outputs for 3.
     *
     * @param bits 2, 3, 4 or 8
     * @param group inputs that share scale and zero: a multiple of 8 up to 65,536, or {@link BlockFormat#WHOLE}
     * @return the format, named {@code gptq-g128}, {@code gptq-8bit-g128} or {@code gptq-channel}
     * @throws IllegalArgumentException for bits or a group that are not known
     */
    public static BlockFormat gptq(long bits, long group) {
        long elements = elements(bits);
        long bytes = elements * bits / 8;
        return new BlockFormat(named("gptq", bits, group), List.of(new Part("qweight", 1, elements, bytes)))
                .with("qzeros", elements, group, bytes)
                .with("scales", 1, group, 2)
                .with("g_idx", WHOLE, 1, 4);
    }
}
