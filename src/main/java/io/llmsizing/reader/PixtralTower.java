package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;

/** Pixtral's image encoder: Llama's block without biases, rotary positions in two dimensions. */
final class PixtralTower {
    private PixtralTower() {}

    static void write(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        tower.convolution("patch_conv", width, keys.size("num_channels"), keys.area("patch_size"), false)
                .rmsNorm("ln_pre", width)
                .times(keys.count("num_hidden_layers"), "layers.N", block -> {
                    block.rmsNorm("attention_norm", width).rmsNorm("ffn_norm", width);
                    EncoderParts.attention(block, width, false);
                    EncoderParts.gatedMlp(block, width, keys.size("intermediate_size"), false);
                });
    }
}
