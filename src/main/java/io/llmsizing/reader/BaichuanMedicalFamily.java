package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Set;

/**
 * Baichuan-M1: layers with a window have other heads than those without, and a short convolution runs over the keys and
 * values of each head, so that those of the last token are kept beside the cache.
 */
final class BaichuanMedicalFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("baichuan_m1");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        Set<Long> windowed = Set.copyOf(config.layerNumbers("sliding_window_layers"));
        GroupedQuery full = attention(config, hidden, "num_attention_heads", "num_key_value_heads");
        GroupedQuery near = config.has("num_swa_attention_heads")
                ? attention(config, hidden, "num_swa_attention_heads", "num_swa_key_value_heads")
                : full;
        DenseFeedForward block = DenseFeedForward.gated(config.size("intermediate_size"));
        LayerGroup plain = new LayerGroup(1, convolved(config, full, full), block, Decoder.TWO_NORMS);
        LayerGroup local = windowed.isEmpty()
                ? plain
                : new LayerGroup(
                        1,
                        convolved(config, new SlidingWindow(near, config.size("sliding_window")), near),
                        block,
                        Decoder.TWO_NORMS);
        ModelBuilder model = Decoder.model(
                config, name, Decoder.layers(config, i -> windowed.contains((long) i) ? local : plain), false);
        Decoder.rotaryTable(config, full.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config, long hidden, String headsKey, String keyValueKey) {
        long heads = config.size(headsKey);
        if (hidden % heads != 0) {
            throw config.problem(headsKey, "a divisor of the width " + hidden);
        }
        return GroupedQuery.of(heads, config.size(keyValueKey), hidden / heads);
    }

    private static Attention convolved(Config config, Attention attention, GroupedQuery inner) {
        long taps = config.size("conv_window");
        if (taps != 2) {
            throw config.unsupported("conv_window", "known is a convolution over two tokens");
        }
        long heads = inner.keyValueHeads();
        TensorInventory tensors = TensorInventory.of(TensorRole.RECURRENCE)
                .within("self_attn")
                .matrix("conv_k", heads, taps, TensorRole.RECURRENCE, ShardRule.ROWS)
                .matrix("conv_v", heads, taps, TensorRole.RECURRENCE, ShardRule.ROWS);
        long kept = 2 * Math.multiplyExact(heads, inner.keyWidth());
        return ParallelMixers.of(
                attention,
                new Recurrent(
                        "convolution of keys and values",
                        heads,
                        tensors.tensors(),
                        List.of(new RecurrentState("convolution", kept, taps - 1, 2, false))));
    }
}
