package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;

/** MobileNetV5 with 300 million parameters, as the timm library defines it under {@code mobilenetv5_300m_enc}. */
final class MobileNetTower {
    private MobileNetTower() {}

    static void write(TensorInventory tower) {
        tower.convolution("conv_stem.conv", 64, 3, 9, true)
                .rmsNorm("conv_stem.bn", 64)
                .under("blocks.0", stage -> {
                    stage.times(1, "0", block -> fused(block, 64, 256, 128));
                    stage.times(2, "N", block -> fused(block, 128, 512, 128));
                })
                .under("blocks.1", stage -> {
                    stage.times(1, "0", block -> inverted(block, 128, 768, 256, 9, 25));
                    stage.times(2, "N", block -> inverted(block, 256, 1024, 256, 25, 0));
                    stage.times(2, "N", block -> inverted(block, 256, 1024, 256, 9, 0));
                })
                .under("blocks.2", stage -> {
                    stage.times(1, "0", block -> inverted(block, 256, 1536, 640, 25, 25));
                    stage.times(7, "N", block -> inverted(block, 640, 2560, 640, 25, 0));
                    stage.times(1, "8", block -> inverted(block, 640, 640, 640, 0, 0));
                    stage.times(14, "N", block -> attention(block, 640, 768, 64, true));
                    stage.times(14, "N", block -> inverted(block, 640, 1280, 640, 0, 0));
                })
                .under("blocks.3", stage -> {
                    stage.times(1, "0", block -> inverted(block, 640, 3840, 1280, 25, 25));
                    stage.times(19, "N", block -> attention(block, 1280, 1536, 96, false));
                    stage.times(19, "N", block -> inverted(block, 1280, 2560, 1280, 0, 0));
                })
                .under("msfa", fusion -> {
                    normed(fusion, "ffn.pw_exp", 3840, 640 + 1280, 1);
                    normed(fusion, "ffn.pw_proj", 2048, 3840, 1);
                    fusion.rmsNorm("norm", 2048);
                });
    }

    private static void normed(TensorInventory block, String name, long outputs, long inputs, long kernel) {
        block.convolution(name + ".conv", outputs, inputs, kernel, false).rmsNorm(name + ".bn", outputs);
    }

    /** Expansion and depthwise convolution in one. */
    private static void fused(TensorInventory block, long inputs, long inner, long outputs) {
        normed(block, "exp", inner, inputs, 9);
        normed(block, "pwl", outputs, inner, 1);
    }

    /** An inverted bottleneck with a depthwise convolution at its start, in its middle, or at neither place (0). */
    private static void inverted(
            TensorInventory block, long inputs, long inner, long outputs, long startKernel, long middleKernel) {
        if (startKernel > 0) {
            normed(block, "dw_start", inputs, 1, startKernel);
        }
        normed(block, "pw_exp", inner, inputs, 1);
        if (middleKernel > 0) {
            normed(block, "dw_mid", inner, 1, middleKernel);
        }
        normed(block, "pw_proj", outputs, inner, 1);
        block.vector("layer_scale.gamma", outputs);
    }

    /** Attention with one key-value head, before which the grid may be halved. */
    private static void attention(TensorInventory block, long width, long queries, long head, boolean halved) {
        block.rmsNorm("norm", width).linear("attn.query.proj", queries, width, false);
        for (String part : new String[] {"attn.key", "attn.value"}) {
            if (halved) {
                block.convolution(part + ".down_conv", width, 1, 9, false).rmsNorm(part + ".norm", width);
            }
            block.linear(part + ".proj", head, width, false);
        }
        block.linear("attn.output.proj", width, queries, false).vector("layer_scale.gamma", width);
    }
}
