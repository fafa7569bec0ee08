package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.document.JsonObject;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.RotaryTable;
import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What the configs of ordinary decoders have in common. */
final class Decoder {
    /** Two RMS norms: one in front of the attention, one in front of the feed-forward block. */
    static final int TWO_NORMS = 2;

    /** Tokens up to which a model may be asked that does not state its context. */
    private static final long UNSTATED_CONTEXT = 1L << 20;

    private Decoder() {}

    static ModelBuilder model(Config config, String name, LayerStack layers, boolean tied) {
        return model(config, name, layers, tied, "max_position_embeddings");
    }

    /** The same where the longest context stands under another key. */
    static ModelBuilder model(Config config, String name, LayerStack layers, boolean tied, String context) {
        return Model.builder(
                name,
                config.size("hidden_size"),
                new Embedding(
                        config.size("vocab_size"),
                        config.statedFlag("tie_word_embeddings", tied, "the default of this architecture")),
                layers,
                config.size(context, UNSTATED_CONTEXT, "no limit is known, so none is checked up to there"));
    }

    /** The layers one by one; equal neighbours become one run. */
    static LayerStack layers(Config config, IntFunction<LayerGroup> layer) {
        return layers(config, "num_hidden_layers", layer);
    }

    /** The same where the number of layers stands under another key. */
    static LayerStack layers(Config config, String key, IntFunction<LayerGroup> layer) {
        return layers(layerCount(config, key), layer);
    }

    /** How many layers there are, never more than can be. */
    static int layerCount(Config config, String key) {
        long count = config.size(key);
        if (count > LayerGroup.MOST_LAYERS) {
            throw config.problem(key, "1 to " + LayerGroup.MOST_LAYERS + " layers");
        }
        return (int) count;
    }

    /** So many layers one by one; equal neighbours become one run. */
    static LayerStack layers(int count, IntFunction<LayerGroup> layer) {
        List<LayerGroup> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LayerGroup next = layer.apply(i);
            int last = runs.size() - 1;
            if (last >= 0 && runs.get(last).sameKindAs(next)) {
                LayerGroup run = runs.get(last);
                runs.set(last, run.times(run.count() + 1));
            } else {
                runs.add(next);
            }
        }
        return LayerStack.of(runs);
    }

    /** Key-value heads: {@code null} means as many as query heads, absence what the configuration class takes. */
    static long keyValueHeads(Config config, long heads, long byDefault) {
        boolean none = config.states("num_key_value_heads") && !config.has("num_key_value_heads");
        return none ? heads : config.size("num_key_value_heads", byDefault);
    }

    /** Attention with heads as stated, all its projections with a bias or none. */
    static GroupedQuery attention(Config config, long keyValueHeads, boolean bias, QueryKeyNorm norm) {
        long heads = config.size("num_attention_heads");
        long width = headWidth(config, heads);
        return new GroupedQuery(heads, keyValueHeads(config, heads, keyValueHeads), width, width, bias, bias, norm);
    }

    /** The head width that a config states, or the width divided by the heads. */
    static long headWidth(Config config, long heads) {
        long hidden = config.size("hidden_size");
        if (config.has("head_dim")) {
            return config.size("head_dim");
        }
        if (hidden < heads) {
            throw config.problem("num_attention_heads", "at most the hidden_size " + hidden + ", or a head_dim");
        }
        return config.size(
                "head_dim",
                hidden / heads,
                hidden % heads == 0
                        ? "hidden_size / num_attention_heads"
                        : "hidden_size / num_attention_heads, rounded down");
    }

    /** The part of a head that is rotated: all of it, or the width or share that the config states. */
    static long rotaryWidth(Config config, long headWidth) {
        if (config.has("rotary_dim")) {
            return Math.min(config.size("rotary_dim"), headWidth);
        }
        return config.decimal("partial_rotary_factor")
                .or(() -> config.decimal("rotary_pct"))
                .or(() -> config.object("rope_parameters").flatMap(rope -> rope.decimal("partial_rotary_factor")))
                .map(share -> Math.max(1, Ratio.parse(share).floorOf(headWidth)))
                .orElse(headWidth);
    }

    /**
     * The table of rotary positions, one row a position (vLLM model_executor/layers/rotary_embedding). Stretched by a factor it
     * has a row for each stretched position; where layers with a window turn at another rate, they have a table of their own.
     *
     * @param width rotary elements of a head
     * @param elementBytes 2, or 4 where YaRN tables stay in FP32
     */
    static Optional<RotaryTable> rotaryTable(Config config, long width, long elementBytes) {
        Optional<JsonObject> scaling = config.object("rope_scaling").or(() -> config.object("rope_parameters"));
        config.has("rope_parameters");
        if (!config.has("max_position_embeddings")) {
            return Optional.empty();
        }
        long positions = config.size("max_position_embeddings");
        long ofWindows = config.has("rope_local_base_freq") ? positions : 0;
        if (scaling.isEmpty()) {
            return Optional.of(new RotaryTable(positions + ofWindows, width, 2));
        }
        JsonObject scaled = scaling.get();
        String type = scaled.text("rope_type").or(() -> scaled.text("type")).orElse("default");
        Optional<Ratio> factor = scaled.decimal("factor").map(Ratio::parse);
        if (type.equals("yarn") && factor.isPresent() && scaled.has("original_max_position_embeddings")) {
            long original = scaled.whole("original_max_position_embeddings", 1, 1L << 32);
            return Optional.of(new RotaryTable(factor.get().floorOf(original), width, elementBytes));
        }
        if ((type.equals("linear") || type.equals("dynamic")) && factor.isPresent()) {
            positions = factor.get().floorOf(positions);
        }
        return Optional.of(new RotaryTable(positions + ofWindows, width, 2));
    }
}
