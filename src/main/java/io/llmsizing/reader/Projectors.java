package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Models made of a shared encoder and what leads from it into the language model. */
final class Projectors {
    private Projectors() {}

    /** LLaVA: two layers. */
    static void llava(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        ImageEncoders.write(vision, tower);
        twoLayers(outer, tower, tapped(outer, "vision_feature_layer", vision.size("hidden_size")));
    }

    /** LLaVA-NeXT: the same, and a vector for the end of a row. */
    static void llavaNext(ClassKeys outer, TensorInventory tower) {
        llava(outer, tower);
        tower.as(TensorRole.VISION_PROJECTOR, projector -> projector.vector("image_newline", outer.textWidth()));
    }

    /** LLaVA-NeXT-Video: the same, and a pooling layer that may be a convolution. */
    static void llavaNextVideo(ClassKeys outer, TensorInventory tower) {
        llavaNext(outer, tower);
        String mode = outer.text("spatial_pool_mode");
        if (mode.equals("conv")) {
            long width = outer.part("vision_config").size("hidden_size");
            long outputs = outer.states("spatial_pool_out_channels") ? outer.size("spatial_pool_out_channels") : width;
            tower.as(
                    TensorRole.VISION_PROJECTOR,
                    projector -> projector.convolution(
                            "vision_resampler.pool", outputs, width, outer.area("spatial_pool_stride"), true));
        } else if (!mode.equals("average") && !mode.equals("max")) {
            throw outer.unsupported("spatial_pool_mode", "known are average, max and conv");
        }
    }

    /** Video-LLaVA: one encoder for images, an equal one for videos. */
    static void videoLlava(ClassKeys outer, TensorInventory tower) {
        tower.under("video_tower", video -> ImageEncoders.write(outer.part("vision_config"), video));
        llava(outer, tower);
    }

    /** VipLLaVA: the outputs of several layers, normed together. */
    static void vipLlava(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long inputs = tapped(outer, "vision_feature_layers", vision.size("hidden_size"));
        long textWidth = outer.textWidth();
        ImageEncoders.write(vision, tower);
        normedTwoLayers(tower, "projector_layernorm", inputs, textWidth);
    }

    /** DeepSeek-VL: two layers, always with a bias. */
    static void deepSeekVl(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long textWidth = outer.textWidth();
        ImageEncoders.write(vision, tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector
                        .linear("aligner.linear1", textWidth, vision.size("hidden_size"), true)
                        .linear("aligner.linear2", textWidth, textWidth, true));
    }

    /** PaliGemma: one layer. */
    static void paliGemma(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        ImageEncoders.write(vision, tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector.linear(
                        "multi_modal_projector.linear",
                        outer.size("projection_dim"),
                        vision.size("hidden_size"),
                        true));
    }

    /** Gemma 3: a norm and one layer without bias. */
    static void gemma3(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        ImageEncoders.write(vision, tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector
                        .rmsNorm("multi_modal_projector.mm_soft_emb_norm", width)
                        .matrix("multi_modal_projector.mm_input_projection_weight", outer.textWidth(), width));
    }

    /** Aya Vision: patches joined, a norm, a gate between two layers. */
    static void aya(ClassKeys outer, TensorInventory tower) {
        long textWidth = outer.textWidth();
        long inner =
                outer.states("alignment_intermediate_size") ? outer.size("alignment_intermediate_size") : textWidth;
        long joined = joined(outer);
        ImageEncoders.write(outer.part("vision_config"), tower);
        tower.as(TensorRole.VISION_PROJECTOR, projector -> {
            projector.layerNorm("multi_modal_projector.layernorm", joined);
            gate(projector, joined, inner, textWidth);
        });
    }

    /** Command A Vision: the same without norm. */
    static void cohere2(ClassKeys outer, TensorInventory tower) {
        ImageEncoders.write(outer.part("vision_config"), tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector ->
                        gate(projector, joined(outer), outer.size("alignment_intermediate_size"), outer.textWidth()));
    }

    private static void gate(TensorInventory projector, long inputs, long inner, long outputs) {
        projector
                .linear("multi_modal_projector.linear_1", inner, inputs, true)
                .linear("multi_modal_projector.linear_2", outputs, inner / 2, true);
    }

    /** LFM2-VL: patches joined, a norm where the config has it, two layers. */
    static void lfm2(ClassKeys outer, TensorInventory tower) {
        long inner = outer.size("projector_hidden_size");
        boolean bias = outer.flag("projector_bias");
        ImageEncoders.write(outer.part("vision_config"), tower);
        tower.as(TensorRole.VISION_PROJECTOR, projector -> {
            if (outer.flag("projector_use_layernorm")) {
                projector.layerNorm("multi_modal_projector.layer_norm", joined(outer));
            }
            projector
                    .linear("multi_modal_projector.linear_1", inner, joined(outer), bias)
                    .linear("multi_modal_projector.linear_2", outer.textWidth(), inner, bias);
        });
    }

    /** Mistral 3: a norm, patches joined at their own width, then LLaVA's two layers. */
    static void mistral3(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        ImageEncoders.write(vision, tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> merger(projector, width, square(outer, "spatial_merge_size")));
        twoLayers(outer, tower, tapped(outer, "vision_feature_layer", width));
    }

    /** LightOnOCR: the same, one tap, no bias. */
    static void lightOn(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        long textWidth = outer.textWidth();
        ImageEncoders.write(vision, tower);
        tower.as(TensorRole.VISION_PROJECTOR, projector -> {
            merger(projector, width, square(outer, "spatial_merge_size"));
            projector
                    .linear("multi_modal_projector.linear_1", textWidth, width, false)
                    .linear("multi_modal_projector.linear_2", textWidth, textWidth, false);
        });
    }

    /** Mistral's own format: norm, merger and the bias of the two layers as the encoder's config states them. */
    static void mistralNative(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        long textWidth = outer.size("hidden_size");
        boolean bias = vision.flag("adapter_bias");
        tower.under("vision_encoder", encoder -> PixtralTower.write(vision, encoder))
                .as(TensorRole.VISION_PROJECTOR, projector -> {
                    if (vision.flag("add_pre_mm_projector_layer_norm")) {
                        projector.rmsNorm("pre_mm_projector_norm", width);
                    }
                    if (vision.text("mm_projector_id").equals("patch_merge")) {
                        long joined = Math.multiplyExact(width, square(vision, "spatial_merge_size"));
                        projector.linear("patch_merger.merging_layer", width, joined, false);
                    } else if (!vision.text("mm_projector_id").isEmpty()) {
                        throw vision.unsupported("mm_projector_id", "only patch_merge is known");
                    }
                    projector
                            .linear("vision_language_adapter.w_in", textWidth, width, bias)
                            .linear("vision_language_adapter.w_out", textWidth, textWidth, bias);
                });
    }

    private static void merger(TensorInventory projector, long width, long patches) {
        projector
                .rmsNorm("multi_modal_projector.norm", width)
                .linear(
                        "multi_modal_projector.patch_merger.merging_layer",
                        width,
                        Math.multiplyExact(width, patches),
                        false);
    }

    /** InternVL: patches joined by the downsampling ratio, a norm, two layers. */
    static void internVl(ClassKeys outer, TensorInventory tower, long textWidth) {
        ClassKeys vision = outer.part("vision_config");
        long side = outer.ratio("downsample_ratio").denominator()
                / outer.ratio("downsample_ratio").numerator();
        long joined = Math.multiplyExact(vision.size("hidden_size"), Math.multiplyExact(side, side));
        ImageEncoders.write(vision, tower);
        normedTwoLayers(tower, "layer_norm", joined, textWidth);
    }

    private static void normedTwoLayers(TensorInventory tower, String norm, long inputs, long textWidth) {
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector.under(
                        "multi_modal_projector",
                        part -> part.layerNorm(norm, inputs)
                                .linear("linear_1", textWidth, inputs, true)
                                .linear("linear_2", textWidth, textWidth, true)));
    }

    /** The width of what the projector gets when the encoder is tapped at one layer or at several. */
    private static long tapped(ClassKeys outer, String key, long width) {
        return Math.multiplyExact(outer.lengthOf(key), width);
    }

    private static long square(ClassKeys keys, String key) {
        return Math.multiplyExact(keys.size(key), keys.size(key));
    }

    private static long joined(ClassKeys outer) {
        return Math.multiplyExact(outer.part("vision_config").size("hidden_size"), square(outer, "downsample_factor"));
    }

    private static void twoLayers(ClassKeys outer, TensorInventory tower, long inputs) {
        long textWidth = outer.textWidth();
        boolean bias = outer.flag("multimodal_projector_bias");
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector
                        .linear("multi_modal_projector.linear_1", textWidth, inputs, bias)
                        .linear("multi_modal_projector.linear_2", textWidth, textWidth, bias));
    }
}
