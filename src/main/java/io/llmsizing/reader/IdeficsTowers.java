package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Idefics 2 and 3 and SmolVLM: SigLIP's encoder without its head, and a connector. */
final class IdeficsTowers {
    private IdeficsTowers() {}

    /** Idefics 3 and SmolVLM: pixels shuffled into channels, one layer. */
    static void shuffled(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long scale = outer.size("scale_factor");
        long joined = Math.multiplyExact(vision.size("hidden_size"), Math.multiplyExact(scale, scale));
        tower.under("vision_model", encoder -> ClipTowers.siglipWithoutHead(vision, encoder))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        connector -> connector.linear(
                                "connector.modality_projection.proj", outer.textWidth(), joined, false));
    }

    /** Idefics 2: a gated layer and a resampler with learned latents. */
    static void resampled(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        ClassKeys resampler = outer.part("perceiver_config");
        long visionWidth = vision.size("hidden_size");
        long textWidth = outer.textWidth();
        long textInner = outer.languageSize("text_config", "intermediate_size");
        long head = resampler.size("resampler_head_dim");
        // The resampler states a width of its own, but is made as wide as the language model.
        long width = textWidth;
        long queries = Math.multiplyExact(resampler.size("resampler_n_heads"), head);
        long keyValues = Math.multiplyExact(resampler.size("num_key_value_heads"), head);
        tower.under("vision_model", encoder -> ClipTowers.siglipWithoutHead(vision, encoder))
                .as(
                        TensorRole.VISION_PROJECTOR,
                        connector -> connector
                                .linear("connector.modality_projection.gate_proj", textInner, visionWidth, false)
                                .linear("connector.modality_projection.up_proj", textInner, visionWidth, false)
                                .linear("connector.modality_projection.down_proj", textWidth, textInner, false)
                                .matrix("connector.latents", resampler.size("resampler_n_latents"), width)
                                .times(resampler.count("resampler_depth"), "connector.layers.N", layer -> {
                                    layer.rmsNorm("input_latents_norm", width)
                                            .rmsNorm("input_context_norm", width)
                                            .rmsNorm("post_attention_layernorm", width);
                                    EncoderParts.attention(layer, width, queries, keyValues, false, false);
                                    EncoderParts.gatedMlp(layer, width, 4 * width, false);
                                })
                                .rmsNorm("connector.norm", width));
    }
}
