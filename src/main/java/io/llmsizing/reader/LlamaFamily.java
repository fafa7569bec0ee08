package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Llama and all that have its block, grouped-query attention and then a feed-forward block or experts, with the
 * differences that {@link DecoderTraits} lists.
 */
final class LlamaFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return DecoderTraits.all().keySet();
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        DecoderTraits traits = DecoderTraits.of(config.text("model_type").orElse(""));
        GroupedQuery attention = attention(config, traits);
        Windows windows = Windows.read(config, traits.windows());
        IntFunction<FeedForward> blocks = Experts.read(config, traits);
        ModelBuilder model = Decoder.model(
                        config,
                        name,
                        Decoder.layers(
                                config,
                                layer -> new LayerGroup(
                                        1, windows.over(attention, layer), blocks.apply(layer), traits.normVectors())),
                        traits.tied())
                .outputNormVectors(traits.outputNormVectors());
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config, DecoderTraits traits) {
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        boolean normed = traits.norm() != QueryKeyNorm.NONE;
        if (normed != config.flag("use_qk_norm", normed)) {
            throw config.unsupported(
                    "use_qk_norm", "this architecture " + (normed ? "always" : "never") + " has it, as known here");
        }
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads", heads, "as many as query heads"),
                width,
                width,
                isThere(config, traits.inputBias()),
                isThere(config, traits.outputBias()),
                traits.norm());
    }

    private static boolean isThere(Config config, DecoderTraits.Bias bias) {
        boolean stated = config.flag("attention_bias", config.flag("use_bias", config.flag("bias", false)));
        return switch (bias) {
            case NONE -> false;
            case ALWAYS -> true;
            case STATED -> stated;
            case UNLESS_DENIED -> config.statedFlag("attention_bias", true, "the default of its configuration class");
        };
    }
}
