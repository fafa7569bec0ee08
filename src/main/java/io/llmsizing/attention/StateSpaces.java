package io.llmsizing.attention;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Set;

/** State-space mixers by their shapes. Elements as the transformers library builds them; states as it holds them. */
public final class StateSpaces {
    private static final String MODULE = "mamba";

    private StateSpaces() {}

    /** What some architectures have on top of the projections and the recurrence. */
    public enum Part {
        /** A bias of the projection in. */
        INPUT_BIAS,
        /** A bias of the projection out. */
        OUTPUT_BIAS,
        /** A bias of the convolution. */
        CONVOLUTION_BIAS,
        /** Norms: of step sizes, inputs and outputs of the state in Mamba (Jamba), of the gated output in Mamba-2. */
        NORMS
    }

    /**
     * Mamba (the first). Mixers of several heads (Zamba) have the same elements.
     *
     * @param hidden the model's width
     * @param inner channels of the recurrence, usually twice the width
     * @param state elements of a channel's state
     * @param taps of the convolution
     * @param timeRank width to which the step sizes are compressed
     * @param parts what else it has
     * @return the mixer: 65,536 B of convolution and 524,288 B of recurrence for a Jamba layer of 8,192 channels, 16 states
     *     and 4 taps
     */
    public static Recurrent mamba(long hidden, long inner, long state, long taps, long timeRank, Set<Part> parts) {
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within(MODULE)
                .matrix("in_proj.weight", 2 * inner, hidden, TensorRole.ATTENTION, ShardRule.ROWS)
                .matrix("conv1d.weight", inner, taps, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("x_proj.weight", timeRank + 2 * state, inner, TensorRole.ATTENTION, ShardRule.COLUMNS)
                .matrix("dt_proj.weight", inner, timeRank, TensorRole.ATTENTION, ShardRule.ROWS)
                .matrix("dt_proj.bias", inner, 1, TensorRole.BIAS, ShardRule.ROWS)
                .matrix("A_log", inner, state, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("D", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("out_proj.weight", hidden, inner, TensorRole.ATTENTION, ShardRule.COLUMNS);
        biases(tensors, hidden, 2 * inner, inner, parts);
        if (parts.contains(Part.NORMS)) {
            tensors.rmsNorm("dt_layernorm", timeRank)
                    .rmsNorm("b_layernorm", state)
                    .rmsNorm("c_layernorm", state);
        }
        return new Recurrent(
                "mamba",
                inner,
                tensors.tensors(),
                List.of(RecurrentState.convolution(inner, taps), RecurrentState.recurrence(inner, state)));
    }

    /**
     * Mamba-2.
     *
     * @param hidden the model's width
     * @param heads of the recurrence
     * @param headWidth channels of a head
     * @param groups of heads that share inputs and outputs of the state
     * @param state elements of a channel's state
     * @param taps of the convolution
     * @param parts what else it has
     * @return the mixer: 36,864 B of convolution in three taps and 2,097,152 B of recurrence for Nemotron-3-Nano
     */
    public static Recurrent mamba2(
            long hidden, long heads, long headWidth, long groups, long state, long taps, Set<Part> parts) {
        long inner = Math.multiplyExact(heads, headWidth);
        long shared = Math.multiplyExact(2 * groups, state);
        long convolved = Math.addExact(inner, shared);
        long projected = inner + convolved + heads;
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within(MODULE)
                .matrix("in_proj.weight", projected, hidden, TensorRole.ATTENTION, ShardRule.ROWS)
                .matrix("conv1d.weight", convolved, taps, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("A_log", heads, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("D", heads, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("dt_bias", heads, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("out_proj.weight", hidden, inner, TensorRole.ATTENTION, ShardRule.COLUMNS);
        if (parts.contains(Part.NORMS)) {
            tensors.matrix("norm.weight", inner, 1, TensorRole.NORM, ShardRule.ROWS);
        }
        biases(tensors, hidden, projected, convolved, parts);
        return new Recurrent(
                "mamba2",
                heads,
                tensors.tensors(),
                List.of(
                        RecurrentState.convolution(inner, taps),
                        RecurrentState.convolution(shared, taps).inGranulesOf(2 * state),
                        RecurrentState.recurrence(heads, Math.multiplyExact(headWidth, state))));
    }

    private static void biases(TensorInventory tensors, long hidden, long projected, long convolved, Set<Part> parts) {
        if (parts.contains(Part.CONVOLUTION_BIAS)) {
            tensors.matrix("conv1d.bias", convolved, 1, TensorRole.BIAS, ShardRule.ROWS);
        }
        if (parts.contains(Part.INPUT_BIAS)) {
            tensors.matrix("in_proj.bias", projected, 1, TensorRole.BIAS, ShardRule.ROWS);
        }
        if (parts.contains(Part.OUTPUT_BIAS)) {
            tensors.vector("out_proj.bias", hidden, TensorRole.BIAS);
        }
    }

    /**
     * A gated linear recurrence behind a short convolution (RecurrentGemma's RG-LRU): one element of state a channel, gates
     * that are blocks on a diagonal, biases everywhere.
     *
     * @param hidden the model's width
     * @param width channels of the recurrence
     * @param blocks of each gate, a divisor of the channels
     * @param taps of the convolution
     * @return the mixer: 20,480 B of convolution and 10,240 B of recurrence for RecurrentGemma-2B, 2,560 wide with 4 taps
     */
    public static Recurrent gatedLinearRecurrence(long hidden, long width, long blocks, long taps) {
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within("temporal_block")
                .linear("linear_y", width, hidden, true, ShardRule.ROWS)
                .linear("linear_x", width, hidden, true, ShardRule.ROWS)
                .linear("linear_out", hidden, width, true, ShardRule.COLUMNS)
                .matrix("conv_1d.weight", width, taps, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("conv_1d.bias", width, 1, TensorRole.BIAS, ShardRule.ROWS)
                .matrix("rg_lru.recurrent_param", width, 1, TensorRole.RECURRENCE, ShardRule.ROWS);
        for (String gate : new String[] {"input_gate", "recurrent_gate"}) {
            tensors.matrix("rg_lru." + gate + "_weight", width, width / blocks, TensorRole.RECURRENCE, ShardRule.ROWS)
                    .matrix("rg_lru." + gate + "_bias", width, 1, TensorRole.BIAS, ShardRule.ROWS);
        }
        return new Recurrent(
                "gated linear recurrence",
                blocks,
                tensors.tensors(),
                List.of(RecurrentState.convolution(width, taps), RecurrentState.recurrence(width, 1)));
    }

    /**
     * A gated short convolution (LFM2).
     *
     * @param hidden the model's width
     * @param taps of the convolution
     * @param bias whether convolution and projections have a bias
     * @return the mixer: 12,288 B of state for LFM2-1.2B with 3 taps
     */
    public static Recurrent shortConvolution(long hidden, long taps, boolean bias) {
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within("conv")
                .linear("in_proj", 3 * hidden, hidden, bias, ShardRule.ROWS)
                .matrix("conv.weight", hidden, taps, TensorRole.RECURRENCE, ShardRule.ROWS)
                .linear("out_proj", hidden, hidden, bias, ShardRule.COLUMNS);
        if (bias) {
            tensors.matrix("conv.bias", hidden, 1, TensorRole.BIAS, ShardRule.ROWS);
        }
        return new Recurrent(
                "short convolution",
                hidden,
                tensors.tensors(),
                ImmutableList.of(RecurrentState.convolution(hidden, taps)));
    }
}
