package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.ParallelFeedForwards;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/**
 * Arctic: many small experts, and beside those of a layer a dense block as wide as the model, with a norm of its own.
 */
final class ArcticFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("arctic");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        boolean bias = config.flag("attention_bias", false);
        GroupedQuery attention = new GroupedQuery(
                heads,
                config.size("num_key_value_heads", heads, "as many as query heads"),
                width,
                width,
                bias,
                bias,
                QueryKeyNorm.NONE);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        FeedForward experts = MixtureOfExperts.of(
                config.size("num_local_experts", 8),
                config.size("num_experts_per_tok", 1),
                config.size("intermediate_size"));
        boolean beside = config.flag("parallel_attn_mlp_res", false) && config.flag("use_residual", false);
        if (config.flag("parallel_attn_mlp_res", false) != beside) {
            throw config.unsupported("use_residual", "known only together with parallel_attn_mlp_res");
        }
        long step = config.size("moe_layer_frequency", 2);
        FeedForward sparse = beside ? ParallelFeedForwards.of(DenseFeedForward.gated(hidden), experts) : experts;
        LayerGroup plain = new LayerGroup(1, attention, dense, 2);
        LayerGroup mixed = new LayerGroup(1, attention, sparse, beside ? 3 : 2);
        config.known(Set.of(
                "use_residual",
                "moe_vocab_parallel",
                "moe_min_capacity",
                "moe_train_capacity_factor",
                "moe_eval_capacity_factor",
                "moe_token_dropping",
                "enable_expert_tensor_parallelism"));
        config.refuseUnlessOff("sliding_window", "windows are not known for this architecture");
        ModelBuilder model = Decoder.model(
                config, name, Decoder.layers(config, layer -> (layer + 1) % step == 0 ? mixed : plain), false);
        Decoder.rotaryTable(config, width, 2).ifPresent(model::rotaryTable);
        return model;
    }
}
