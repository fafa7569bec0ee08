package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;
import java.util.function.IntFunction;

/** Experts under attention with sinks, in layers with a window by turns: gpt-oss, with biases everywhere, and Granite's. */
final class SinkFamily implements Family {
    private static final long WINDOW = 128;

    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt_oss", "granitemoe_swa");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean openAi = config.type().equals("gpt_oss");
        GroupedQuery attention = attention(config, openAi);
        Windows windows = Windows.read(
                config, openAi ? Windows.Rule.EVERY_SECOND_FULL : Windows.Rule.EVERY_FOURTH_FULL_FROM_FIRST, WINDOW);
        IntFunction<FeedForward> blocks = openAi ? biased(config) : ExpertTraits.read(config);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1, windows.over(attention, layer), blocks.apply(layer), Decoder.TWO_NORMS)),
                false);
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config, boolean openAi) {
        long heads = config.size("num_attention_heads");
        boolean bias = config.statedFlag("attention_bias", openAi);
        long width = openAi ? config.size("head_dim", 64) : Decoder.headWidth(config, heads);
        return new GroupedQuery(
                        heads,
                        openAi
                                ? config.size("num_key_value_heads", 8)
                                : config.size("num_key_value_heads", heads, "as many as query heads"),
                        width,
                        width,
                        bias,
                        bias,
                        QueryKeyNorm.NONE)
                .with(GroupedQuery.Feature.SINKS);
    }

    private static IntFunction<FeedForward> biased(Config config) {
        String experts = config.has("num_experts") ? "num_experts" : "num_local_experts";
        String active = config.has("num_experts_per_tok") ? "num_experts_per_tok" : "experts_per_token";
        if (config.has("experts_per_token") && config.size("experts_per_token") != config.size(active)) {
            throw config.unsupported("experts_per_token", "says otherwise than " + active);
        }
        FeedForward sparse = new MixtureOfExperts(
                config.size(experts, 128),
                config.size(active, 4),
                config.size("intermediate_size"),
                0,
                false,
                false,
                true,
                true,
                0,
                0);
        return layer -> sparse;
    }
}
