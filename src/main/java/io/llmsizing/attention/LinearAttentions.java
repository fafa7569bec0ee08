package io.llmsizing.attention;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;

/** Linear attention by its shapes: a matrix for each head instead of the tokens. */
public final class LinearAttentions {
    private LinearAttentions() {}

    /** How the projections of a gated delta net stand in a checkpoint. */
    public enum Projections {
        /** One for queries, keys, values and gate, one for the two scalars of a head (Qwen3-Next). */
        TWO,
        /** One for queries, keys and values, and each of the others alone (Qwen3.5). */
        FOUR,
        /** Each alone (OLMo Hybrid). */
        SIX
    }

    /**
     * A gated delta net (Qwen3-Next, Qwen3.5), its output under a gate as wide as the values.
     *
     * @param hidden the model's width
     * @param keyHeads heads of queries and keys
     * @param valueHeads heads of values, each with a state
     * @param keyWidth elements of a key head
     * @param valueWidth elements of a value head
     * @param taps of the convolution over queries, keys and values
     * @param projections how they stand in a checkpoint
     * @return the mixer: 65,536 B of convolution and 2,097,152 B of recurrence for 16 and 32 heads of 128 with 4 taps
     */
    public static Recurrent gatedDelta(
            long hidden,
            long keyHeads,
            long valueHeads,
            long keyWidth,
            long valueWidth,
            long taps,
            Projections projections) {
        long keys = Math.multiplyExact(keyHeads, keyWidth);
        long values = Math.multiplyExact(valueHeads, valueWidth);
        long convolved = Math.addExact(2 * keys, values);
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION).within("linear_attn");
        switch (projections) {
            case TWO -> rows(tensors, hidden, "in_proj_qkvz", convolved + values);
            case FOUR -> {
                rows(tensors, hidden, "in_proj_qkv", convolved);
                rows(tensors, hidden, "in_proj_z", values);
            }
            case SIX -> {
                rows(tensors, hidden, "q_proj", keys);
                rows(tensors, hidden, "k_proj", keys);
                rows(tensors, hidden, "v_proj", values);
                rows(tensors, hidden, "g_proj", values);
            }
        }
        boolean six = projections == Projections.SIX;
        if (projections == Projections.TWO) {
            rows(tensors, hidden, "in_proj_ba", 2 * valueHeads);
        } else {
            rows(tensors, hidden, six ? "b_proj" : "in_proj_b", valueHeads);
            rows(tensors, hidden, six ? "a_proj" : "in_proj_a", valueHeads);
        }
        tensors.matrix("conv1d.weight", convolved, taps, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("A_log", valueHeads, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("dt_bias", valueHeads, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .rmsNorm(six ? "o_norm" : "norm", valueWidth)
                .linear(six ? "o_proj" : "out_proj", hidden, values, false, ShardRule.COLUMNS);
        return new Recurrent(
                "gated delta net",
                valueHeads,
                tensors.tensors(),
                List.of(
                        RecurrentState.convolution(convolved, taps),
                        RecurrentState.recurrence(valueHeads, Math.multiplyExact(keyWidth, valueWidth))));
    }

    /**
     * Kimi delta attention: a gated delta net whose decay differs from channel to channel.
     *
     * @param hidden the model's width
     * @param heads each with a state
     * @param width elements of a head, of key and value alike
     * @param taps of each of the three convolutions
     * @param decayRank width through which the decay is made, 0 where it is a whole matrix (Ling 3.0)
     * @param gateRank width through which the output gate is made, 0 where it is a whole matrix (Kimi K3)
     * @return the mixer: 294,912 B of convolution and 6,291,456 B of recurrence for 96 heads of 128 with 4 taps
     */
    public static Recurrent kimiDelta(long hidden, long heads, long width, long taps, long decayRank, long gateRank) {
        long all = Math.multiplyExact(heads, width);
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION).within("self_attn");
        for (String projection : new String[] {"q", "k", "v"}) {
            rows(tensors, hidden, projection + "_proj", all);
            tensors.matrix(projection + "_conv1d.weight", all, taps, TensorRole.RECURRENCE, ShardRule.ROWS);
        }
        throughRank(tensors, "f", hidden, all, decayRank);
        rows(tensors, hidden, "b_proj", heads);
        tensors.matrix("A_log", heads, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("dt_bias", all, 1, TensorRole.RECURRENCE, ShardRule.ROWS);
        throughRank(tensors, "g", hidden, all, gateRank);
        tensors.rmsNorm("o_norm", width).linear("o_proj", hidden, all, false, ShardRule.COLUMNS);
        return new Recurrent(
                "kimi delta attention",
                heads,
                tensors.tensors(),
                List.of(
                        RecurrentState.convolution(Math.multiplyExact(3, all), taps),
                        RecurrentState.recurrence(heads, Math.multiplyExact(width, width))));
    }

    private static void throughRank(TensorInventory tensors, String name, long hidden, long all, long rank) {
        if (rank > 0) {
            tensors.matrix(name + "_a_proj.weight", rank, hidden);
            rows(tensors, rank, name + "_b_proj", all);
        } else {
            rows(tensors, hidden, name + "_proj", all);
        }
    }

    /**
     * Lightning attention (MiniMax-Text-01): queries, keys and values in one projection, a gate as wide as the heads.
     *
     * @param hidden the model's width
     * @param heads each with a state
     * @param width elements of a head
     * @param stateBytes bytes of an element of the state: 4 as its authors keep it, 2 in the transformers library
     * @return the mixer: 4,194,304 B of recurrence for 64 heads of 128 x 128 in FP32
     */
    public static Recurrent lightning(long hidden, long heads, long width, long stateBytes) {
        long all = Math.multiplyExact(heads, width);
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION).within("self_attn");
        rows(tensors, hidden, "qkv_proj", 3 * all);
        rows(tensors, hidden, "output_gate", all);
        tensors.matrix("norm.weight", all, 1, TensorRole.NORM, ShardRule.ROWS)
                .linear("out_proj", hidden, all, false, ShardRule.COLUMNS);
        return withMatrices(heads, width, stateBytes, tensors);
    }

    /**
     * Lightning attention as Ling 2.5 has it, with norms of queries and keys.
     *
     * @param hidden the model's width
     * @param heads each with a state
     * @param width elements of a head
     * @param normed whether queries and keys are normalised
     * @param inputBias whether queries, keys and values have a bias
     * @param outputBias whether the output projection has one
     * @return the mixer, with the recurrence of {@link #lightning(long, long, long, long)} in FP32
     */
    public static Recurrent lightning(
            long hidden, long heads, long width, boolean normed, boolean inputBias, boolean outputBias) {
        long all = Math.multiplyExact(heads, width);
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within("self_attn")
                .linear("query_key_value", 3 * all, hidden, inputBias, ShardRule.ROWS);
        if (normed) {
            tensors.rmsNorm("query_layernorm", width).rmsNorm("key_layernorm", width);
        }
        rows(tensors, hidden, "g_proj", all);
        tensors.matrix("g_norm.weight", all, 1, TensorRole.NORM, ShardRule.ROWS)
                .linear("dense", hidden, all, outputBias, ShardRule.COLUMNS);
        return withMatrices(heads, width, 4, tensors);
    }

    private static Recurrent withMatrices(long heads, long width, long stateBytes, TensorInventory tensors) {
        long matrix = Math.multiplyExact(width, width);
        return new Recurrent(
                "lightning attention",
                heads,
                tensors.tensors(),
                List.of(new RecurrentState("recurrence", heads, matrix, stateBytes, false)));
    }

    /**
     * The matrix memory of xLSTM (mLSTM): exponential gates, a normaliser as long as a key and a stabiliser for each head.
     *
     * @param hidden the model's width
     * @param heads each with a memory
     * @param keys elements of all queries, and of all keys; the heads divide it
     * @param values elements of all values; the heads divide it
     * @param bias whether the projections and the norm have biases; the gates always do
     * @return the mixer: 4,194,304 B of memory, 8,192 B of normaliser and 32 B of stabiliser for xLSTM-7B
     */
    public static Recurrent matrixMemory(long hidden, long heads, long keys, long values, boolean bias) {
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within("mlstm_layer")
                .linear("q", keys, hidden, bias, ShardRule.ROWS)
                .linear("k", keys, hidden, bias, ShardRule.ROWS)
                .linear("v", values, hidden, bias, ShardRule.ROWS)
                .linear("ogate_preact", values, hidden, bias, ShardRule.ROWS)
                .linear("igate_preact", heads, hidden, true, ShardRule.ROWS)
                .linear("fgate_preact", heads, hidden, true, ShardRule.ROWS)
                .matrix("multihead_norm.weight", values, 1, TensorRole.NORM, ShardRule.ROWS)
                .linear("out_proj", hidden, values, bias, ShardRule.COLUMNS);
        if (bias) {
            tensors.matrix("multihead_norm.bias", values, 1, TensorRole.NORM, ShardRule.ROWS);
        }
        long keyWidth = keys / heads;
        return new Recurrent(
                "matrix memory",
                heads,
                tensors.tensors(),
                List.of(
                        RecurrentState.recurrence(heads, Math.multiplyExact(keyWidth, values / heads)),
                        new RecurrentState("normaliser", heads, keyWidth, 4, false),
                        new RecurrentState("stabiliser", heads, 1, 4, false)));
    }

    private static void rows(TensorInventory tensors, long columns, String name, long rows) {
        tensors.linear(name, rows, columns, false, ShardRule.ROWS);
    }
}
