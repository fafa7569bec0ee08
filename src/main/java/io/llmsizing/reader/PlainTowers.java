package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Models whose image encoder is a stack of plain blocks of their own, with what leads from it into the language model. */
final class PlainTowers {
    private PlainTowers() {}

    /** MiniMax-M3: two layers over patches, two more over joined ones. */
    static void miniMax(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long inner = outer.size("projector_hidden_size");
        long textWidth = outer.textWidth();
        long side = vision.size("spatial_merge_size");
        long merged = outer.states("merged_hidden_size")
                ? outer.size("merged_hidden_size")
                : Math.multiplyExact(textWidth, Math.multiplyExact(side, side));
        tower.under("vision_tower", part -> patchesOfFrames(vision, part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("multi_modal_projector.linear_1", inner, vision.size("hidden_size"), true)
                                .linear("multi_modal_projector.linear_2", textWidth, inner, true)
                                .linear("multi_modal_projector.merge_linear_1", inner, merged, true)
                                .linear("multi_modal_projector.merge_linear_2", textWidth, inner, true));
    }

    /** MiniMax-M3's: patches of two frames, a norm in front and no positions, as they are rotary. */
    private static void patchesOfFrames(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        long kernel = Math.multiplyExact(keys.size("temporal_patch_size"), keys.area("patch_size"));
        tower.convolution("patch_embedding", width, keys.size("num_channels"), kernel, false)
                .layerNorm("pre_layernorm", width);
        EncoderParts.plainBlocks(tower, keys.count("num_hidden_layers"), width, keys.size("intermediate_size"));
    }

    /** Muse Glimmer: an adapter of two layers and a projection, none with a bias. */
    static void muse(ClassKeys outer, TensorInventory tower) {
        long inner = outer.size("projector_hidden_size");
        tower.under("vision_tower", part -> gridOfFrames(outer.part("vision_config"), part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("vision_adapter.fc1", inner, outer.size("out_hidden_size"), false)
                                .linear("vision_adapter.fc2", inner, inner, false)
                                .linear("vision_projection", outer.textWidth(), inner, false));
    }

    /** Muse Glimmer's: patches of two frames, positions on a stated grid, norms before and after. */
    private static void gridOfFrames(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        long kernel = Math.multiplyExact(keys.size("patch_temporal"), keys.area("patch_size"));
        tower.convolution("patch_embedding", width, 3, kernel, false)
                .matrix(
                        "position_embedding_table",
                        Math.multiplyExact(keys.size("pos_emb_height"), keys.size("pos_emb_width")),
                        width)
                .layerNorm("ln_pre", width);
        EncoderParts.plainBlocks(tower, keys.count("num_hidden_layers"), width, keys.size("intermediate_size"));
        tower.layerNorm("ln_post", width);
    }

    /** Step 3.7: one layer. */
    static void step37(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        tower.under("vision_model", part -> scaled(vision, part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector.linear(
                                "multi_modal_projector",
                                outer.textWidth(),
                                4 * vision.size("hidden_size"),
                                outer.flag("projector_bias")));
    }

    /** Step 3.7's: blocks with layer scales, and two convolutions that halve the grid and double the width. */
    private static void scaled(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        tower.convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), false)
                .matrix("position_embedding", keys.patches("image_size", "patch_size"), width)
                .layerNorm("pre_layernorm", width)
                .times(keys.count("num_hidden_layers"), "layers.N", block -> {
                    block.layerNorm("norm1", width)
                            .layerNorm("norm2", width)
                            .vector("lambda_1", width)
                            .vector("lambda_2", width);
                    EncoderParts.attention(block, width, true);
                    EncoderParts.mlp(block, width, keys.scaled(width, "mlp_ratio"), true);
                })
                .convolution("downsampler1", 2 * width, width, 9, true)
                .convolution("downsampler2", 4 * width, 2 * width, 9, true);
    }

    /** Step 3: two convolutions and one layer. */
    static void step3(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long output = vision.size("output_hidden_size");
        tower.under("vision_model", part -> withClassToken(vision, part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .convolution("vit_downsampler", output, vision.size("hidden_size"), 4, true)
                                .convolution("vit_downsampler2", 2 * output, output, 9, true)
                                .linear(
                                        "vit_large_projector",
                                        outer.textWidth(),
                                        2 * output,
                                        outer.flag("projector_bias")));
    }

    /** Step 3's: a class token, biased patches, and no norm outside the blocks. */
    private static void withClassToken(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        tower.vector("class_embedding", width)
                .convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), true)
                .matrix("position_embedding", Math.addExact(keys.patches("image_size", "patch_size"), 1), width);
        EncoderParts.plainBlocks(tower, keys.count("num_hidden_layers"), width, keys.size("intermediate_size"));
    }

    /** VideoLLaMA 3: biased patches, rotary positions, a norm behind the blocks, two layers. */
    static void videoLlama(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        long textWidth = outer.textWidth();
        tower.under("vision_model", encoder -> {
                    encoder.convolution(
                            "patch_embedding", width, vision.size("num_channels"), vision.area("patch_size"), true);
                    EncoderParts.plainBlocks(
                            encoder, vision.count("num_hidden_layers"), width, vision.size("intermediate_size"));
                    encoder.layerNorm("post_layernorm", width);
                })
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("projector.readout.0", textWidth, width, true)
                                .linear("projector.readout.2", textWidth, textWidth, true));
    }

    /** PaddleOCR-VL: SigLIP without its head, then a norm and two layers over joined patches. */
    static void paddleOcr(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        long side = vision.size("spatial_merge_size");
        long joined = Math.multiplyExact(width, Math.multiplyExact(side, side));
        tower.under("visual", encoder -> ClipTowers.siglipWithoutHead(vision, encoder))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .layerNorm("projector.pre_norm", width)
                                .linear("projector.linear_1", joined, joined, true)
                                .linear("projector.linear_2", outer.textWidth(), joined, true));
    }

    /** Ovis 2: RMS norms and a gate, then a vocabulary of visual words with a table of its own. */
    static void ovis(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        long stride = vision.size("hidden_stride");
        long words = vision.size("vocab_size");
        long spoken = words - vision.count("num_visual_indicator_tokens");
        long joined = Math.multiplyExact(width, Math.multiplyExact(stride, stride));
        tower.under(
                        "vision_tower",
                        encoder -> encoder.convolution(
                                        "patch_embedding",
                                        width,
                                        vision.size("num_channels"),
                                        vision.area("patch_size"),
                                        true)
                                .matrix("position_embedding", vision.patches("image_size", "patch_size"), width)
                                .rmsNorm("embeddings.rms_norm", width)
                                .times(vision.count("num_hidden_layers"), "layers.N", block -> {
                                    block.rmsNorm("rms_norm1", width).rmsNorm("rms_norm2", width);
                                    EncoderParts.attention(block, width, vision.flag("qkv_bias"));
                                    EncoderParts.gatedMlp(
                                            block, width, vision.size("intermediate_size"), vision.flag("mlp_bias"));
                                })
                                .rmsNorm("rms_norm", width))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("head_linear", spoken, joined, false)
                                .layerNorm("head_norm", spoken)
                                .matrix("visual_embeddings_table", words, outer.size("hidden_size")));
    }
}
