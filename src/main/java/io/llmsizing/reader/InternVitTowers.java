package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;

/** InternViT: a class token, learned positions, blocks with layer scales whose queries and keys may be normed whole. */
final class InternVitTowers {
    private InternVitTowers() {}

    /** As the first checkpoints state it. */
    static void original(ClassKeys keys, TensorInventory tower) {
        write(
                keys,
                tower,
                Math.addExact(keys.patches("image_size", "patch_size"), 1),
                keys.flag("qkv_bias"),
                keys.flag("qk_normalization"));
    }

    /** As the transformers library states it: with a mask token or without, positions or none, a last norm or pooling. */
    static void ported(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        if (keys.flag("use_mask_token")) {
            tower.vector("mask_token", width);
        }
        write(
                keys,
                tower,
                keys.flag("use_absolute_position_embeddings")
                        ? Math.addExact(keys.patches("image_size", "patch_size"), 1)
                        : 0,
                keys.flag("attention_bias"),
                keys.flag("use_qk_norm"));
        if (!keys.flag("use_mean_pooling")) {
            tower.layerNorm("layernorm", width);
        }
    }

    private static void write(
            ClassKeys keys, TensorInventory tower, long positions, boolean inputBias, boolean normedHeads) {
        long width = keys.size("hidden_size");
        boolean plain = isLayerNorm(keys);
        tower.vector("class_embedding", width)
                .convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), true)
                .times(positions > 0 ? 1 : 0, "position_embedding", part -> part.matrix("weight", positions, width))
                .times(keys.count("num_hidden_layers"), "layers.N", block -> {
                    for (String norm : new String[] {"norm1", "norm2"}) {
                        if (plain) {
                            block.layerNorm(norm, width);
                        } else {
                            block.rmsNorm(norm, width);
                        }
                    }
                    if (normedHeads) {
                        block.rmsNorm("attn.q_norm", width).rmsNorm("attn.k_norm", width);
                    }
                    EncoderParts.attention(block, width, width, width, inputBias, true);
                    EncoderParts.mlp(block, width, keys.size("intermediate_size"), true);
                    block.vector("ls1", width).vector("ls2", width);
                });
    }

    private static boolean isLayerNorm(ClassKeys keys) {
        String type = keys.text("norm_type");
        if (!type.equals("layer_norm") && !type.equals("rms_norm")) {
            throw keys.unsupported("norm_type", "known are layer_norm and rms_norm");
        }
        return type.equals("layer_norm");
    }
}
