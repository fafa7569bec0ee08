package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Llama and all that have its block, grouped-query attention and then a feed-forward block or experts, with the
 * differences that {@link DecoderTraits} lists.
 */
final class LlamaFamily implements Family {
    private static final String[] ATTENTION_BIAS = {"attention_bias", "use_bias", "bias"};

    @Override
    public Set<String> modelTypes() {
        return DecoderTraits.all().keySet();
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        DecoderTraits traits = DecoderTraits.of(config.type());
        GroupedQuery attention = DecoderExtras.attention(config, attention(config, traits));
        long usualWindow = TextDefaults.of(config.type()).getOrDefault("sliding_window", Windows.USUAL_WINDOW);
        Windows windows = Windows.read(config, traits.windows(), usualWindow);
        IntFunction<FeedForward> blocks = Experts.read(config, traits);
        ModelBuilder model = Decoder.model(
                        config,
                        name,
                        Decoder.layers(
                                config,
                                layer -> DecoderExtras.add(
                                        config,
                                        attention,
                                        new LayerGroup(
                                                1,
                                                windows.over(attention, layer),
                                                blocks.apply(layer),
                                                traits.normVectors()))),
                        traits.tied())
                .outputNormVectors(traits.outputNormVectors());
        DecoderExtras.addAround(config, model);
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                .ifPresent(model::rotaryTable);
        Predictions.read(config, model);
        return model;
    }

    private static GroupedQuery attention(Config config, DecoderTraits traits) {
        long heads = config.size("num_attention_heads");
        long width =
                traits.headWidth() > 0 ? config.size("head_dim", traits.headWidth()) : Decoder.headWidth(config, heads);
        boolean normed = traits.norm() != QueryKeyNorm.NONE;
        QueryKeyNorm norm = traits.norm();
        if (config.type().equals("cohere")) {
            norm = config.flag("use_qk_norm", false) ? QueryKeyNorm.FULL_WIDTH : norm;
        } else if (normed != config.flag("use_qk_norm", normed)) {
            throw config.unsupported(
                    "use_qk_norm", "this architecture " + (normed ? "always" : "never") + " has it, as known here");
        }
        return new GroupedQuery(
                heads,
                keyValueHeads(config, heads),
                width,
                width,
                isThere(config, traits.inputBias(), ATTENTION_BIAS),
                isThere(config, traits.outputBias(), ATTENTION_BIAS),
                norm);
    }

    private static long keyValueHeads(Config config, long heads) {
        Long usual = TextDefaults.of(config.type()).get("num_key_value_heads");
        return usual == null
                ? config.size("num_key_value_heads", heads, "as many as query heads")
                : config.size("num_key_value_heads", usual);
    }

    /** Whether a projection has a bias; a key that the architecture does not read is left to be refused. */
    static boolean isThere(Config config, DecoderTraits.Bias bias, String... keys) {
        return switch (bias) {
            case NONE -> false;
            case ALWAYS -> {
                config.has("attention_bias");
                yield config.flag("qkv_bias", true);
            }
            case STATED -> stated(config, false, keys);
            case QKV_STATED -> config.flag("qkv_bias", false);
            case OUTPUT_STATED -> config.flag("attention_out_bias", false);
            case UNLESS_DENIED -> {
                if (Arrays.stream(keys).noneMatch(config::has)) {
                    config.assume(new Assumption(keys[0], "absent, taken as true (" + Config.CLASS_DEFAULT + ")"));
                }
                yield stated(config, true, keys);
            }
        };
    }

    private static boolean stated(Config config, boolean otherwise, String... keys) {
        boolean there = otherwise;
        for (String key : keys) {
            if (config.has(key)) {
                there = config.flag(key, otherwise);
            }
        }
        return there;
    }
}
