package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * Decoders whose attention has a gate with a projection of its own, which scales what goes into the output projection:
 * Trinity, Laguna (with a number of heads for each layer), Muse Glimmer.
 */
final class GatedFamily implements Family {
    private static final long HEAD_WIDTH = 128;

    private static final Map<String, Traits> TRAITS = Map.of(
            "afmoe", new Traits(4, QueryKeyNorm.PER_HEAD, Windows.Rule.EVERY_NTH_FULL, 1_024, "gate_proj", true),
            "laguna", new Traits(2, QueryKeyNorm.PER_HEAD, Windows.Rule.LISTED_LAYERS, 512, "g_proj", true),
            "muse_glimmer_text",
                    new Traits(
                            4, QueryKeyNorm.NONE, Windows.Rule.EVERY_FOURTH_FULL_FROM_LAST, 2_048, "gate_proj", false));

    /** What sets one architecture apart. */
    private record Traits(
            int normVectors,
            QueryKeyNorm norm,
            Windows.Rule windows,
            long usualWindow,
            String gate,
            boolean hasExperts) {}

    @Override
    public Set<String> modelTypes() {
        return TRAITS.keySet();
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        Traits traits = Objects.requireNonNull(TRAITS.get(config.type()));
        long width = config.size("head_dim", HEAD_WIDTH);
        boolean bias = config.flag("attention_bias", false);
        boolean gatesHeads = gatesHeads(config);
        IntToLongFunction heads = heads(config);
        Windows windows = Windows.read(config, traits.windows(), traits.usualWindow());
        IntFunction<FeedForward> blocks = blocks(config, traits);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    long number = heads.applyAsLong(layer);
                    GroupedQuery attention = new GroupedQuery(
                            number, keyValueHeads(config, number), width, width, bias, bias, traits.norm());
                    long gated = gatesHeads ? number : Math.multiplyExact(number, width);
                    return new LayerGroup(1, windows.over(attention, layer), blocks.apply(layer), traits.normVectors())
                            .with(gate(config, traits.gate(), gated));
                }),
                false);
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, width), 2).ifPresent(model::rotaryTable);
        return model;
    }

    /** Whether one number gates a whole head, or one each of its elements: only Laguna lets a config say. */
    private static boolean gatesHeads(Config config) {
        if (!config.type().equals("laguna")) {
            return false;
        }
        return config.isText("gating")
                ? config.text("gating").orElse("").equals("per-head")
                : config.flag("gating", true);
    }

    private static IntToLongFunction heads(Config config) {
        long heads = config.size("num_attention_heads");
        return config.type().equals("laguna") && config.has("num_attention_heads_per_layer")
                ? config.layerSizes("num_attention_heads_per_layer")
                : layer -> heads;
    }

    private static long keyValueHeads(Config config, long heads) {
        return switch (config.type()) {
            case "laguna" -> config.size("num_key_value_heads", 8);
            case "muse_glimmer_text" -> config.size("num_key_value_heads", 2);
            default -> config.size("num_key_value_heads", heads, "as many as query heads");
        };
    }

    private static IntFunction<FeedForward> blocks(Config config, Traits traits) {
        if (traits.hasExperts()) {
            return ExpertTraits.read(config);
        }
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        return layer -> dense;
    }

    /** The projection that makes the gates. */
    static List<WeightTensor> gate(Config config, String name, long gates) {
        return TensorInventory.of(TensorRole.ATTENTION)
                .linear("self_attn." + name, gates, config.size("hidden_size"), false, ShardRule.ROWS)
                .tensors();
    }
}
