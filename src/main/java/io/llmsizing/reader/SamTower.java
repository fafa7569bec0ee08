package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;

/**
 * Segment Anything's image encoder: blocks with relative positions along both axes, most of them over windows, and a neck
 * of two convolutions.
 *
 * @param width of the blocks
 * @param blocks how many there are
 * @param globalBlocks how many of them see the whole image
 * @param heads attention heads
 * @param inner inner width of the feed-forward layers
 * @param patch elements of a patch in all channels
 * @param side patches along one side of the image
 * @param window patches along one side of a window
 * @param outputs channels behind the neck
 */
record SamTower(
        long width,
        long blocks,
        long globalBlocks,
        long heads,
        long inner,
        long patch,
        long side,
        long window,
        long outputs) {
    /** As the configuration classes of the transformers library state it. */
    static SamTower of(ClassKeys keys) {
        for (String needed : new String[] {"use_rel_pos", "use_abs_pos", "qkv_bias"}) {
            if (!keys.flag(needed)) {
                throw keys.unsupported(needed, "only encoders that have it are known");
            }
        }
        long blocks = keys.count("num_hidden_layers");
        return new SamTower(
                keys.size("hidden_size"),
                blocks,
                keys.wholes("global_attn_indexes").stream()
                        .filter(layer -> layer < blocks)
                        .distinct()
                        .count(),
                keys.size("num_attention_heads"),
                keys.size("mlp_dim"),
                Math.multiplyExact(keys.size("num_channels"), keys.area("patch_size")),
                keys.size("image_size") / keys.size("patch_size"),
                keys.size("window_size"),
                keys.size("output_channels"));
    }

    /** Encoder and neck. */
    void write(TensorInventory tower) {
        tower.linear("patch_embed.proj", width, patch, true)
                .matrix("pos_embed", Math.multiplyExact(side, side), width)
                .times(blocks - globalBlocks, "blocks.N", block -> block(block, window))
                .times(globalBlocks, "blocks.N", block -> block(block, side));
        neck(tower);
    }

    /** The neck alone, for what has a second one. */
    void neck(TensorInventory tower) {
        tower.convolution("neck.conv1", outputs, width, 1, false)
                .layerNorm("neck.layer_norm1", outputs)
                .convolution("neck.conv2", outputs, outputs, 9, false)
                .layerNorm("neck.layer_norm2", outputs);
    }

    private void block(TensorInventory block, long seen) {
        block.layerNorm("norm1", width)
                .layerNorm("norm2", width)
                .matrix("attn.rel_pos_h", 2 * seen - 1, width / heads)
                .matrix("attn.rel_pos_w", 2 * seen - 1, width / heads);
        EncoderParts.attention(block, width, true);
        EncoderParts.mlp(block, width, inner, true);
    }

    /** GOT-OCR 2: two convolutions that halve the grid, and one layer. */
    static void gotOcr(ClassKeys outer, TensorInventory tower) {
        SamTower sam = of(outer.part("vision_config"));
        long textWidth = outer.textWidth();
        tower.under("vision_tower", sam::write)
                .as(
                        TensorRole.VISION_PROJECTOR,
                        projector -> projector
                                .convolution("conv_upsampler1", 2 * sam.outputs, sam.outputs, 9, false)
                                .convolution("conv_upsampler2", textWidth, 2 * sam.outputs, 9, false)
                                .linear("multimodal_projector", textWidth, textWidth, true));
    }

    /** DeepSeek-VL with a second encoder for high resolutions, which has a second neck. */
    static void deepSeekHybrid(ClassKeys outer, TensorInventory tower) {
        SamTower sam = of(outer.part("high_res_vision_config"));
        ClassKeys vision = outer.part("vision_config");
        long textWidth = outer.textWidth();
        tower.under("high_res_vision_model", sam::write)
                .under("high_res_vision_neck", sam::neck)
                .convolution("high_res_vision_proj.conv1", 2 * sam.outputs, sam.outputs, 9, false)
                .convolution("high_res_vision_proj.conv2", 4 * sam.outputs, 2 * sam.outputs, 9, false)
                .vector("high_res_vision_alpha", 1);
        ImageEncoders.write(vision, tower);
        tower.as(
                TensorRole.VISION_PROJECTOR,
                aligner -> aligner.linear("aligner.vision_proj", textWidth / 2, vision.size("hidden_size"), true)
                        .linear("aligner.high_res_vision_proj", textWidth / 2, 4 * sam.outputs, true)
                        .linear("aligner.proj", textWidth, textWidth, true));
    }
}
