package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Image encoders of the DeepSeek lineage. */
final class DeepSeekTowers {
    private DeepSeekTowers() {}

    /** SigLIP as DeepSeek-VL2 and Janus keep it, with its pooling head though nothing comes out of it. */
    static void siglip(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("width");
        long inner = keys.scaled(width, "mlp_ratio");
        tower.convolution("patch_embed", width, 3, keys.area("patch_size"), true)
                .matrix("pos_embed", keys.patches("image_size", "patch_size"), width);
        EncoderParts.plainBlocks(tower, keys.count("layers"), width, inner);
        tower.layerNorm("norm", width).under("attn_pool", pool -> {
            pool.vector("latent", width).layerNorm("norm", width);
            EncoderParts.attention(pool, width, true);
            EncoderParts.mlp(pool, width, inner, true);
        });
    }

    /** DeepSeek-VL2, and DeepSeek-OCR with SAM in front of CLIP. */
    static void vl2(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config", "model_name");
        if (vision.type().equals("deeplip_b_l")) {
            deepEncoder(vision.part("width"), tower);
        } else if (vision.type().startsWith("siglip_")) {
            siglip(vision, tower);
        } else {
            throw vision.unsupported("model_name", "known are deeplip_b_l and the names of SigLIP models");
        }
        tower.as(TensorRole.VISION_PROJECTOR, projector -> projector(outer.part("projector_config"), projector));
    }

    private static void deepEncoder(ClassKeys widths, TensorInventory tower) {
        ClassKeys sam = widths.part("sam_vit_b");
        long width = sam.size("width");
        long globals = sam.lengthOf("global_attn_indexes");
        tower.under("sam_model", encoder -> {
            new SamTower(width, sam.count("layers"), globals, sam.size("heads"), 4 * width, 3 * 256, 64, 14, 256)
                    .write(encoder);
            encoder.convolution("net_2", 512, 256, 9, false).convolution("net_3", 1024, 512, 9, false);
        });
        ClassKeys clip = widths.part("clip-l-14-224");
        long clipWidth = clip.size("width");
        tower.under("vision_model", encoder -> {
            encoder.vector("class_embedding", clipWidth)
                    .convolution("patch_embedding", clipWidth, 3, clip.area("patch_size"), false)
                    .matrix("position_embedding", Math.addExact(clip.patches("image_size", "patch_size"), 1), clipWidth)
                    .layerNorm("pre_layrnorm", clipWidth);
            EncoderParts.plainBlocks(encoder, clip.count("layers"), clipWidth, 4 * clipWidth);
        });
    }

    private static void projector(ClassKeys keys, TensorInventory projector) {
        long outputs = keys.size("n_embed");
        long inputs = keys.size("input_dim");
        if (keys.text("projector_type").equals("linear")) {
            projector.linear("projector.layers", outputs, inputs, true);
        } else if (keys.text("projector_type").equals("downsample_mlp_gelu")) {
            long side = keys.size("downsample_ratio");
            long inner = Math.multiplyExact(outputs, keys.size("mlp_ratio"));
            projector
                    .linear(
                            "projector.layers.0",
                            inner,
                            Math.multiplyExact(inputs, Math.multiplyExact(side, side)),
                            true)
                    .times(
                            Math.max(keys.size("depth") - 2, 0),
                            "projector.layers.N",
                            layer -> layer.linear("inner", inner, inner, true))
                    .linear("projector.layers.last", outputs, inner, true);
        } else {
            throw keys.unsupported("projector_type", "known are linear and downsample_mlp_gelu");
        }
        projector.vector("image_newline", outputs).vector("view_seperator", outputs);
    }

    /** DeepSeek-V4.1: RMS norms and a gate, 3 x 3 patches joined on the way into the language model. */
    static void v41(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long side = keys.size("downsample_ratio");
        tower.linear("patch_embed.proj", width, Math.multiplyExact(3, keys.area("patch_size")), true)
                .times(keys.count("num_hidden_layers"), "blocks.N", block -> {
                    block.rmsNorm("norm1", width).rmsNorm("norm2", width);
                    EncoderParts.attention(block, width, true);
                    EncoderParts.gatedMlp(block, width, keys.size("intermediate_size"), false);
                })
                .rmsNorm("norm", width)
                .as(
                        TensorRole.VISION_PROJECTOR,
                        aligner -> aligner.linear(
                                        "aligner.w1",
                                        textWidth,
                                        Math.multiplyExact(width, Math.multiplyExact(side, side)),
                                        true)
                                .linear("aligner.w2", textWidth, textWidth, true)
                                .vector("image_start", textWidth)
                                .vector("image_end", textWidth)
                                .vector("image_newline", textWidth));
    }
}
