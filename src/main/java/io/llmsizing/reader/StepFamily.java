package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.document.JsonObject;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Step 3.5 and the language model of Step 3.7: a gate for each head, another number of query heads in layers with a window,
 * and dense blocks with heads of their own that predict further tokens.
 */
final class StepFamily implements Family {
    private static final String WINDOWED = "sliding_attention";

    @Override
    public Set<String> modelTypes() {
        return Set.of("step3p5");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        if (config.states("model_type", "\"step3p7\"")) {
            throw config.unsupported(
                    "model_type", "this architecture reads its language model from text_config, which is absent");
        }
        int predictions = Predictions.depth(config);
        List<String> types = layerTypes(config, predictions);
        IntFunction<FeedForward> blocks = ExpertTraits.read(config);
        long windowedHeads = windowedHeads(config);
        IntFunction<LayerGroup> layer =
                number -> layer(config, isWindowed(types, number), windowedHeads, blocks.apply(number));
        ModelBuilder model = Decoder.model(config, name, Decoder.layers(config, layer), false);
        if (predictions > 0) {
            int first = (int) config.size("num_hidden_layers");
            FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
            model.speculativeHead(new SpeculativeHead(
                    predictions,
                    layer(config, isWindowed(types, first), windowedHeads, dense),
                    false,
                    TensorInventory.of(TensorRole.OUTPUT_HEAD)
                            .matrix(
                                    "shared_head.head.weight",
                                    config.size("vocab_size"),
                                    config.size("hidden_size"),
                                    TensorRole.OUTPUT_HEAD,
                                    ShardRule.VOCABULARY)
                            .tensors()));
        }
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, width(config)), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    /** One type for each layer, behind them perhaps those of the blocks that predict; all full where none are stated. */
    private static List<String> layerTypes(Config config, int predictions) {
        List<String> types = config.texts("layer_types");
        for (String type : types) {
            if (!type.equals(WINDOWED) && !type.equals("full_attention")) {
                throw config.unsupported("layer_types", type + " is not known for this architecture");
            }
        }
        long layers = config.size("num_hidden_layers");
        if (!types.isEmpty() && types.size() != layers && types.size() != layers + predictions) {
            throw config.problem("layer_types", "one entry for each of num_hidden_layers");
        }
        return types;
    }

    private static boolean isWindowed(List<String> types, int layer) {
        return layer < types.size() && types.get(layer).equals(WINDOWED);
    }

    private static long windowedHeads(Config config) {
        if (config.has("num_sliding_attention_heads")) {
            return config.size("num_sliding_attention_heads");
        }
        JsonObject other = config.object("attention_other_setting").orElse(null);
        long heads = config.size("num_attention_heads");
        return other == null ? heads : other.whole("num_attention_heads", 1, Attention.LARGEST_WIDTH, heads);
    }

    private static long width(Config config) {
        return config.size("head_dim", 128);
    }

    private static LayerGroup layer(Config config, boolean isWindowed, long windowedHeads, FeedForward block) {
        long heads = isWindowed ? windowedHeads : config.size("num_attention_heads");
        long width = width(config);
        boolean bias = config.flag("attention_bias", false);
        String groups = config.has("num_attention_groups") ? "num_attention_groups" : "num_key_value_heads";
        GroupedQuery attention =
                new GroupedQuery(heads, config.size(groups, 8), width, width, bias, bias, QueryKeyNorm.PER_HEAD);
        boolean kept = isWindowed && config.has("sliding_window");
        return new LayerGroup(
                        1,
                        kept ? new SlidingWindow(attention, config.size("sliding_window")) : attention,
                        block,
                        Decoder.TWO_NORMS)
                .with(GatedFamily.gate(config, "g_proj", heads));
    }
}
