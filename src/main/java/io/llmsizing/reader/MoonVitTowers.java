package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Image encoders of the Kimi lineage: positions on a learned grid, plain blocks, a projector that joins 2 x 2 patches. */
final class MoonVitTowers {
    private MoonVitTowers() {}

    /** MoonViT of Kimi-VL and Kimi K2.5; positions in time, where there are any, are fixed. */
    static void write(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long merged = Math.multiplyExact(width, keys.area("merge_kernel_size"));
        patches(keys, tower, width, true);
        EncoderParts.plainBlocks(tower, keys.count("num_hidden_layers"), width, keys.size("intermediate_size"));
        tower.layerNorm("final_layernorm", width)
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .layerNorm("projector.pre_norm", width)
                                .linear("projector.linear_1", merged, merged, true)
                                .linear("projector.linear_2", textWidth, merged, true));
    }

    /** Kimi K3's: RMS norms, attention of its own width, biases where they are stated, a norm behind the projector. */
    static void kimi3(ClassKeys keys, TensorInventory tower, long textWidth) {
        require(keys, "norm_type", "rmsnorm");
        require(keys, "mlp_type", "mlp2");
        require(keys, "mm_projector_type", "patchmergerv2");
        long width = keys.size("hidden_size");
        long inner = keys.size("qkv_hidden_size");
        long merged = Math.multiplyExact(width, keys.area("merge_kernel_size"));
        boolean attentionBias = keys.flag("attn_bias");
        patches(keys, tower, width, keys.flag("patch_embed_proj_bias"));
        tower.times(keys.count("num_hidden_layers"), "blocks.N", block -> {
                    block.rmsNorm("norm0", width).rmsNorm("norm1", width);
                    EncoderParts.attention(block, width, inner, inner, attentionBias, attentionBias);
                    EncoderParts.mlp(block, width, keys.size("intermediate_size"), keys.flag("linear_bias"));
                })
                .rmsNorm("final_layernorm", width)
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("projector.linear_1", merged, merged, false)
                                .linear("projector.linear_2", textWidth, merged, false)
                                .rmsNorm("projector.post_norm", textWidth));
    }

    private static void patches(ClassKeys keys, TensorInventory tower, long width, boolean bias) {
        long grid = Math.multiplyExact(keys.size("pos_emb_height"), keys.size("pos_emb_width"));
        tower.convolution("patch_embed.proj", width, 3, keys.area("patch_size"), bias)
                .matrix("patch_embed.pos_emb", grid, width);
    }

    private static void require(ClassKeys keys, String key, String known) {
        if (!keys.text(key).equals(known)) {
            throw keys.unsupported(key, "only " + known + " is known for this architecture");
        }
    }
}
