package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.ChunkedLocal;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Llama 4: attention within chunks in the layers with rotary positions, and over everything in those without; experts with a
 * shared one in every layer or every second, dense blocks of another width in the others.
 */
final class Llama4Family implements Family {
    private static final String CHUNKED = "chunked_attention";

    @Override
    public Set<String> modelTypes() {
        return Set.of("llama4_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        GroupedQuery whole = attention(config);
        Attention chunked = chunked(config, whole);
        IntPredicate isChunked = isChunked(config);
        IntPredicate isSparse = isSparse(config);
        long width = config.size("intermediate_size");
        FeedForward sparse = new MixtureOfExperts(
                config.size("num_local_experts", 16),
                config.size("num_experts_per_tok", 1),
                width,
                width,
                false,
                false);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size_mlp", 16_384));
        config.has("use_qk_norm");
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                isChunked.test(layer) ? chunked : whole,
                                isSparse.test(layer) ? sparse : dense,
                                Decoder.TWO_NORMS)),
                false);
        Decoder.rotaryTable(config, whole.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config) {
        long width = config.size("head_dim", 128);
        boolean bias = config.flag("attention_bias", false);
        return new GroupedQuery(
                config.size("num_attention_heads"),
                config.size("num_key_value_heads", 8),
                width,
                width,
                bias,
                bias,
                QueryKeyNorm.NONE);
    }

    private static Attention chunked(Config config, GroupedQuery whole) {
        if (config.states("attention_chunk_size") && !config.has("attention_chunk_size")) {
            return whole;
        }
        return new ChunkedLocal(whole, config.size("attention_chunk_size", 8_192));
    }

    private static IntPredicate isChunked(Config config) {
        config.known(Set.of("no_rope_layers", "no_rope_layer_interval"));
        List<String> types = config.texts("layer_types");
        for (String type : types) {
            if (!type.equals(CHUNKED) && !type.equals("full_attention")) {
                throw config.unsupported("layer_types", type + " is not known for this architecture");
            }
        }
        if (!types.isEmpty()) {
            return ofEachLayer(
                    config,
                    "layer_types",
                    types.size(),
                    layer -> types.get(layer).equals(CHUNKED));
        }
        List<Long> rotary = config.layerNumbers("no_rope_layers");
        if (!rotary.isEmpty()) {
            return ofEachLayer(config, "no_rope_layers", rotary.size(), layer -> rotary.get(layer) != 0);
        }
        long interval = config.size("no_rope_layer_interval", 4);
        return layer -> (layer + 1) % interval != 0;
    }

    private static IntPredicate ofEachLayer(Config config, String key, int entries, IntPredicate stated) {
        if (entries != config.size("num_hidden_layers")) {
            throw config.problem(key, "one entry for each of num_hidden_layers");
        }
        return stated;
    }

    private static IntPredicate isSparse(Config config) {
        config.has("interleave_moe_layer_step");
        if (config.has("moe_layers")) {
            Set<Long> sparse = Set.copyOf(config.layerNumbers("moe_layers"));
            return layer -> sparse.contains((long) layer);
        }
        long step = config.size("interleave_moe_layer_step", 1);
        return layer -> (layer + 1) % step == 0;
    }
}
