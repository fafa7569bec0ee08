package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/** Image encoders of the Llama lineage. */
final class LlamaTowers {
    private LlamaTowers() {}

    /** Llama 4: a class token behind the patches, plain blocks, and an adapter that shuffles pixels into channels. */
    static void llama4(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long inner = keys.size("intermediate_size");
        long output = keys.size("projector_output_dim");
        tower.convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), false)
                .vector("class_embedding", width)
                .matrix("positional_embedding_vlm", Math.addExact(keys.patches("image_size", "patch_size"), 1), width)
                .layerNorm("layernorm_pre", width);
        EncoderParts.plainBlocks(tower, keys.count("num_hidden_layers"), width, inner);
        tower.layerNorm("layernorm_post", width)
                .as(
                        TensorRole.VISION_PROJECTOR,
                        adapter -> adapter.linear("vision_adapter.fc1", keys.size("projector_input_dim"), inner, false)
                                .linear("vision_adapter.fc2", output, output, false)
                                .linear(
                                        "multi_modal_projector.linear_1",
                                        textWidth,
                                        keys.size("vision_output_dim"),
                                        false));
    }

    /** Llama 3.2: tiles with gated positions of their own, two stacks of blocks, the second one gated. */
    static void mllama(ClassKeys keys, TensorInventory tower, long textWidth) {
        long width = keys.size("hidden_size");
        long positions = Math.addExact(keys.patches("image_size", "patch_size"), 1);
        long tiles = keys.size("max_num_tiles");
        long ratios = Math.addExact(keys.lengthOf("supported_aspect_ratios"), 1);
        long tileWidth = Math.multiplyExact(tiles, width);
        tower.convolution("patch_embedding", width, keys.size("num_channels"), keys.area("patch_size"), false)
                .vector("class_embedding", width)
                .vector("gated_positional_embedding.gate", 1)
                .matrix("gated_positional_embedding.embedding", positions, width)
                .matrix("gated_positional_embedding.tile_embedding", ratios, Math.multiplyExact(positions, tileWidth))
                .vector("pre_tile_positional_embedding.gate", 1)
                .matrix("pre_tile_positional_embedding.embedding", ratios, tileWidth)
                .vector("post_tile_positional_embedding.gate", 1)
                .matrix("post_tile_positional_embedding.embedding", ratios, tileWidth)
                .layerNorm("layernorm_pre", width)
                .layerNorm("layernorm_post", width)
                .times(
                        keys.count("num_hidden_layers"),
                        "transformer.layers.N",
                        block -> mllamaBlock(keys, block, width))
                .times(keys.count("num_global_layers"), "global_transformer.layers.N", block -> {
                    mllamaBlock(keys, block, width);
                    block.vector("gate_attn", 1).vector("gate_ffn", 1);
                })
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector.linear(
                                "multi_modal_projector", textWidth, keys.size("vision_output_dim"), true));
    }

    private static void mllamaBlock(ClassKeys keys, TensorInventory block, long width) {
        block.layerNorm("input_layernorm", width).layerNorm("post_attention_layernorm", width);
        EncoderParts.attention(block, width, false);
        EncoderParts.mlp(block, width, keys.size("intermediate_size"), true);
    }
}
