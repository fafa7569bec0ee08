package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Models with a sound encoder of the Whisper lineage, some of which see too. */
final class WhisperTowers {
    private WhisperTowers() {}

    /** Voxtral: two layers over four frames at once. */
    static void voxtral(ClassKeys outer, TensorInventory tower) {
        ClassKeys audio = outer.part("audio_config");
        long textWidth = outer.textWidth();
        tower.under("audio_tower", part -> whisper(audio, part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear(
                                        "multi_modal_projector.linear_1",
                                        textWidth,
                                        audio.size("encoder_ffn_dim"),
                                        false)
                                .linear("multi_modal_projector.linear_2", textWidth, textWidth, false));
    }

    /** Qwen2-Audio: one layer. */
    static void qwen2Audio(ClassKeys outer, TensorInventory tower) {
        ClassKeys audio = outer.part("audio_config");
        tower.under("audio_tower", part -> whisper(audio, part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector.linear(
                                "multi_modal_projector.linear", outer.textWidth(), audio.size("d_model"), true));
    }

    /** Audio Flamingo 3: two layers. */
    static void flamingo(ClassKeys outer, TensorInventory tower) {
        ClassKeys audio = outer.part("audio_config");
        long textWidth = outer.textWidth();
        boolean bias = outer.flag("projector_bias");
        tower.under("audio_tower", part -> whisper(audio, part))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("multi_modal_projector.linear_1", textWidth, audio.size("d_model"), bias)
                                .linear("multi_modal_projector.linear_2", textWidth, textWidth, bias));
    }

    /** Qwen3-ASR: Qwen3-Omni's sound encoder alone. */
    static void asr3(ClassKeys outer, TensorInventory tower) {
        tower.under("audio_tower", part -> omni3Encoder(outer.part("audio_config"), part));
    }

    /** GLM-ASR: rotary positions, key-value heads stated, two layers over four frames at once. */
    static void glmAsr(ClassKeys outer, TensorInventory tower) {
        ClassKeys audio = outer.part("audio_config");
        long width = audio.size("hidden_size");
        long inner = audio.size("intermediate_size");
        long textWidth = outer.textWidth();
        long keyValues =
                Math.multiplyExact(audio.size("num_key_value_heads"), width / audio.size("num_attention_heads"));
        tower.under("audio_tower", encoder -> {
                    stem(audio, encoder, width);
                    encoder.times(audio.count("num_hidden_layers"), "layers.N", block -> {
                                block.layerNorm("input_layernorm", width).layerNorm("post_attention_layernorm", width);
                                EncoderParts.attentionWithoutKeyBias(block, width, keyValues);
                                EncoderParts.mlp(block, width, inner, true);
                            })
                            .layerNorm("norm", width);
                })
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("multi_modal_projector.linear_1", 2 * textWidth, inner, true)
                                .linear("multi_modal_projector.linear_2", textWidth, 2 * textWidth, true));
    }

    /** Qwen2.5-Omni: its sound encoder beside the image encoder of Qwen2.5-VL. */
    static void omni25(ClassKeys thinker, TensorInventory tower) {
        tower.under("audio_tower", part -> omni25Encoder(thinker.part("audio_config"), part))
                .under("visual", part -> QwenTowers.qwen25(thinker.part("vision_config"), part));
    }

    /** Qwen3-Omni: its sound encoder beside the image encoder of Qwen3-VL. */
    static void omni3(ClassKeys thinker, TensorInventory tower) {
        tower.under("audio_tower", part -> omni3Encoder(thinker.part("audio_config"), part))
                .under("visual", part -> QwenTowers.qwen3(thinker.part("vision_config"), part));
    }

    /** Whisper's own encoder, as Voxtral and Qwen2-Audio keep it: two convolutions, a table of positions, blocks. */
    private static void whisper(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("d_model");
        stem(keys, tower, width);
        tower.matrix("embed_positions", keys.size("max_source_positions"), width)
                .times(keys.count("encoder_layers"), "layers.N", block -> {
                    block.layerNorm("self_attn_layer_norm", width).layerNorm("final_layer_norm", width);
                    EncoderParts.attentionWithoutKeyBias(block, width, width);
                    EncoderParts.mlp(block, width, keys.size("encoder_ffn_dim"), true);
                })
                .layerNorm("layer_norm", width);
    }

    /** Qwen2.5-Omni's: computed positions, an embedding of start and end, and its own projection. */
    private static void omni25Encoder(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("d_model");
        long output = keys.size("output_dim");
        stem(keys, tower, width);
        tower.matrix("audio_bos_eos_token", 2, output)
                .times(keys.count("encoder_layers"), "layers.N", block -> {
                    block.layerNorm("self_attn_layer_norm", width).layerNorm("final_layer_norm", width);
                    EncoderParts.attentionWithoutKeyBias(block, width, width);
                    EncoderParts.mlp(block, width, keys.size("encoder_ffn_dim"), true);
                })
                .layerNorm("ln_post", width)
                .as(TensorRole.VISION_PROJECTOR, projector -> projector.linear("proj", output, width, true));
    }

    /** Qwen3-Omni's: three convolutions that halve time and bands, plain blocks, a projection of two layers. */
    private static void omni3Encoder(ClassKeys keys, TensorInventory tower) {
        long width = keys.size("d_model");
        long channels = keys.size("downsample_hidden_size");
        long bands = (((keys.size("num_mel_bins") + 1) / 2 + 1) / 2 + 1) / 2;
        tower.convolution("conv2d1", channels, 1, 9, true)
                .convolution("conv2d2", channels, channels, 9, true)
                .convolution("conv2d3", channels, channels, 9, true)
                .linear("conv_out", width, Math.multiplyExact(channels, bands), false);
        EncoderParts.plainBlocks(tower, keys.count("encoder_layers"), width, keys.size("encoder_ffn_dim"));
        tower.layerNorm("ln_post", width)
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .linear("proj1", width, width, true)
                                .linear("proj2", keys.size("output_dim"), width, true));
    }

    private static void stem(ClassKeys keys, TensorInventory tower, long width) {
        tower.convolution("conv1", width, keys.size("num_mel_bins"), 3, true)
                .convolution("conv2", width, width, 3, true);
    }
}
