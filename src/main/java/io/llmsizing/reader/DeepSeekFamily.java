package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import java.util.Set;

/**
 * DeepSeekMoE, DeepSeek-V2, DeepSeek-V3 and what has their shape (Kimi K2): leading dense layers, then fine-grained
 * experts with shared ones, under ordinary or latent attention, and multi-token prediction from V3 on. GLM-4.5 and dots.llm1
 * have the same experts under ordinary attention with normed queries and keys.
 */
final class DeepSeekFamily implements Family {
    private static final Set<String> LATENT = Set.of("deepseek_v2", "deepseek_v3", "kimi_k2");

    @Override
    public Set<String> modelTypes() {
        return Set.of("deepseek", "deepseek_v2", "deepseek_v3", "kimi_k2", "dots1", "glm4_moe");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        String type = config.text("model_type").orElse("");
        boolean corrected = !type.equals("deepseek") && !type.equals("deepseek_v2");
        boolean latent = LATENT.contains(type) && config.flag("use_mla", true);
        Attention attention = latent ? latentAttention(config) : ordinaryAttention(config, type);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        FeedForward sparse = config.statedCount("n_routed_experts") > 0 ? experts(config, corrected) : dense;
        long firstSparse = config.statedCount("first_k_dense_replace");
        long step = config.size("moe_layer_freq", 1, "every layer behind the dense ones has experts");
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                attention,
                                layer >= firstSparse && layer % step == 0 ? sparse : dense,
                                Decoder.TWO_NORMS)),
                false);
        long predictions = config.rareCount("num_nextn_predict_layers");
        if (predictions > 64) {
            throw config.problem("num_nextn_predict_layers", "0 to 64 blocks");
        }
        if (predictions > 0) {
            LayerGroup layer = new LayerGroup(1, attention, sparse, Decoder.TWO_NORMS);
            model.speculativeHead(new SpeculativeHead((int) predictions, layer, true));
        }
        long rotaryWidth = latent
                ? config.size("qk_rope_head_dim")
                : Decoder.headWidth(config, config.size("num_attention_heads"));
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, rotaryWidth), latent ? 4 : 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static Attention latentAttention(Config config) {
        config.refuseUnlessOff("attention_bias", "biases of latent attention are not known");
        config.has("num_key_value_heads");
        return new MultiHeadLatent(
                config.size("num_attention_heads"),
                config.statedCount("q_lora_rank"),
                config.size("kv_lora_rank"),
                config.size("qk_nope_head_dim"),
                config.size("qk_rope_head_dim"),
                config.size("v_head_dim"));
    }

    private static Attention ordinaryAttention(Config config, String type) {
        for (String unused : new String[] {"q_lora_rank", "kv_lora_rank", "qk_nope_head_dim", "v_head_dim"}) {
            config.refuseUnlessOff(unused, "latent attention is off here");
        }
        config.refuseUnlessOff("qk_rope_head_dim", "latent attention is off here");
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        boolean bias = config.flag("attention_bias", false);
        boolean normed = type.equals("dots1") || (type.equals("glm4_moe") && config.flag("use_qk_norm", false));
        if (Windows.read(config, Windows.Rule.STATED_LAYERS).window() > 0) {
            throw config.unsupported("layer_types", "windows are not known for this architecture");
        }
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads", heads, "as many as query heads"),
                width,
                width,
                bias,
                bias && !type.equals("glm4_moe"),
                normed ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
    }

    private static FeedForward experts(Config config, boolean corrected) {
        long width = config.size("moe_intermediate_size");
        boolean routerBias = config.text("topk_method").map("noaux_tc"::equals).orElse(corrected);
        return new MixtureOfExperts(
                config.size("n_routed_experts"),
                config.size("num_experts_per_tok"),
                width,
                Math.multiplyExact(config.statedCount("n_shared_experts"), width),
                routerBias,
                false);
    }
}
