package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;

/**
 * Ling and Ring with linear attention, and another attention at the end of every group of layers. The linear 2.0 models have
 * lightning attention and ordinary attention, 2.5 and 2.6 lightning attention and latent attention, 3.0 Kimi delta attention with
 * whole gates and latent attention under a gate; a short convolution tells the last from those before.
 */
final class BailingHybridFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "expert_swiglu_limit_list",
            "group_norm_size",
            "kda_lower_bound",
            "kda_safe_gate",
            "linear_backend",
            "linear_rope",
            "linear_scale",
            "linear_silu",
            "max_window_layers",
            "mtp_loss_scaling_factor",
            "norm_topk_prob",
            "num_key_value_heads",
            "output_dropout",
            "qk_head_dim",
            "rope_interleave",
            "rotary_dim",
            "router_dtype",
            "score_function",
            "share_expert_swiglu_limit_list",
            "topk_method",
            "use_linear_silu",
            "use_mla_nope",
            "use_rmsnorm");

    @Override
    public Set<String> modelTypes() {
        return Set.of("bailing_moe_linear", "bailing_hybrid");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        for (String variant : new String[] {
            "up_proj_norm", "value_norm", "use_nGPT", "scale_router_input", "mtp_use_kda", "use_kda_lora"
        }) {
            config.refuseUnlessOff(variant, "not known for this architecture");
        }
        config.refuseUnlessOff("use_sliding_window", "this architecture has no windows");
        long hidden = config.size("hidden_size");
        boolean third = config.has("short_conv_kernel_size");
        Recurrent linear = third ? delta(config, hidden) : lightning(config, hidden);
        boolean ordinary = config.type().equals("bailing_moe_linear");
        Attention attention = ordinary ? ordinaryAttention(config) : latentAttention(config);
        List<WeightTensor> gate =
                attention instanceof MultiHeadLatent latent ? gate(config, latent, hidden) : List.of();
        FeedForward dense =
                new DenseFeedForward(config.size("intermediate_size"), true, config.flag("use_bias", false));
        FeedForward sparse = experts(config);
        long leading = config.count("first_k_dense_replace", 0);
        long group = config.size("layer_group_size", 1);
        long grouped = config.size("num_hidden_layers") / group * group;
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    FeedForward block = layer < leading ? dense : sparse;
                    boolean attends = (layer + 1) % group == 0 || layer >= grouped;
                    return attends
                            ? new LayerGroup(1, attention, block, Decoder.TWO_NORMS).with(gate)
                            : new LayerGroup(1, linear, block, Decoder.TWO_NORMS);
                }),
                false);
        int predictions = Predictions.depth(config, "num_nextn_predict_layers");
        if (predictions > 0) {
            LayerGroup layer = new LayerGroup(1, attention, sparse, Decoder.TWO_NORMS).with(gate);
            model.speculativeHead(new SpeculativeHead(predictions, layer, false));
        }
        long rotary = attention instanceof MultiHeadLatent latent
                ? latent.rotaryWidth()
                : Decoder.rotaryWidth(config, Decoder.headWidth(config, config.size("num_attention_heads")));
        Decoder.rotaryTable(config, rotary, 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static Attention ordinaryAttention(Config config) {
        config.refuseUnlessOff("using_split_qkv_in_self_attention", "projections that are split are not known");
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        boolean bias = config.flag("use_bias", false);
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads"),
                width,
                width,
                bias || config.flag("use_qkv_bias", false),
                bias,
                config.flag("use_qk_norm", false) ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
    }

    private static Recurrent lightning(Config config, long hidden) {
        long heads = config.size("num_attention_heads");
        long shared = config.has("num_kv_heads_for_linear_attn") ? config.count("num_kv_heads_for_linear_attn") : 0;
        if (shared != 0 && shared != heads) {
            throw config.unsupported("num_kv_heads_for_linear_attn", "known are as many as query heads");
        }
        return LinearAttentions.lightning(
                hidden,
                heads,
                Decoder.headWidth(config, heads),
                config.flag("use_qk_norm", false),
                config.flag("use_bias", false) || config.flag("use_qkv_bias", false),
                config.flag("use_bias", false));
    }

    private static Recurrent delta(Config config, long hidden) {
        config.known(List.of("num_kv_heads_for_linear_attn", "use_qk_norm"));
        config.refuseUnlessOff("use_qkv_bias", "biases of delta attention are not known");
        if (!config.flag("no_kda_lora", false)) {
            throw config.unsupported("no_kda_lora", "gates through a narrow width are not known here");
        }
        long heads = config.size("num_attention_heads");
        return LinearAttentions.kimiDelta(
                hidden, heads, Decoder.headWidth(config, heads), config.size("short_conv_kernel_size"), 0, 0);
    }

    private static MultiHeadLatent latentAttention(Config config) {
        return new MultiHeadLatent(
                config.size("num_attention_heads"),
                config.rareCount("q_lora_rank"),
                config.size("kv_lora_rank", 512),
                config.size("qk_nope_head_dim", 128),
                config.size("qk_rope_head_dim", 64),
                config.size("v_head_dim", 128));
    }

    private static List<WeightTensor> gate(Config config, MultiHeadLatent latent, long hidden) {
        String key = "gated_attention_proj_granularity_type";
        if (!config.has(key)) {
            return List.of();
        }
        long rows = switch (config.text(key).orElse("")) {
            case "head_wise" -> latent.heads();
            case "element_wise" -> latent.heads() * latent.valueWidth();
            default -> throw config.problem(key, "head_wise or element_wise");
        };
        return List.of(
                WeightTensor.matrix("self_attn.g_proj.weight", TensorRole.ATTENTION, rows, hidden, ShardRule.ROWS));
    }

    private static FeedForward experts(Config config) {
        config.refuseUnlessOff("use_bias", "experts with biases are not known for this architecture");
        long width = config.size("moe_intermediate_size");
        config.has("moe_router_enable_shared_expert");
        long shared = config.size("moe_shared_expert_intermediate_size", width, "moe_intermediate_size");
        return new MixtureOfExperts(
                config.size("num_experts"),
                config.size("num_experts_per_tok"),
                width,
                Math.multiplyExact(config.count("num_shared_experts", 1), shared),
                config.flag("moe_router_enable_expert_bias", false),
                false);
    }
}
