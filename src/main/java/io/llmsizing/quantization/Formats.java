package io.llmsizing.quantization;

import static com.google.common.base.Preconditions.checkArgument;
import static io.llmsizing.quantization.BlockFormat.WHOLE;

import java.util.List;

/**
 * The storage formats that people deploy, in whole bytes. Shapes of the stored parts are those that the checkpoint
 * formats document; the layouts of AWQ and GPTQ are as vLLM's {@code auto_awq} and {@code auto_gptq} read them.
 */
public final class Formats {
    /** IEEE 754 single precision: 4 bytes an element. */
    public static final BlockFormat FP32 = BlockFormat.of("fp32", 1, 4);

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
    public static final BlockFormat FP8_BLOCK_128 =
            BlockFormat.of("fp8-block-128", 1, 1).with("weight_scale_inv", 128, 128, 4);

    /** INT8 with an FP32 scale for each output channel. */
    public static final BlockFormat INT8_CHANNEL =
            BlockFormat.of("int8-channel", 1, 1).with("weight_scale", 1, WHOLE, 4);

    private Formats() {}

    private static long checked(long group) {
        checkArgument(group == 32 || group == 64 || group == 128, "groups of %s; 32, 64 or 128 are known", group);
        return group;
    }

    /**
     * Symmetric INT4 with a 16-bit scale for each group of inputs, as compressed-tensors packs it (without the 16 bytes
     * of its shape record): 4 + 16/group bits a weight.
     *
     * @param group inputs that share a scale: 32, 64 or 128
     * @return the format, named {@code int4-g128} for 128
     * @throws IllegalArgumentException for a group of another size
     */
    public static BlockFormat int4(long group) {
        return BlockFormat.of("int4-g" + checked(group), 8, 4).with("weight_scale", 1, group, 2);
    }

    /**
     * AWQ: INT4 packed along the outputs, with a 16-bit scale and a packed 4-bit zero point for each group of inputs:
     * 4 + 20/group bits a weight.
     *
     * @param group inputs that share scale and zero: 32, 64 or 128
     * @return the format, named {@code awq-g128} for 128
     * @throws IllegalArgumentException for a group of another size
     */
    public static BlockFormat awq(long group) {
        return new BlockFormat("awq-g" + checked(group), List.of(new BlockFormat.Part("qweight", 8, 1, 4)))
                .with("qzeros", 8, group, 4)
                .with("scales", 1, group, 2);
    }

    /**
     * GPTQ: INT4 packed along the inputs, with a 16-bit scale and a packed 4-bit zero point for each group, and the
     * group number of every input: 4 + 20/group + 32/outputs bits a weight.
     *
     * @param group inputs that share scale and zero: 32, 64 or 128
     * @return the format, named {@code gptq-g128} for 128
     * @throws IllegalArgumentException for a group of another size
     */
    public static BlockFormat gptq(long group) {
        return new BlockFormat("gptq-g" + checked(group), List.of(new BlockFormat.Part("qweight", 1, 8, 4)))
                .with("qzeros", 8, group, 4)
                .with("scales", 1, group, 2)
                .with("g_idx", WHOLE, 1, 4);
    }
}
