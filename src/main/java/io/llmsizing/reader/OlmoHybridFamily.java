package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.LinearAttentions.Projections;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.List;
import java.util.Set;

/** OLMo Hybrid: three gated delta nets, then attention as in OLMo 3, without positions unless a base is stated. */
final class OlmoHybridFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "linear_a_log_max",
            "linear_a_log_min",
            "linear_allow_neg_eigval",
            "linear_dt_init_floor",
            "linear_dt_max",
            "linear_dt_min",
            "linear_use_gate");

    @Override
    public Set<String> modelTypes() {
        return Set.of("olmo_hybrid");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        if (!config.flag("linear_use_gate", true)) {
            throw config.unsupported("linear_use_gate", "delta nets without a gate are not known");
        }
        long heads = config.size("num_attention_heads");
        GroupedQuery attention =
                Decoder.attention(config, heads, config.statedFlag("attention_bias", false), QueryKeyNorm.FULL_WIDTH);
        Recurrent delta = delta(config, heads);
        int layers = Decoder.layerCount(config, "num_hidden_layers");
        List<String> kinds = LayerKinds.read(
                config,
                "layer_types",
                Set.of(LayerKinds.RECURRENT, LayerKinds.FULL),
                layer ->
                        layer % 4 == 3 || (layers < 4 && layer == layers - 1) ? LayerKinds.FULL : LayerKinds.RECURRENT);
        DenseFeedForward block = DenseFeedForward.gated(config.size("intermediate_size", 11_008));
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                kinds.get(layer).equals(LayerKinds.FULL) ? attention : delta,
                                block,
                                Decoder.TWO_NORMS)),
                false);
        boolean rotary = config.has("rope_theta")
                || config.object("rope_parameters")
                        .filter(rope -> rope.has("rope_theta"))
                        .isPresent();
        if (rotary) {
            Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        }
        return model;
    }

    private static Recurrent delta(Config config, long heads) {
        long hidden = config.size("hidden_size");
        long keyHeads = config.size("linear_num_key_heads", heads, "num_attention_heads");
        long keyWidth = config.size(
                "linear_key_head_dim",
                Math.max(1, Math.multiplyExact(3, hidden) / Math.multiplyExact(4, keyHeads)),
                "0.75 x hidden_size / linear_num_key_heads");
        return LinearAttentions.gatedDelta(
                hidden,
                keyHeads,
                config.size("linear_num_value_heads", heads, "num_attention_heads"),
                keyWidth,
                config.size("linear_value_head_dim", Math.multiplyExact(2, keyWidth), "2 x linear_key_head_dim"),
                config.size("linear_conv_kernel_dim", 4),
                Projections.SIX);
    }
}
