package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;

/** Image encoders of the CLIP and SigLIP lineage: plain blocks under learned positions. */
final class ClipTowers {
    private ClipTowers() {}

    /** CLIP: a class token, and norms before and after the blocks. */
    static void clip(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        tower.vector("class_embedding", width)
                .convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), false)
                .matrix("position_embedding", Math.addExact(keys.patches("image_size", "patch_size"), 1), width)
                .layerNorm("pre_layernorm", width);
        blocks(keys, tower, width, keys.size("intermediate_size"));
        tower.layerNorm("post_layernorm", width);
    }

    /** SigLIP: no class token; a pooling head, unless the config leaves it out. */
    static void siglip(ClassKeys keys, TensorInventory tower) {
        siglip(keys, tower, keys.patches("image_size", "patch_size"));
        if (keys.flag("vision_use_head")) {
            poolingHead(keys, tower);
        }
    }

    /** SigLIP 2 with its native resolutions: the number of positions is stated. */
    static void siglip2(ClassKeys keys, TensorInventory tower) {
        siglip(keys, tower, keys.size("num_patches"));
        if (keys.flag("vision_use_head")) {
            poolingHead(keys, tower);
        }
    }

    /** SigLIP's encoder alone, as Idefics and SmolVLM have it. */
    static void siglipWithoutHead(ClassKeys keys, TensorInventory tower) {
        siglip(keys, tower, keys.patches("image_size", "patch_size"));
    }

    /** SigLIP with its pooling head whatever the config says. */
    static void siglipWithHead(ClassKeys keys, TensorInventory tower) {
        siglipWithoutHead(keys, tower);
        poolingHead(keys, tower);
    }

    private static void siglip(ClassKeys keys, TensorInventory tower, long positions) {
        long width = keys.size("hidden_size");
        tower.convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), true)
                .matrix("position_embedding", positions, width);
        blocks(keys, tower, width, keys.size("intermediate_size"));
        tower.layerNorm("post_layernorm", width);
    }

    private static void poolingHead(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        tower.under("head", head -> {
            head.vector("probe", width).layerNorm("layernorm", width);
            EncoderParts.attention(head, width, true);
            EncoderParts.mlp(head, width, keys.size("intermediate_size"), true);
        });
    }

    private static void blocks(ClassKeys keys, TensorInventory tower, long width, long inner) {
        EncoderParts.plainBlocks(tower, keys.count("num_hidden_layers"), width, inner);
    }
}
