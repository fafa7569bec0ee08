package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** MiniMax-Text-01 and MiniMax-M1: seven layers of lightning attention, then ordinary attention; experts in every layer. */
final class MiniMaxTextFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "block_size",
            "full_attn_alpha_factor",
            "full_attn_beta_factor",
            "layernorm_full_attention_alpha",
            "layernorm_full_attention_beta",
            "layernorm_linear_attention_alpha",
            "layernorm_linear_attention_beta",
            "layernorm_mlp_alpha",
            "layernorm_mlp_beta",
            "linear_attn_alpha_factor",
            "linear_attn_beta_factor",
            "mlp_alpha_factor",
            "mlp_beta_factor",
            "postnorm",
            "rotary_dim",
            "shared_moe_mode");

    @Override
    public Set<String> modelTypes() {
        return Set.of("minimax", "minimax_text_01", "minimax_m1");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        config.refuseUnlessOff("sliding_window", "this architecture has no windows");
        GroupedQuery attention = Decoder.attention(config, 8, false, QueryKeyNorm.NONE);
        Recurrent lightning = LinearAttentions.lightning(
                config.size("hidden_size"),
                attention.heads(),
                attention.keyWidth(),
                config.type().equals("minimax") ? 2 : 4);
        long shared = config.rareCount("shared_intermediate_size");
        FeedForward experts = new MixtureOfExperts(
                config.size("num_local_experts"),
                config.size("num_experts_per_tok", 2),
                config.size("intermediate_size"),
                shared,
                false,
                shared > 0);
        List<String> kinds = kinds(config);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                kinds.get(layer).equals(LayerKinds.FULL) ? attention : lightning,
                                experts,
                                Decoder.TWO_NORMS)),
                false);
        long rotary = config.has("rotary_dim") ? config.size("rotary_dim") : attention.keyWidth();
        Decoder.rotaryTable(config, rotary, 2).ifPresent(model::rotaryTable);
        return model;
    }

    /** In the authors' own configs 0 is lightning attention and 1 ordinary attention. */
    private static List<String> kinds(Config config) {
        if (!config.has("attn_type_list")) {
            if (!config.type().equals("minimax")) {
                throw config.problem("attn_type_list", "one entry for each of num_hidden_layers");
            }
            return LayerKinds.read(
                    config,
                    "layer_types",
                    Set.of(LayerKinds.RECURRENT, LayerKinds.FULL),
                    layer -> layer % 2 == 0 ? LayerKinds.FULL : LayerKinds.RECURRENT);
        }
        List<String> kinds = new ArrayList<>();
        for (long type : config.layerNumbers("attn_type_list")) {
            if (type > 1) {
                throw config.unsupported("attn_type_list", "known are 0 and 1");
            }
            kinds.add(type == 1 ? LayerKinds.FULL : LayerKinds.RECURRENT);
        }
        if (kinds.size() != config.size("num_hidden_layers")) {
            throw config.problem("attn_type_list", "one entry for each of num_hidden_layers");
        }
        return kinds;
    }
}
