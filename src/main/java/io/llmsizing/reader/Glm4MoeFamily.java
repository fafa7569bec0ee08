package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * GLM-4.5 and its vision models' language model, and dots.llm1: the experts of DeepSeek-V3 under ordinary attention, whose
 * queries and keys may have norms.
 */
final class Glm4MoeFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("dots1", "glm4_moe", "glm4v_moe_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        GroupedQuery attention = attention(config);
        Windows windows = Windows.read(
                config,
                config.type().equals("dots1") ? Windows.Rule.FROM_MAX_WINDOW_LAYERS : Windows.Rule.STATED_LAYERS);
        IntFunction<FeedForward> blocks = ExpertTraits.read(config);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1, windows.over(attention, layer), blocks.apply(layer), Decoder.TWO_NORMS)),
                false);
        int predictions = Predictions.depth(config);
        if (predictions > 0) {
            FeedForward sparse = ExpertTraits.of(config.type()).experts(config);
            LayerGroup inside = new LayerGroup(1, attention, sparse, Decoder.TWO_NORMS);
            model.speculativeHead(new SpeculativeHead(predictions, inside, true));
        }
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config) {
        boolean vision = config.type().equals("glm4v_moe_text");
        boolean dots = config.type().equals("dots1");
        long heads = config.size("num_attention_heads");
        long width = width(config, heads);
        boolean bias = config.statedFlag("attention_bias", vision);
        boolean normed = dots || (!vision && config.flag("use_qk_norm", false));
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads", dots ? 32 : 8),
                width,
                width,
                bias,
                bias && dots,
                normed ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
    }

    /** Where no width is stated, the class divides and drops what is left over. */
    private static long width(Config config, long heads) {
        long hidden = config.size("hidden_size");
        if (config.has("head_dim") || hidden % heads == 0 || hidden < heads) {
            return Decoder.headWidth(config, heads);
        }
        config.assume(new Assumption(
                "head_dim",
                "absent, taken as " + hidden / heads + " (hidden_size / num_attention_heads, rounded down)"));
        return hidden / heads;
    }
}
