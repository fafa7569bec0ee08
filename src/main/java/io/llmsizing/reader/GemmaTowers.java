package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;

/** Image and sound encoders of Gemma 3n and Gemma 4. */
final class GemmaTowers {
    private GemmaTowers() {}

    /** Gemma 4's image encoder: positions for both axes, four norms a block, queries and keys normed per head. */
    static void vision(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long head = keys.size("head_dim");
        long queries = Math.multiplyExact(keys.size("num_attention_heads"), head);
        long keyValues = Math.multiplyExact(keys.size("num_key_value_heads"), head);
        tower.linear("patch_embedder.input_proj", width, Math.multiplyExact(3, keys.area("patch_size")), false)
                .matrix(
                        "patch_embedder.position_embedding_table",
                        Math.multiplyExact(2, keys.size("position_embedding_size")),
                        width)
                .times(keys.count("num_hidden_layers"), "layers.N", block -> {
                    block.rmsNorm("input_layernorm", width)
                            .rmsNorm("post_attention_layernorm", width)
                            .rmsNorm("pre_feedforward_layernorm", width)
                            .rmsNorm("post_feedforward_layernorm", width)
                            .rmsNorm("attn.q_norm", head)
                            .rmsNorm("attn.k_norm", head);
                    EncoderParts.attention(block, width, queries, keyValues, false, false);
                    EncoderParts.gatedMlp(block, width, keys.size("intermediate_size"), false);
                });
        embedder(tower, "embed_vision", textWidth, width);
    }

    /** Gemma 4's sound encoder: a Conformer behind two convolutions. */
    static void audio(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long output = keys.size("output_proj_dims");
        long first = keys.whole("subsampling_conv_channels", 0);
        long second = keys.whole("subsampling_conv_channels", 1);
        convolution(tower, "subsample_conv_projection.layer0", first, 1, 9);
        convolution(tower, "subsample_conv_projection.layer1", second, first, 9);
        tower.linear("subsample_conv_projection.input_proj_linear", width, Math.multiplyExact(first / 4, second), false)
                .times(
                        keys.count("num_hidden_layers"),
                        "layers.N",
                        block -> conformer(
                                block, width, width / keys.size("num_attention_heads"), keys.size("conv_kernel_size")))
                .linear("output_proj", output, width, true);
        embedder(tower, "embed_audio", textWidth, output);
    }

    /** Gemma 3n's: the same Conformer behind convolutions of stated kernels and strides. */
    static void audio3n(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long bands = keys.size("input_feat_size");
        long inputs = 1;
        for (int layer = 0; layer < 2; layer++) {
            long channels = keys.whole("sscp_conv_channel_size", layer);
            long height = keys.whole("sscp_conv_kernel_size", layer, 0);
            long breadth = keys.whole("sscp_conv_kernel_size", layer, 1);
            convolution(
                    tower,
                    "subsample_conv_projection.conv_" + layer,
                    channels,
                    inputs,
                    Math.multiplyExact(height, breadth));
            bands = (bands + 2 - breadth) / keys.whole("sscp_conv_stride_size", layer, 1) + 1;
            inputs = channels;
        }
        List<Long> channels = keys.wholes("sscp_conv_channel_size");
        long folded = Math.multiplyExact(channels.get(channels.size() - 1), bands);
        tower.linear("subsample_conv_projection.input_proj_linear", width, folded, false)
                .times(
                        keys.count("conf_num_hidden_layers"),
                        "conformer.N",
                        block -> conformer(
                                block,
                                width,
                                width / keys.size("conf_num_attention_heads"),
                                keys.size("conf_conv_kernel_size")));
        embedder3n(keys, tower, "embed_audio", textWidth);
    }

    /** Gemma 3n's image encoder, which has one architecture. */
    static void vision3n(ClassKeys keys, TensorInventory tower, long textWidth) {
        if (!keys.text("architecture").equals("mobilenetv5_300m_enc")) {
            throw keys.unsupported("architecture", "only mobilenetv5_300m_enc is known");
        }
        MobileNetTower.write(tower);
        embedder3n(keys, tower, "embed_vision", textWidth);
    }

    /** Gemma 4 without encoders: patches and sound frames go through one projection each. */
    static void unifiedVision(ClassKeys keys, TensorInventory tower, long textWidth) {
        long side = Math.multiplyExact(keys.size("patch_size"), keys.size("pooling_kernel_size"));
        if (keys.states("model_patch_size") && keys.size("model_patch_size") != side) {
            throw keys.unsupported("model_patch_size", "patch_size x pooling_kernel_size is " + side);
        }
        long patch = Math.multiplyExact(3, Math.multiplyExact(side, side));
        long width = keys.size("mm_embed_dim");
        tower.layerNorm("patch_ln1", patch)
                .linear("patch_dense", width, patch, true)
                .layerNorm("patch_ln2", width)
                .matrix("pos_embedding", Math.multiplyExact(2, keys.size("mm_posemb_size")), width)
                .layerNorm("pos_norm", width);
        embedder(tower, "embed_vision", textWidth, keys.size("output_proj_dims"));
    }

    static void unifiedAudio(ClassKeys keys, TensorInventory tower, long textWidth) {
        embedder(tower, "embed_audio", textWidth, keys.size("audio_embed_dim"));
    }

    private static void convolution(TensorInventory tower, String name, long outputs, long inputs, long kernel) {
        tower.convolution(name + ".conv", outputs, inputs, kernel, false).rmsNorm(name + ".norm", outputs);
    }

    private static void conformer(TensorInventory block, long width, long head, long kernel) {
        for (String half : new String[] {"feed_forward1", "feed_forward2"}) {
            block.under(
                    half,
                    forward -> forward.rmsNorm("pre_layer_norm", width)
                            .linear("ffw_layer_1", 4 * width, width, false)
                            .linear("ffw_layer_2", width, 4 * width, false)
                            .rmsNorm("post_layer_norm", width));
        }
        EncoderParts.attention(block, width, false);
        block.linear("attn.relative_k_proj", width, width, false)
                .vector("attn.per_dim_scale", head)
                .rmsNorm("norm_pre_attn", width)
                .rmsNorm("norm_post_attn", width)
                .rmsNorm("norm_out", width)
                .under(
                        "lconv1d",
                        light -> light.rmsNorm("pre_layer_norm", width)
                                .linear("linear_start", 2 * width, width, false)
                                .convolution("depthwise_conv1d", width, 1, kernel, false)
                                .rmsNorm("conv_norm", width)
                                .linear("linear_end", width, width, false));
    }

    private static void embedder(TensorInventory tower, String name, long textWidth, long width) {
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector.linear(name + ".embedding_projection", textWidth, width, false));
    }

    private static void embedder3n(ClassKeys keys, TensorInventory tower, String name, long textWidth) {
        long width = keys.size("hidden_size");
        tower.as(
                TensorRole.VISION_PROJECTOR,
                projector -> projector
                        .matrix(name + ".embedding.weight", keys.size("vocab_size"), width)
                        .rmsNorm(name + ".hard_embedding_norm", width)
                        .rmsNorm(name + ".soft_embedding_norm", width));
        embedder(tower, name, textWidth, width);
    }
}
