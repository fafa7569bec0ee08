package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/**
 * Image encoders of the GLM lineage: RMS norms and a gate, a convolution that joins patches, and a gated merger.
 */
final class GlmTowers {
    private GlmTowers() {}

    /** GLM-4.1V to 4.6V: learned positions; the blocks' inner width is that of the output, the merger's the stated one. */
    static void glm4(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        long outputs = keys.size("out_hidden_size");
        tower.matrix("embeddings.position_embedding", keys.patches("image_size", "patch_size"), width)
                .rmsNorm("post_conv_layernorm", width);
        patches(keys, tower, width);
        tower.times(keys.count("depth"), "blocks.N", block -> {
            block.rmsNorm("norm1", width).rmsNorm("norm2", width);
            EncoderParts.attention(block, width, width, width, keys.flag("attention_bias"), false);
            EncoderParts.gatedMlp(block, width, outputs, false);
        });
        merger(keys, tower, width, outputs, keys.size("intermediate_size"));
    }

    /** GLM-OCR: no positions, queries and keys normed per head; the merger is three outputs wide. */
    static void ocr(ClassKeys keys, TensorInventory tower) {
        long outputs = keys.size("out_hidden_size");
        normed(keys, tower, Math.multiplyExact(outputs, keys.size("in_channels")));
    }

    /** GLM-5.3: the same, the merger's width stated. */
    static void glm5(ClassKeys keys, TensorInventory tower) {
        normed(keys, tower, keys.size("projection_intermediate_size"));
    }

    private static void normed(ClassKeys keys, TensorInventory tower, long mergerWidth) {
        long width = keys.size("hidden_size");
        long head = width / keys.size("num_heads");
        boolean bias = keys.flag("attention_bias");
        patches(keys, tower, width);
        tower.times(keys.count("depth"), "blocks.N", block -> {
            block.rmsNorm("norm1", width)
                    .rmsNorm("norm2", width)
                    .rmsNorm("attn.q_norm", head)
                    .rmsNorm("attn.k_norm", head);
            EncoderParts.attention(block, width, bias);
            EncoderParts.gatedMlp(block, width, keys.size("intermediate_size"), bias);
        });
        merger(keys, tower, width, keys.size("out_hidden_size"), mergerWidth);
    }

    private static void patches(ClassKeys keys, TensorInventory tower, long width) {
        long kernel = Math.multiplyExact(keys.size("temporal_patch_size"), keys.area("patch_size"));
        tower.convolution("patch_embed", width, keys.size("in_channels"), kernel, true);
    }

    private static void merger(ClassKeys keys, TensorInventory tower, long width, long outputs, long inner) {
        long side = keys.size("spatial_merge_size");
        tower.rmsNorm("post_layernorm", width).as(TensorRole.VISION_PROJECTOR, projector -> {
            projector.convolution("downsample", outputs, width, Math.multiplyExact(side, side), true);
            projector.under("merger", merger -> {
                merger.linear("proj", outputs, outputs, false).layerNorm("post_projection_norm", outputs);
                EncoderParts.gatedMlp(merger, outputs, inner, false);
            });
        });
    }
}
