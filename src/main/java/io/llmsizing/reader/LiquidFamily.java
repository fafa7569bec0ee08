package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * LFM2 of Liquid AI: gated short convolutions, and attention with normed queries and keys in some layers. The dense models
 * state a feed-forward width of which two thirds are built, unless they say otherwise; the sparse ones have experts behind the
 * first layers, whose routing correction no published count holds.
 */
final class LiquidFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "block_dim",
            "block_mlp_init_scale",
            "block_norm_eps",
            "block_out_init_scale",
            "block_use_swiglu",
            "block_use_xavier_init",
            "conv_dim",
            "conv_dim_out",
            "conv_use_xavier_init",
            "num_heads",
            "theta",
            "use_expert_bias",
            "use_pos_enc");

    @Override
    public Set<String> modelTypes() {
        return Set.of("lfm2", "lfm2_moe");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        GroupedQuery attention = Decoder.attention(config, 8, false, QueryKeyNorm.PER_HEAD);
        Recurrent convolution = StateSpaces.shortConvolution(
                config.size("hidden_size"), config.size("conv_L_cache", 3), config.statedFlag("conv_bias", false));
        boolean sparse = config.type().equals("lfm2_moe");
        List<String> kinds = sparse ? sparseKinds(config) : denseKinds(config);
        IntFunction<FeedForward> blocks = sparse ? experts(config) : dense(config);
        boolean tied = config.flag("tie_embedding", true);
        if (config.has("tie_embedding")) {
            config.overrideFlag("tie_word_embeddings", tied);
        }
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                kinds.get(layer).equals(LayerKinds.FULL) ? attention : convolution,
                                blocks.apply(layer),
                                Decoder.TWO_NORMS)),
                tied);
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static List<String> denseKinds(Config config) {
        Set<Long> attending = Set.copyOf(config.layerNumbers("full_attn_idxs"));
        boolean everywhere = !config.has("full_attn_idxs");
        return LayerKinds.read(
                config,
                "layer_types",
                Set.of(LayerKinds.RECURRENT, LayerKinds.FULL),
                layer -> everywhere || attending.contains((long) layer) ? LayerKinds.FULL : LayerKinds.RECURRENT);
    }

    private static List<String> sparseKinds(Config config) {
        if (config.texts("layer_types").isEmpty()) {
            throw config.problem("layer_types", "one entry for each of num_hidden_layers");
        }
        config.has("full_attn_idxs");
        return LayerKinds.read(
                config, "layer_types", Set.of(LayerKinds.RECURRENT, LayerKinds.FULL), layer -> LayerKinds.RECURRENT);
    }

    private static IntFunction<FeedForward> dense(Config config) {
        String key = config.has("block_ff_dim") ? "block_ff_dim" : "intermediate_size";
        config.has("intermediate_size");
        long width = config.size(key, 12_288);
        boolean adjusted = config.statedFlag("block_auto_adjust_ff_dim", true);
        long multiple = config.size("block_multiple_of", 256);
        boolean factorless = config.states("block_ffn_dim_multiplier") && !config.has("block_ffn_dim_multiplier");
        if (adjusted) {
            width = Math.multiplyExact(2, width) / 3;
            if (!factorless) {
                Ratio factor =
                        Ratio.parse(config.decimal("block_ffn_dim_multiplier").orElse("1"));
                width = Math.multiplyExact(Exact.ceilDiv(factor.floorOf(width), multiple), multiple);
            }
        }
        FeedForward block = DenseFeedForward.gated(width);
        return layer -> block;
    }

    private static IntFunction<FeedForward> experts(Config config) {
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size", 7_168));
        FeedForward sparse = MixtureOfExperts.of(
                config.size("num_experts", 32),
                config.size("num_experts_per_tok", 4),
                config.size("moe_intermediate_size", 1_792));
        long leading = config.count("num_dense_layers", 2);
        return layer -> layer < leading ? dense : sparse;
    }
}
