package io.llmsizing.reader;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/**
 * Image encoders of the Qwen lineage: patches of two frames, and a merger that joins neighbouring patches on the way into
 * the language model.
 */
final class QwenTowers {
    private QwenTowers() {}

    /** Qwen2-VL: plain blocks; {@code hidden_size} is the width of the language model. */
    static void qwen2(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("embed_dim");
        patches(keys, tower, width, false);
        EncoderParts.plainBlocks(tower, keys.count("depth"), width, keys.scaled(width, "mlp_ratio"));
        tower.as(TensorRole.VISION_PROJECTOR, merger -> {
            merger.layerNorm("merger.ln_q", width);
            merge(merger, "merger", merged(keys, width), keys.size("hidden_size"));
        });
    }

    /** Qwen2.5-VL: RMS norms and a gate, every layer with a bias; EXAONE 4.5 has fewer key-value heads. */
    static void qwen25(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        long heads = keys.size("num_heads");
        long keyValues = keys.type().startsWith("exaone")
                ? Math.multiplyExact(keys.size("num_key_value_heads"), width / heads)
                : width;
        patches(keys, tower, width, false);
        tower.times(keys.count("depth"), "blocks.N", block -> {
                    block.rmsNorm("norm1", width).rmsNorm("norm2", width);
                    EncoderParts.attention(block, width, width, keyValues, true, true);
                    EncoderParts.gatedMlp(block, width, keys.size("intermediate_size"), true);
                })
                .as(TensorRole.VISION_PROJECTOR, merger -> {
                    merger.rmsNorm("merger.ln_q", width);
                    merge(merger, "merger", merged(keys, width), keys.size("out_hidden_size"));
                });
    }

    /** Qwen3-VL and later: learned positions, plain blocks, and where layers are tapped one merger for each of them. */
    static void qwen3(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        long merged = merged(keys, width);
        patches(keys, tower, width, true);
        tower.matrix("pos_embed", keys.size("num_position_embeddings"), width);
        EncoderParts.plainBlocks(tower, keys.count("depth"), width, keys.size("intermediate_size"));
        tower.as(TensorRole.VISION_PROJECTOR, merger -> {
            merger.layerNorm("merger.norm", width);
            merge(merger, "merger", merged, keys.size("out_hidden_size"));
            merger.times(keys.lengthOf("deepstack_visual_indexes"), "deepstack_merger_list.N", tap -> {
                tap.layerNorm("norm", merged);
                merge(tap, "mlp", merged, keys.size("out_hidden_size"));
            });
        });
    }

    /** ERNIE 4.5: Qwen2-VL's blocks with a norm behind them, and a resampler over space and time. */
    static void ernie(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long textWidth = outer.textWidth();
        long side = vision.size("spatial_merge_size");
        long joined = Math.multiplyExact(vision.size("hidden_size"), Math.multiplyExact(side, side));
        long overTime = Math.multiplyExact(joined, vision.size("temporal_merge_size"));
        tower.under("vision_tower", part -> ernieEncoder(vision, part));
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector
                        .linear("resampler_model.spatial_linear.fc1", joined, joined, true)
                        .linear("resampler_model.spatial_linear.fc2", joined, joined, true)
                        .layerNorm("resampler_model.spatial_linear.ln", joined)
                        .linear("resampler_model.temporal_linear.fc1", joined, overTime, true)
                        .linear("resampler_model.temporal_linear.fc2", joined, joined, true)
                        .layerNorm("resampler_model.temporal_linear.ln", joined)
                        .linear("resampler_model.mlp", textWidth, joined, true)
                        .rmsNorm("resampler_model.after_norm", textWidth));
    }

    private static void ernieEncoder(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        tower.convolution("patch_embed", width, keys.size("in_channels"), keys.area("patch_size"), false);
        EncoderParts.plainBlocks(tower, keys.count("depth"), width, keys.size("intermediate_size"));
        tower.layerNorm("ln", width);
    }

    private static void patches(ClassKeys keys, TensorInventory tower, long width, boolean bias) {
        long kernel = Math.multiplyExact(keys.size("temporal_patch_size"), keys.area("patch_size"));
        tower.convolution("patch_embed", width, keys.size("in_channels"), kernel, bias);
    }

    private static long merged(ClassKeys keys, long width) {
        long side = keys.size("spatial_merge_size");
        return Math.multiplyExact(width, Math.multiplyExact(side, side));
    }

    private static void merge(TensorInventory merger, String name, long merged, long outputs) {
        merger.linear(name + ".linear_fc1", merged, merged, true, ShardRule.ROWS)
                .linear(name + ".linear_fc2", outputs, merged, true, ShardRule.COLUMNS);
    }
}
