package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.LinearAttentions.Projections;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Qwen3-Next and Qwen3.5: three gated delta nets, then attention under an output gate; experts with a shared one under a
 * gate, or a dense block. A prediction block attends.
 */
final class QwenNextFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("qwen3_next", "qwen3_5_text", "qwen3_5_moe_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.refuseUnlessOff("use_sliding_window", "this architecture has no windows");
        config.known(List.of("sliding_window", "max_window_layers"));
        boolean next = config.type().equals("qwen3_next");
        List<String> kinds = kinds(config, Set.of(LayerKinds.RECURRENT, LayerKinds.FULL));
        Recurrent delta = delta(config, next ? Projections.TWO : Projections.FOUR);
        GroupedQuery attention = attention(config, 2);
        IntFunction<FeedForward> blocks = switch (config.type()) {
            case "qwen3_next" -> mixed(config);
            case "qwen3_5_text" -> dense(config);
            default -> sparse(config);
        };
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                kinds.get(layer).equals(LayerKinds.FULL) ? attention : delta,
                                blocks.apply(layer),
                                Decoder.TWO_NORMS)),
                false);
        boolean ownEmbeddings = ownEmbeddings(config);
        String key = config.has("mtp_num_hidden_layers") ? "mtp_num_hidden_layers" : "num_nextn_predict_layers";
        if (config.rareCount(key) > 0) {
            LayerGroup layer = new LayerGroup(1, attention, blocks.apply(kinds.size() - 1), Decoder.TWO_NORMS);
            model.speculativeHead(new SpeculativeHead(onePrediction(config, key), layer, ownEmbeddings));
        }
        Decoder.rotaryTable(config, rotaryWidth(config, attention.keyWidth()), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    /** One prediction block; several would share what stands in front of the layers. */
    static int onePrediction(Config config, String key) {
        if (config.rareCount(key) != 1) {
            throw config.unsupported(key, "one prediction layer is known");
        }
        return 1;
    }

    /** Whether predictions have embedding and head of their own. */
    static boolean ownEmbeddings(Config config) {
        return config.flag("mtp_use_dedicated_embeddings", false);
    }

    /** A quarter of a head is rotated, unless stated. */
    static long rotaryWidth(Config config, long headWidth) {
        boolean stated = config.has("partial_rotary_factor")
                || config.object("rope_parameters")
                        .filter(rope -> rope.has("partial_rotary_factor"))
                        .isPresent();
        return stated ? Decoder.rotaryWidth(config, headWidth) : Math.max(1, headWidth / 4);
    }

    /** The kinds of layers: as stated, or attention in every fourth. */
    static List<String> kinds(Config config, Set<String> known) {
        long interval = config.size("full_attention_interval", 4);
        return LayerKinds.read(
                config,
                "layer_types",
                known,
                layer -> (layer + 1) % interval == 0 ? LayerKinds.FULL : LayerKinds.RECURRENT);
    }

    /** The gated delta net. */
    static Recurrent delta(Config config, Projections projections) {
        config.known(List.of("mamba_ssm_dtype", "output_gate_type"));
        return LinearAttentions.gatedDelta(
                config.size("hidden_size"),
                config.size("linear_num_key_heads", 16),
                config.size("linear_num_value_heads", 32),
                config.size("linear_key_head_dim", 128),
                config.size("linear_value_head_dim", 128),
                config.size("linear_conv_kernel_dim", 4),
                projections);
    }

    /** Attention under an output gate, queries and keys normed. */
    static GroupedQuery attention(Config config, long keyValueHeads) {
        if (!config.flag("attn_output_gate", true)) {
            throw config.unsupported("attn_output_gate", "attention without a gate is not known");
        }
        long heads = config.size("num_attention_heads");
        long width = config.size("head_dim", 256);
        boolean bias = config.statedFlag("attention_bias", false);
        return new GroupedQuery(
                        heads,
                        config.size("num_key_value_heads", keyValueHeads),
                        width,
                        width,
                        bias,
                        bias,
                        QueryKeyNorm.PER_HEAD)
                .with(GroupedQuery.Feature.OUTPUT_GATE);
    }

    private static IntFunction<FeedForward> dense(Config config) {
        if (!config.layerNumbers("mlp_only_layers").isEmpty()) {
            throw config.unsupported("mlp_only_layers", "this architecture has no experts");
        }
        FeedForward block = DenseFeedForward.gated(config.size("intermediate_size", 12_288));
        return layer -> block;
    }

    private static IntFunction<FeedForward> sparse(Config config) {
        config.known(List.of("intermediate_size"));
        if (!config.layerNumbers("mlp_only_layers").isEmpty()) {
            throw config.unsupported("mlp_only_layers", "every layer of this architecture has experts");
        }
        if (config.has("decoder_sparse_step") && config.size("decoder_sparse_step") != 1) {
            throw config.unsupported("decoder_sparse_step", "every layer of this architecture has experts");
        }
        FeedForward experts = experts(config, 256, 8);
        return layer -> experts;
    }

    private static IntFunction<FeedForward> mixed(Config config) {
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size", 5_632));
        FeedForward sparse = config.count("num_experts", 512) == 0 ? dense : experts(config, 512, 10);
        long step = config.size("decoder_sparse_step", 1);
        Set<Long> denseLayers = Set.copyOf(config.layerNumbers("mlp_only_layers"));
        return layer -> !denseLayers.contains((long) layer) && (layer + 1) % step == 0 ? sparse : dense;
    }

    /** Experts with a shared one under a gate. */
    static MixtureOfExperts experts(Config config, long experts, long active) {
        return new MixtureOfExperts(
                config.size("num_experts", experts),
                config.size("num_experts_per_tok", active),
                config.size("moe_intermediate_size", 512),
                config.size("shared_expert_intermediate_size", 512),
                false,
                true);
    }
}
