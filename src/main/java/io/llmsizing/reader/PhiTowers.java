package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Image and sound encoders of the Phi lineage. */
final class PhiTowers {
    private PhiTowers() {}

    /** Phi-3 and 3.5 vision: CLIP, 2 x 2 patches joined, two learned separators. */
    static void phi3(ClassKeys outer, TensorInventory tower) {
        ClassKeys processor = outer.part("img_processor");
        ClassKeys layer = outer.part("embd_layer");
        if (!processor.text("name").equals("clip_vision_model")) {
            throw processor.unsupported("name", "only clip_vision_model is known");
        }
        if (!layer.flag("use_hd_transform") || !layer.flag("with_learnable_separator")) {
            throw layer.unsupported("use_hd_transform", "only with learnable separators is it known");
        }
        if (!layer.text("projection_cls").equals("mlp")) {
            throw layer.unsupported("projection_cls", "only mlp is known");
        }
        long joined = 4 * processor.size("image_dim_out");
        long textWidth = outer.size("hidden_size");
        ClipTowers.clip(processor, tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector
                        .vector("glb_GN", joined)
                        .vector("sub_GN", joined)
                        .linear("img_projection.0", textWidth, joined, true)
                        .linear("img_projection.2", textWidth, textWidth, true));
    }

    /** Phi-4 multimodal: SigLIP, and a Conformer with two projections, one for sound beside images. */
    static void phi4(ClassKeys outer, TensorInventory tower) {
        long textWidth = outer.size("hidden_size");
        ClassKeys vision = outer.part("vision_config");
        ClassKeys audio = outer.part("audio_config");
        long width = vision.size("hidden_size");
        long heard = Math.multiplyExact(audio.size("hidden_size"), audio.size("downsample_rate"));
        tower.under("image_embed", image -> ClipTowers.siglipWithHead(vision, image))
                .under("audio_embed", sound -> conformer(audio, sound))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("img_projection_up", textWidth, width, true)
                                .linear("img_projection_down", textWidth, textWidth, true)
                                .vector("global_img_feature_extensor", width)
                                .vector("sub_img_feature_extensor", width)
                                .linear("up_proj_for_speech", textWidth, heard, true)
                                .linear("down_proj_for_speech", textWidth, textWidth, true)
                                .linear("up_proj_for_vision_speech", textWidth, heard, true)
                                .linear("down_proj_for_vision_speech", textWidth, textWidth, true));
    }

    private static void conformer(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("hidden_size");
        long channels = keys.size("nemo_conv_channels");
        long halvings = 63L - Long.numberOfLeadingZeros(keys.size("time_reduction"));
        long buckets = Math.multiplyExact(keys.size("bias_max_distance"), keys.flag("bias_symmetric") ? 1 : 2);
        tower.convolution("embed.conv.0", channels, 1, 9, true)
                .times(
                        Math.max(halvings - 1, 0),
                        "embed.conv.N",
                        step -> step.convolution("depthwise", channels, 1, 9, true)
                                .convolution("pointwise", channels, channels, 1, true))
                .linear("embed.out", width, Math.multiplyExact(channels, finalBands(keys, halvings)), true)
                .matrix("relative_attention_bias_layer", buckets, keys.size("num_attention_heads"))
                .times(keys.count("num_blocks"), "encoders.N", block -> conformerBlock(keys, block, width));
    }

    /** Bands that are left when each step halves them, rounding up. */
    private static long finalBands(ClassKeys keys, long halvings) {
        if (keys.states("nemo_final_size")) {
            return keys.size("nemo_final_size");
        }
        long bands = keys.size("input_size");
        for (long step = 0; step < halvings; step++) {
            bands = (bands + 1) / 2;
        }
        return bands;
    }

    private static void conformerBlock(ClassKeys keys, TensorInventory block, long width) {
        long inner = keys.size("intermediate_size");
        long expanded = keys.size("ext_pw_out_channel");
        long deep = Math.multiplyExact(width, keys.size("depthwise_multiplier"));
        for (String half : new String[] {"feed_forward_in", "feed_forward_out"}) {
            block.under(
                    half,
                    forward -> forward.layerNorm("layer_norm", width)
                            .linear("gate_up_proj", 2 * inner, width, true)
                            .linear("down_proj", width, inner, true));
        }
        EncoderParts.attention(block, width, true);
        block.layerNorm("layer_norm_att", width)
                .layerNorm("layer_norm", width)
                .under(
                        "conv",
                        convolution -> convolution
                                .layerNorm("layer_norm", width)
                                .convolution("glu.ext_pw_conv_1d", 2 * expanded, width, 1, true)
                                .vector("glu.b1", expanded)
                                .vector("glu.b2", expanded)
                                .convolution("dw_sep_conv_1d.dw_conv", deep, 1, keys.size("kernel_size"), true)
                                .convolution(
                                        "dw_sep_conv_1d.pw_conv",
                                        keys.size("depthwise_separable_out_channel"),
                                        deep,
                                        1,
                                        true)
                                .convolution("ext_pw_conv_1d", expanded, width, 1, true));
    }
}
