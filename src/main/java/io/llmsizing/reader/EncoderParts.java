package io.llmsizing.reader;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;

/**
 * What the blocks of image and sound encoders are made of. Tensor parallelism cuts them as it cuts those of the language model;
 * where heads or widths do not divide, the fullest rank is counted.
 */
final class EncoderParts {
    private EncoderParts() {}

    /** Query, key, value and output projections of one width. */
    static void attention(TensorInventory block, long width, boolean bias) {
        attention(block, width, width, width, bias, bias);
    }

    /** The same where queries and keys have other widths, and the output its own bias or none. */
    static void attention(
            TensorInventory block, long width, long queries, long keys, boolean bias, boolean outputBias) {
        block.under(
                "attn",
                attention -> attention
                        .linear("q_proj", queries, width, bias, ShardRule.ROWS)
                        .linear("k_proj", keys, width, bias, ShardRule.ROWS)
                        .linear("v_proj", keys, width, bias, ShardRule.ROWS)
                        .linear("o_proj", width, queries, outputBias, ShardRule.COLUMNS));
    }

    /** Whisper's: all but the keys have a bias. */
    static void attentionWithoutKeyBias(TensorInventory block, long width, long keyValues) {
        block.under(
                "attn",
                attention -> attention
                        .linear("q_proj", width, width, true, ShardRule.ROWS)
                        .linear("k_proj", keyValues, width, false, ShardRule.ROWS)
                        .linear("v_proj", keyValues, width, true, ShardRule.ROWS)
                        .linear("o_proj", width, width, true, ShardRule.COLUMNS));
    }

    /** Two layers with an activation between them. */
    static void mlp(TensorInventory block, long width, long inner, boolean bias) {
        block.under(
                "mlp",
                mlp -> mlp.linear("fc1", inner, width, bias, ShardRule.ROWS)
                        .linear("fc2", width, inner, bias, ShardRule.COLUMNS));
    }

    /** The same with a gate. */
    static void gatedMlp(TensorInventory block, long width, long inner, boolean bias) {
        block.under(
                "mlp",
                mlp -> mlp.linear("gate_proj", inner, width, bias, ShardRule.ROWS)
                        .linear("up_proj", inner, width, bias, ShardRule.ROWS)
                        .linear("down_proj", width, inner, bias, ShardRule.COLUMNS));
    }

    /** Blocks with layer norms and a bias everywhere, as the first vision transformer has them. */
    static void plainBlocks(TensorInventory tower, long number, long width, long inner) {
        tower.times(number, "layers.N", block -> {
            block.layerNorm("norm1", width).layerNorm("norm2", width);
            attention(block, width, true);
            mlp(block, width, inner, true);
        });
    }
}
