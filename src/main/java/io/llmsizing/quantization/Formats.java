package io.llmsizing.quantization;

import static com.google.common.base.Preconditions.checkArgument;
import static io.llmsizing.quantization.BlockFormat.CONTINUED;
import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.quantization.BlockFormat.Part;
import java.util.List;

/**
 * The storage formats that people deploy, in whole bytes. Shapes of the stored parts are those that the checkpoint
 * formats document. Formats of packed integers stand in {@link PackedFormats}.
 */
public final class Formats {
    /** IEEE 754 single precision: 4 bytes an element. */
    public static final BlockFormat FP32 = BlockFormat.of("fp32", 1, 4);

    /** Whole numbers of 32 bits, for tables. */
    public static final BlockFormat INT32 = BlockFormat.of("int32", 1, 4);

    /** A tensor that a model has and its checkpoint does not hold: no bytes. */
    public static final BlockFormat NOT_STORED = BlockFormat.of("not-stored", 1, 0);

    /** IEEE 754 half precision: 2 bytes an element. */
    public static final BlockFormat FP16 = BlockFormat.of("fp16", 1, 2);

    /** Brain floating point: 2 bytes an element. */
    public static final BlockFormat BF16 = BlockFormat.of("bf16", 1, 2);

    /** FP8 E4M3 with one FP32 scale for the tensor. */
    public static final BlockFormat FP8_TENSOR =
            BlockFormat.of("fp8-tensor", 1, 1).with("weight_scale", WHOLE, WHOLE, 4);

    /** FP8 E4M3 with an FP32 scale for each output channel. */
    public static final BlockFormat FP8_CHANNEL =
            BlockFormat.of("fp8-channel", 1, 1).with("weight_scale", 1, WHOLE, 4);

    /** FP8 E4M3 with an FP32 scale for each 128 x 128 block, as DeepSeek-V3 is published: 8.00195 bits a weight. */
    public static final BlockFormat FP8_BLOCK_128 = fp8Block(128, 128);

    /** FP8 E4M3 with a power of two in one byte (E8M0) for 32 inputs: 8.25 bits a weight. */
    public static final BlockFormat MXFP8 = BlockFormat.of("mxfp8", 1, 1).with("weight_scale", 1, 32, 1);

    /** INT8 with an FP32 scale for each output channel. */
    public static final BlockFormat INT8_CHANNEL =
            BlockFormat.of("int8-channel", 1, 1).with("weight_scale", 1, WHOLE, 4);

    /** INT8 with one FP32 scale for the tensor. */
    public static final BlockFormat INT8_TENSOR =
            BlockFormat.of("int8-tensor", 1, 1).with("weight_scale", WHOLE, WHOLE, 4);

    /** INT8 as bitsandbytes stores it, with an FP32 scale for each output channel. */
    public static final BlockFormat INT8_BITSANDBYTES =
            BlockFormat.of("bnb-int8", 1, 1).with("SCB", 1, WHOLE, 4);

    /** FP4 E2M1, two elements a byte, with a power of two in one byte for 32 inputs: 17 bytes per 32. */
    public static final BlockFormat MXFP4 = BlockFormat.of("mxfp4", 2, 1).with("weight_scale", 1, 32, 1);

    /**
     * FP4 E2M1, two elements a byte, with an FP8 scale for 16 inputs and an FP32 scale for the tensor, for weights that
     * are multiplied with 16-bit activations: 9 bytes per 16, and 4.
     */
    public static final BlockFormat NVFP4_WEIGHT_ONLY =
            BlockFormat.of("nvfp4-a16", 2, 1).with("weight_scale", 1, 16, 1).with("weight_scale_2", WHOLE, WHOLE, 4);

    /** The same with an FP32 scale for what flows in: 9 bytes per 16, and 8. */
    public static final BlockFormat NVFP4 = NVFP4_WEIGHT_ONLY.named("nvfp4").with("input_scale", WHOLE, WHOLE, 4);

    /**
     * The 4-bit normal float of bitsandbytes, with an FP32 maximum for 64 elements counted on over the rows' ends: 4.5
     * bits a weight (its code book of 64 bytes is not counted).
     */
    public static final BlockFormat NF4 = runningOn("nf4", 4);

    /** The 4-bit float of bitsandbytes, scaled like {@link #NF4}. */
    public static final BlockFormat FP4 = NF4.named("fp4");

    /** NF4 whose maxima are bytes, with an FP32 maximum for 256 of them: 4 + 8/64 + 32/(64 x 256) bits a weight. */
    public static final BlockFormat NF4_DOUBLE =
            runningOn("nf4-double", 1).with("nested_absmax", CONTINUED, 64L * 256, 4);

    /** The 4-bit float of bitsandbytes, scaled like {@link #NF4_DOUBLE}. */
    public static final BlockFormat FP4_DOUBLE = NF4_DOUBLE.named("fp4-double");

    private static final long LARGEST_BLOCK = 1L << 20;

    private Formats() {}

    private static BlockFormat runningOn(String name, long maximumBytes) {
        return new BlockFormat(
                name, List.of(new Part("weight", CONTINUED, 2, 1), new Part("absmax", CONTINUED, 64, maximumBytes)));
    }

    /**
     * FP8 E4M3 with an FP32 scale for each block.
     *
     * @param rows output channels of a block, 1 to 2^20
     * @param columns input channels of a block, 1 to 2^20
     * @return the format, named {@code fp8-block-128} for 128 x 128 and {@code fp8-block-1x128} for 1 x 128
     * @throws IllegalArgumentException if a side is out of range
     */
    public static BlockFormat fp8Block(long rows, long columns) {
        checkArgument(
                rows >= 1 && rows <= LARGEST_BLOCK && columns >= 1 && columns <= LARGEST_BLOCK,
                "blocks of %s x %s; 1 to 2^20 allowed",
                rows,
                columns);
        String size = rows == columns ? Long.toString(rows) : rows + "x" + columns;
        return BlockFormat.of("fp8-block-" + size, 1, 1).with("weight_scale_inv", rows, columns, 4);
    }

    /**
     * FP8 E4M3 with a power of two in one byte (E8M0) for each block, as DeepSeek-V4 is published.
     *
     * @param rows output channels of a block, 1 to 2^20
     * @param columns input channels of a block, 1 to 2^20
     * @return the format, named {@code fp8-block-128-e8m0} for 128 x 128: 8.00049 bits a weight
     * @throws IllegalArgumentException if a side is out of range
     */
    public static BlockFormat fp8BlockE8m0(long rows, long columns) {
        return BlockFormat.of(fp8Block(rows, columns).name() + "-e8m0", 1, 1).with("scale", rows, columns, 1);
    }

    /**
     * A format with an FP32 scale more, for what flows into the matrix: activations that are quantised with a scale
     * found beforehand.
     *
     * @param format the format
     * @return the larger format, named {@code fp8-tensor-static} for {@link #FP8_TENSOR}
     */
    public static BlockFormat withInputScale(BlockFormat format) {
        return format.named(format.name() + "-static").with("input_scale", WHOLE, WHOLE, 4);
    }

    /**
     * Symmetric INT4 as compressed-tensors packs it.
     *
     * @param group inputs that share a scale
     * @return {@link PackedFormats#packed} of 4 bits
     * @throws IllegalArgumentException for a group that is out of range
     */
    public static BlockFormat int4(long group) {
        return PackedFormats.packed(4, group);
    }

    /**
     * AWQ of 4 bits.
     *
     * @param group inputs that share scale and zero
     * @return {@link PackedFormats#awq} of 4 bits
     * @throws IllegalArgumentException for a group that is out of range
     */
    public static BlockFormat awq(long group) {
        return PackedFormats.awq(4, group);
    }

    /**
     * GPTQ of 4 bits.
     *
     * @param group inputs that share scale and zero
     * @return {@link PackedFormats#gptq} of 4 bits
     * @throws IllegalArgumentException for a group that is out of range
     */
    public static BlockFormat gptq(long group) {
        return PackedFormats.gptq(4, group);
    }
}
