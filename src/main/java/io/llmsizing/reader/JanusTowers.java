package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;

/** Janus: an image encoder, and a quantising auto-encoder with which the same model draws. */
final class JanusTowers {
    private JanusTowers() {}

    /** As the transformers library has it. */
    static void ported(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config");
        long width = vision.size("hidden_size");
        long inner = vision.scaled(width, "mlp_ratio");
        tower.under("vision_model", encoder -> {
            encoder.convolution("patch_embedding", width, vision.size("num_channels"), vision.area("patch_size"), true)
                    .matrix("position_embedding", vision.patches("image_size", "patch_size"), width)
                    .times(vision.count("num_hidden_layers"), "layers.N", block -> {
                        block.layerNorm("layer_norm1", width).layerNorm("layer_norm2", width);
                        if (vision.flag("use_qk_norm")) {
                            block.layerNorm("attn.q_norm", width).layerNorm("attn.k_norm", width);
                        }
                        EncoderParts.attention(block, width, width, width, vision.flag("attention_bias"), true);
                        EncoderParts.mlp(block, width, inner, true);
                    })
                    .layerNorm("post_layernorm", width);
        });
        ClassKeys codes = outer.part("vq_config");
        tower.as(TensorRole.VISION_PROJECTOR, projector -> {
            stack(projector, "aligner", width, vision.size("projection_dim"), vision.count("depth"));
            generator(
                    codes,
                    projector,
                    codes.size("projection_dim"),
                    codes.count("num_hidden_layers"),
                    codes.size("image_token_embed_dim"));
        });
        tower.under("vqmodel", model -> autoEncoder(codes, model));
    }

    /** As its authors published it: SigLIP by its name, the auto-encoder by its only class. */
    static void original(ClassKeys outer, TensorInventory tower) {
        ClassKeys vision = outer.part("vision_config").part("params", "model_name");
        if (!vision.type().startsWith("siglip_")) {
            throw vision.unsupported("model_name", "known are the names of SigLIP models");
        }
        tower.under("vision_model", encoder -> DeepSeekTowers.siglip(vision, encoder));
        ClassKeys aligner = outer.part("aligner_config").part("params");
        ClassKeys codes = outer.part("gen_vision_config").part("params");
        ClassKeys drawing = outer.part("gen_aligner_config").part("params");
        ClassKeys head = outer.part("gen_head_config").part("params");
        tower.as(TensorRole.VISION_PROJECTOR, projector -> {
            stack(projector, "aligner", vision.size("width"), aligner.size("n_embed"), aligner.size("depth"));
            generator(codes, projector, drawing.size("n_embed"), drawing.size("depth"), head.size("image_token_embed"));
        });
        tower.under("gen_vision_model", model -> autoEncoder(codes, model));
    }

    private static void stack(TensorInventory projector, String name, long inputs, long outputs, long depth) {
        projector
                .linear(name + ".fc1", outputs, inputs, true)
                .times(
                        Math.max(depth - 1, 0),
                        name + ".hidden_layers.N",
                        layer -> layer.linear("fc", outputs, outputs, true));
    }

    private static void generator(ClassKeys codes, TensorInventory projector, long width, long depth, long headWidth) {
        long number = codes.size("num_embeddings");
        long code = codes.size("embed_dim");
        projector.matrix("generation_embeddings", number, code);
        stack(projector, "generation_aligner", code, width, depth);
        projector
                .linear("generation_head.proj_out", width, headWidth, true)
                .linear("generation_head.vision_head", number, width, true);
    }

    private static void autoEncoder(ClassKeys codes, TensorInventory model) {
        List<Long> factors = codes.wholes("channel_multiplier");
        int last = factors.size() - 1;
        if (last < 0 || last > 15) {
            throw codes.unsupported("channel_multiplier", "expected a factor for each of 1 to 16 levels");
        }
        long base = codes.size("base_channels");
        long latent = codes.size("latent_channels");
        long code = codes.size("embed_dim");
        long deepest = Math.multiplyExact(base, factors.get(last));
        model.convolution("encoder.conv_in", base, codes.size("in_channels"), 9, true);
        long inputs = base;
        for (int level = 0; level <= last; level++) {
            inputs = level(codes.few("num_res_blocks", 64), model, inputs, base * factors.get(level), level == last);
            if (level < last) {
                model.convolution("encoder.downsample", inputs, inputs, 9, true);
            }
        }
        long encoded = codes.flag("double_latent") ? 2 * latent : latent;
        middle(model, inputs);
        model.layerNorm("encoder.norm_out", inputs)
                .convolution("encoder.conv_out", encoded, inputs, 9, true)
                .matrix("quantize.embedding", codes.size("num_embeddings"), code)
                .convolution("quant_conv", code, latent, 1, true)
                .convolution("post_quant_conv", latent, code, 1, true)
                .convolution("decoder.conv_in", deepest, latent, 9, true);
        middle(model, deepest);
        inputs = deepest;
        for (int level = last; level >= 0; level--) {
            inputs =
                    level(codes.few("num_res_blocks", 64) + 1, model, inputs, base * factors.get(level), level == last);
            if (level > 0) {
                model.convolution("decoder.upsample", inputs, inputs, 9, true);
            }
        }
        model.layerNorm("decoder.norm_out", inputs)
                .convolution("decoder.conv_out", codes.size("out_channels"), inputs, 9, true);
    }

    private static long level(long blocks, TensorInventory model, long inputs, long outputs, boolean attention) {
        long width = inputs;
        for (long block = 0; block < blocks; block++) {
            residual(model, width, outputs);
            width = outputs;
            if (attention) {
                attention(model, width);
            }
        }
        return width;
    }

    private static void middle(TensorInventory model, long width) {
        residual(model, width, width);
        attention(model, width);
        residual(model, width, width);
    }

    private static void residual(TensorInventory model, long inputs, long outputs) {
        model.layerNorm("block.norm1", inputs)
                .convolution("block.conv1", outputs, inputs, 9, true)
                .layerNorm("block.norm2", outputs)
                .convolution("block.conv2", outputs, outputs, 9, true);
        if (inputs != outputs) {
            model.convolution("block.nin_shortcut", outputs, inputs, 1, true);
        }
    }

    private static void attention(TensorInventory model, long width) {
        model.layerNorm("attn.norm", width);
        EncoderParts.attention(model, width, true);
    }
}
