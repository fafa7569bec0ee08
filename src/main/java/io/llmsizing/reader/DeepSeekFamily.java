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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * DeepSeekMoE, DeepSeek-V2, V3 and V3.2 and what has their shape: leading dense layers, then fine-grained experts with shared
 * ones, under ordinary or latent attention, an indexer in front of it where there is one, and multi-token prediction.
 */
final class DeepSeekFamily implements Family {
    /** What sets the architectures apart. */
    private enum Trait {
        /** Keys and values are latent; DeepSeek-V2 and V3 may switch that off by {@code use_mla}. */
        LATENT,
        /** Experts have a routing correction, unless {@code topk_method} says otherwise. */
        CORRECTED,
        /** An indexer selects the tokens that a layer attends to. */
        INDEXED,
        /** Layers with experts have a norm behind them. */
        NORM_BEHIND_EXPERTS,
        /** Checkpoints hold no copies of embedding and head for multi-token prediction. */
        SHARED_EMBEDDINGS,
        /** There are no experts at all. */
        DENSE
    }

    private static final Map<String, Set<Trait>> TRAITS = Map.ofEntries(
            Map.entry("deepseek", EnumSet.noneOf(Trait.class)),
            Map.entry("deepseek_v2", EnumSet.of(Trait.LATENT)),
            Map.entry("deepseek_v3", EnumSet.of(Trait.LATENT, Trait.CORRECTED)),
            Map.entry("kimi_k2", EnumSet.of(Trait.LATENT, Trait.CORRECTED)),
            Map.entry("deepseek_v32", EnumSet.of(Trait.LATENT, Trait.CORRECTED, Trait.INDEXED)),
            Map.entry("glm_moe_dsa", EnumSet.of(Trait.LATENT, Trait.CORRECTED, Trait.INDEXED, Trait.SHARED_EMBEDDINGS)),
            Map.entry("glm4_moe_lite", EnumSet.of(Trait.LATENT, Trait.CORRECTED)),
            Map.entry("mistral4", EnumSet.of(Trait.LATENT)),
            Map.entry("mistral_large3", EnumSet.of(Trait.LATENT)),
            Map.entry("axk1", EnumSet.of(Trait.LATENT, Trait.CORRECTED, Trait.NORM_BEHIND_EXPERTS)),
            Map.entry("sarvam_mla", EnumSet.of(Trait.LATENT)),
            Map.entry("minicpm3", EnumSet.of(Trait.LATENT, Trait.DENSE)));

    @Override
    public Set<String> modelTypes() {
        return TRAITS.keySet();
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        Set<Trait> traits = Objects.requireNonNull(TRAITS.get(config.type()));
        boolean latent = traits.contains(Trait.LATENT) && config.flag("use_mla", true);
        MultiHeadLatent latentAttention = latent ? LatentAttention.read(config) : null;
        Attention plain = latentAttention != null ? latentAttention : ordinaryAttention(config);
        IntFunction<Attention> attention = latentAttention != null && traits.contains(Trait.INDEXED)
                ? LatentAttention.indexed(config, latentAttention)
                : layer -> plain;
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        FeedForward sparse = traits.contains(Trait.DENSE) ? dense : experts(config, dense, traits);
        IntPredicate isSparse = traits.contains(Trait.DENSE) ? layer -> false : sparseLayers(config);
        int sparseNorms = traits.contains(Trait.NORM_BEHIND_EXPERTS) ? 3 : Decoder.TWO_NORMS;
        ignoreAllOneKind(config);
        if (latent) {
            config.has("use_qk_norm");
        }
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                attention.apply(layer),
                                isSparse.test(layer) ? sparse : dense,
                                isSparse.test(layer) ? sparseNorms : Decoder.TWO_NORMS)),
                config.type().equals("minicpm3"));
        int predictions = Predictions.depth(config, "num_nextn_predict_layers");
        if (predictions > 0) {
            config.has("index_share_for_mtp_iteration");
            Attention predicting = latentAttention != null && traits.contains(Trait.INDEXED)
                    ? LatentAttention.withIndexer(config, latentAttention)
                    : plain;
            LayerGroup layer = new LayerGroup(1, predicting, sparse, sparseNorms);
            model.speculativeHead(new SpeculativeHead(predictions, layer, !traits.contains(Trait.SHARED_EMBEDDINGS)));
        }
        long rotaryWidth = latent
                ? config.size("qk_rope_head_dim")
                : Decoder.headWidth(config, config.size("num_attention_heads"));
        Decoder.rotaryTable(config, latent ? rotaryWidth : Decoder.rotaryWidth(config, rotaryWidth), latent ? 4 : 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    /** Some configs list one kind of attention for all layers, which the class reads as its only one. */
    private static void ignoreAllOneKind(Config config) {
        if (config.texts("layer_types").stream().distinct().count() > 1) {
            throw config.unsupported("layer_types", "layers of several kinds are not known for this architecture");
        }
    }

    /** Which layers have experts: as listed, or all behind the dense ones. */
    private static IntPredicate sparseLayers(Config config) {
        List<String> listed = config.texts("mlp_layer_types");
        if (listed.isEmpty()) {
            long first = config.statedCount("first_k_dense_replace");
            if (first > config.size("num_hidden_layers")) {
                throw config.problem("first_k_dense_replace", "at most num_hidden_layers");
            }
            long step = config.size("moe_layer_freq", 1, "every layer behind the dense ones has experts");
            return layer -> layer >= first && layer % step == 0;
        }
        config.has("first_k_dense_replace");
        config.has("moe_layer_freq");
        if (listed.size() != config.size("num_hidden_layers")) {
            throw config.problem("mlp_layer_types", "one entry for each of num_hidden_layers");
        }
        for (String type : listed) {
            if (!type.equals("sparse") && !type.equals("dense")) {
                throw config.unsupported("mlp_layer_types", type + " is not known; known: dense, sparse");
            }
        }
        return layer -> listed.get(layer).equals("sparse");
    }

    private static Attention ordinaryAttention(Config config) {
        for (String unused : List.of("q_lora_rank", "kv_lora_rank", "qk_nope_head_dim", "v_head_dim")) {
            config.refuseUnlessOff(unused, "latent attention is off here");
        }
        config.refuseUnlessOff("qk_rope_head_dim", "latent attention is off here");
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        boolean bias = config.flag("attention_bias", false);
        if (Windows.read(config, Windows.Rule.STATED_LAYERS).window() > 0) {
            throw config.unsupported("layer_types", "windows are not known for this architecture");
        }
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads", heads, "as many as query heads"),
                width,
                width,
                bias,
                bias,
                QueryKeyNorm.NONE);
    }

    private static FeedForward experts(Config config, FeedForward dense, Set<Trait> traits) {
        String count = config.has("n_routed_experts") ? "n_routed_experts" : "num_experts";
        if (config.statedCount(count) == 0) {
            return dense;
        }
        if (config.has("num_experts") && config.size("num_experts") != config.size(count)) {
            throw config.unsupported("num_experts", "says otherwise than " + count);
        }
        long width = config.size("moe_intermediate_size");
        String shared = config.states("n_shared_experts") ? "n_shared_experts" : "num_shared_experts";
        boolean corrected = config.text("topk_method")
                .map("noaux_tc"::equals)
                .orElse(traits.contains(Trait.CORRECTED) || config.flag("moe_router_enable_expert_bias", false));
        return new MixtureOfExperts(
                config.size(count),
                config.size("num_experts_per_tok"),
                width,
                Math.multiplyExact(config.statedCount(shared), width),
                corrected,
                false);
    }
}
