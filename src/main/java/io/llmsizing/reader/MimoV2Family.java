package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * MiMo-V2: keys wider than values, and layers with a window that have sinks and other heads than those without. Published
 * checkpoints also hold three blocks that predict further tokens; no key tells of them, so they are not counted.
 */
final class MimoV2Family implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("mimo_v2", "mimo_v2_flash");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long heads = config.size("num_attention_heads");
        long keyValueHeads = config.size("num_key_value_heads");
        long keyWidth = config.size("head_dim", 192);
        long valueWidth = config.size("v_head_dim", 128);
        GroupedQuery full = attention(config, heads, keyValueHeads, keyWidth, valueWidth, "full", false);
        GroupedQuery windowed = attention(
                config,
                orElse(config, "swa_num_attention_heads", heads),
                orElse(config, "swa_num_key_value_heads", Math.multiplyExact(2, keyValueHeads)),
                orElse(config, "swa_head_dim", keyWidth),
                orElse(config, "swa_v_head_dim", valueWidth),
                "swa",
                true);
        Attention limited = new SlidingWindow(windowed, window(config));
        IntPredicate isWindowed = isWindowed(config);
        IntFunction<FeedForward> blocks = ExpertTraits.read(config);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1, isWindowed.test(layer) ? limited : full, blocks.apply(layer), Decoder.TWO_NORMS)),
                false);
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, keyWidth), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static long orElse(Config config, String key, long otherwise) {
        return config.size(key, otherwise, "as in the layers without a window; twice the key-value heads");
    }

    private static GroupedQuery attention(
            Config config, long heads, long keyValueHeads, long keyWidth, long valueWidth, String kind, boolean sinks) {
        GroupedQuery attention = new GroupedQuery(
                heads,
                keyValueHeads,
                keyWidth,
                valueWidth,
                config.flag("attention_bias", false),
                false,
                QueryKeyNorm.NONE);
        return config.flag("add_" + kind + "_attention_sink_bias", sinks)
                ? attention.with(GroupedQuery.Feature.SINKS)
                : attention;
    }

    private static long window(Config config) {
        long window = config.size("sliding_window", 128);
        for (String same : List.of("sliding_window_size", "attention_chunk_size")) {
            if (config.has(same) && config.size(same) != window) {
                throw config.unsupported(same, "says otherwise than sliding_window");
            }
        }
        return window;
    }

    private static IntPredicate isWindowed(Config config) {
        List<String> types = config.texts("layer_types");
        List<Long> marks = config.layerNumbers("hybrid_layer_pattern");
        String key = types.isEmpty() ? "hybrid_layer_pattern" : "layer_types";
        int entries = types.isEmpty() ? marks.size() : types.size();
        if (entries == 0) {
            config.assumeClassDefault(key, "the first and each sixth layer without a window");
            return layer -> layer > 0 && (layer + 1) % 6 != 0;
        }
        if (entries != config.size("num_hidden_layers")) {
            throw config.problem(key, "one entry for each of num_hidden_layers");
        }
        return types.isEmpty()
                ? layer -> marks.get(layer) != 0
                : layer -> types.get(layer).equals("sliding_attention");
    }
}
