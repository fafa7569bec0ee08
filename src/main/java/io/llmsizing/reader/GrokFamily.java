package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.ParallelFeedForwards;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/**
 * Grok-1 and Grok-2: few wide experts in every layer, norms in front of and behind each block; in the second a dense block
 * beside the experts ({@code residual_moe}). The second's file calls itself {@code git}, as a captioning model of another
 * lineage does, so its class decides.
 */
final class GrokFamily implements Family {
    private static final int NORM_VECTORS = 4;

    @Override
    public Set<String> modelTypes() {
        return Set.of("grok", "grok-1", "git");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        if (config.type().equals("git") && !config.texts("architectures").contains("Grok1ForCausalLM")) {
            throw config.unsupported("model_type", "known only with the architecture Grok1ForCausalLM");
        }
        long heads = config.size("num_attention_heads");
        GroupedQuery attention = GroupedQuery.of(
                heads,
                config.size("num_key_value_heads", heads, "as many as query heads"),
                Decoder.headWidth(config, heads));
        if (config.decimal("sliding_window_size")
                        .map(size -> !size.startsWith("-"))
                        .orElse(false)
                && config.size("global_attn_every_n") != 1) {
            throw config.unsupported("sliding_window_size", "windows are not known for this architecture");
        }
        config.known(Set.of(
                "global_attn_every_n",
                "attn_temperature_len",
                "embedding_multiplier_scale",
                "output_multiplier_scale",
                "attn_output_multiplier",
                "max_attn_value"));
        LayerGroup layer = new LayerGroup(1, attention, block(config), NORM_VECTORS);
        ModelBuilder model = Decoder.model(config, name, Decoder.layers(config, i -> layer), false);
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static FeedForward block(Config config) {
        long stated = config.size("intermediate_size");
        FeedForward experts = MixtureOfExperts.of(
                config.size(config.has("num_local_experts") ? "num_local_experts" : "num_experts"),
                config.size("num_experts_per_tok"),
                config.has("moe_intermediate_size") ? config.size("moe_intermediate_size") : stated);
        return config.flag("residual_moe", false)
                ? ParallelFeedForwards.of(DenseFeedForward.gated(stated), experts)
                : experts;
    }
}
