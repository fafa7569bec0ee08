package io.llmsizing.attention;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;

/**
 * The time mixing of RWKV by its versions. The states include the vector that the channel mixing of the same layer shifts to
 * the next token.
 */
public final class TimeMixings {
    private static final String MODULE = "attention";

    private TimeMixings() {}

    /**
     * RWKV-4: for each channel a numerator, a denominator and a maximum.
     *
     * @param hidden the model's width
     * @param inner channels of the recurrence
     * @return the mixer: 3,072 B of shifts and 9,216 B of recurrence for 768 channels
     */
    public static Recurrent fourth(long hidden, long inner) {
        TensorInventory tensors = inventory()
                .matrix("time_decay", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("time_first", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS);
        mixes(tensors, hidden, "time_mix_key", "time_mix_value", "time_mix_receptance");
        projections(tensors, hidden, inner, "key", "value", "receptance");
        return new Recurrent("rwkv4", inner, tensors.tensors(), states(hidden, RecurrentState.recurrence(inner, 3)));
    }

    /**
     * RWKV-5: a matrix for each head, its output gated and normalised.
     *
     * @param hidden the model's width
     * @param inner channels of the recurrence
     * @param headWidth channels of a head
     * @return the mixer: 10,240 B of shifts and 655,360 B of recurrence for 2,560 channels in heads of 64
     */
    public static Recurrent fifth(long hidden, long inner, long headWidth) {
        TensorInventory tensors = inventory()
                .matrix("time_decay", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("time_faaaa", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS);
        mixes(tensors, hidden, "time_mix_gate", "time_mix_key", "time_mix_value", "time_mix_receptance");
        projections(tensors, hidden, inner, "key", "value", "receptance", "gate");
        tensors.layerNorm("ln_x", hidden);
        return ofHeads("rwkv5", hidden, inner, headWidth, tensors);
    }

    /**
     * RWKV-6: the mixes and the decay depend on the token, through narrow projections.
     *
     * @param hidden the model's width
     * @param inner channels of the recurrence
     * @param headWidth channels of a head
     * @param mixRank width through which each of the five mixes is made
     * @param decayRank width through which the decay is made
     * @return the mixer, with the states of {@link #fifth}
     */
    public static Recurrent sixth(long hidden, long inner, long headWidth, long mixRank, long decayRank) {
        TensorInventory tensors = inventory();
        mixes(tensors, hidden, "time_maa_x", "time_maa_w", "time_maa_k", "time_maa_v", "time_maa_r", "time_maa_g");
        tensors.matrix("time_maa_w1", hidden, 5 * mixRank, TensorRole.RECURRENCE, ShardRule.REPLICATED)
                .matrix("time_maa_w2", 5 * mixRank, hidden, TensorRole.RECURRENCE, ShardRule.REPLICATED)
                .matrix("time_decay", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("time_decay_w1", hidden, decayRank, TensorRole.RECURRENCE, ShardRule.REPLICATED)
                .matrix("time_decay_w2", decayRank, inner, TensorRole.RECURRENCE, ShardRule.COLUMNS)
                .matrix("time_faaaa", inner, 1, TensorRole.RECURRENCE, ShardRule.ROWS);
        projections(tensors, hidden, inner, "receptance", "key", "value", "gate");
        tensors.layerNorm("ln_x", hidden);
        return ofHeads("rwkv6", hidden, inner, headWidth, tensors);
    }

    /**
     * RWKV-7: decay, learning rate, gate and, behind the first layer, a share of the first layer's values, each through a
     * narrow projection.
     *
     * @param hidden the model's width, which is that of the recurrence
     * @param headWidth channels of a head
     * @param decayRank width through which the decay is made
     * @param rateRank width through which the learning rate is made
     * @param gateRank width through which the gate is made
     * @param valueRank width through which the share of the first values is made, 0 in the first layer
     * @return the mixer, with the states of {@link #fifth}
     */
    public static Recurrent seventh(
            long hidden, long headWidth, long decayRank, long rateRank, long gateRank, long valueRank) {
        TensorInventory tensors = inventory();
        mixes(tensors, hidden, "x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "k_k", "k_a", "r_k");
        for (String projection : new String[] {"r_proj", "k_proj", "v_proj"}) {
            tensors.linear(projection, hidden, hidden, false, ShardRule.ROWS);
        }
        tensors.linear("o_proj", hidden, hidden, false, ShardRule.COLUMNS);
        narrow(tensors, "w_lora", hidden, decayRank, true);
        narrow(tensors, "a_lora", hidden, rateRank, true);
        narrow(tensors, "g_lora", hidden, gateRank, false);
        if (valueRank > 0) {
            narrow(tensors, "v_lora", hidden, valueRank, true);
        }
        tensors.layerNorm("g_norm", hidden);
        return ofHeads("rwkv7", hidden, hidden, headWidth, tensors);
    }

    private static TensorInventory inventory() {
        return TensorInventory.of(TensorRole.ATTENTION).within(MODULE);
    }

    private static void mixes(TensorInventory tensors, long width, String... names) {
        for (String name : names) {
            tensors.vector(name, width, TensorRole.RECURRENCE);
        }
    }

    private static void projections(TensorInventory tensors, long hidden, long inner, String... names) {
        for (String name : names) {
            tensors.linear(name, inner, hidden, false, ShardRule.ROWS);
        }
        tensors.linear("output", hidden, inner, false, ShardRule.COLUMNS);
    }

    private static void narrow(TensorInventory tensors, String name, long hidden, long rank, boolean bias) {
        tensors.matrix(name + ".lora.0.weight", rank, hidden)
                .linear(name + ".lora.2", hidden, rank, bias, ShardRule.ROWS);
    }

    private static Recurrent ofHeads(String label, long hidden, long inner, long headWidth, TensorInventory tensors) {
        long heads = inner / headWidth;
        return new Recurrent(
                label,
                heads,
                tensors.tensors(),
                states(hidden, RecurrentState.recurrence(heads, Math.multiplyExact(headWidth, headWidth))));
    }

    private static List<RecurrentState> states(long hidden, RecurrentState recurrence) {
        return List.of(RecurrentState.shift(hidden), recurrence, RecurrentState.shift(hidden));
    }
}
