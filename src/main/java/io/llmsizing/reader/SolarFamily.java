package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Solar Open 2: attention under an output gate, then three layers of Kimi delta attention; experts in every layer. */
final class SolarFamily implements Family {
    private static final List<String> WITHOUT_SIZE =
            List.of("gqa_layers", "kda_allow_neg_eigval", "kda_gate_lower_bound", "use_rope");

    @Override
    public Set<String> modelTypes() {
        return Set.of("solar_open2");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        long hidden = config.size("hidden_size");
        GroupedQuery attention = attention(config);
        List<WeightTensor> gate = gate(config, attention, hidden);
        Recurrent delta = delta(config, attention, hidden);
        Set<Long> attending = Set.copyOf(config.layerNumbers("gqa_layers"));
        boolean stated = config.has("gqa_layers");
        long period = config.size("gqa_interval", 3) + 1;
        List<String> kinds = LayerKinds.read(
                config,
                "layer_types",
                Set.of(LayerKinds.RECURRENT, LayerKinds.FULL),
                layer -> (stated ? attending.contains((long) layer) : layer % period == 0)
                        ? LayerKinds.FULL
                        : LayerKinds.RECURRENT);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size", 10_240));
        FeedForward sparse = experts(config);
        long leading = config.count("first_k_dense_replace", 0);
        LayerGroup attends = new LayerGroup(1, attention, sparse, Decoder.TWO_NORMS).with(gate);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    FeedForward block = layer < leading ? dense : sparse;
                    return kinds.get(layer).equals(LayerKinds.FULL)
                            ? new LayerGroup(1, attention, block, attends.normVectors()).with(gate)
                            : new LayerGroup(1, delta, block, Decoder.TWO_NORMS);
                }),
                false);
        if (config.flag("use_rope", false)) {
            Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                    .ifPresent(model::rotaryTable);
        }
        return model;
    }

    private static GroupedQuery attention(Config config) {
        long heads = config.size("num_attention_heads");
        long width = config.size("head_dim", 128);
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads", 8),
                width,
                width,
                config.statedFlag("attention_bias", false),
                false,
                config.statedFlag("use_qk_norm", false) ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
    }

    private static List<WeightTensor> gate(Config config, GroupedQuery attention, long hidden) {
        boolean bias = config.flag("use_gqa_gate_bias", false);
        if (!config.statedFlag("use_gqa_gate", true)) {
            return List.of();
        }
        return TensorInventory.of(TensorRole.ATTENTION)
                .linear("self_attn.g_proj", attention.heads() * attention.keyWidth(), hidden, bias, ShardRule.ROWS)
                .tensors();
    }

    private static Recurrent delta(Config config, GroupedQuery attention, long hidden) {
        Optional<Config> inner = config.nested("linear_attn_config");
        long heads = inner.map(stated -> stated.size("num_heads")).orElse(attention.heads());
        long width = inner.map(stated -> stated.size("head_dim")).orElse(attention.keyWidth());
        long taps = inner.map(stated -> stated.size("short_conv_kernel_size")).orElse(4L);
        if (inner.isPresent() && inner.get().has("num_kv_heads") && inner.get().size("num_kv_heads") != heads) {
            throw inner.get().unsupported("num_kv_heads", "known are as many as num_heads");
        }
        boolean whole = config.statedFlag("kda_use_full_proj", false);
        return LinearAttentions.kimiDelta(hidden, heads, width, taps, whole ? 0 : width, whole ? 0 : width);
    }

    private static FeedForward experts(Config config) {
        long width = config.size("moe_intermediate_size", 1_280);
        return new MixtureOfExperts(
                config.size("n_routed_experts", 320),
                config.size("num_experts_per_tok", 8),
                width,
                Math.multiplyExact(config.count("n_shared_experts", 1), width),
                true,
                false);
    }
}
