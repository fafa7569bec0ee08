package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.List;
import java.util.Set;

/**
 * Llama and what descends from it with the same block: Mistral, Mixtral, Qwen2, Qwen3 and Qwen3-MoE. Two RMS norms,
 * grouped-query attention, a gated feed-forward block or experts.
 */
final class LlamaFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        String type = config.text("model_type").orElse("");
        long heads = config.size("num_attention_heads");
        GroupedQuery attention = attention(config, type, heads);
        Windows windows = Windows.read(config, type);
        Experts experts = new Experts(config, type);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1, windows.over(attention, layer), experts.feedForward(layer), Decoder.TWO_NORMS)));
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config, String type, long heads) {
        long keyValueHeads = config.size("num_key_value_heads", heads, "as many as query heads");
        long width = Decoder.headWidth(config, heads);
        boolean qwen2 = type.equals("qwen2");
        boolean bias = config.flag("attention_bias", false);
        boolean qwen3 = type.startsWith("qwen3");
        if (qwen3 != config.flag("use_qk_norm", qwen3)) {
            throw config.unsupported("use_qk_norm", "this architecture " + (qwen3 ? "always" : "never") + " has it");
        }
        return new GroupedQuery(
                heads,
                keyValueHeads,
                width,
                width,
                qwen2 || bias,
                !qwen2 && bias,
                qwen3 ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
    }

    /** Which layers attend to a window only. */
    private record Windows(long window, long firstLayer, List<String> layerTypes) {
        private static final long MISTRAL_WINDOW = 4_096;
        private static final long QWEN_FIRST_WINDOW = 28;
        private static final String CLASS_DEFAULT = "the default of its configuration class";

        static Windows read(Config config, String type) {
            boolean qwen = type.startsWith("qwen");
            boolean stated = config.has("sliding_window");
            boolean mistralDefault = type.equals("mistral") && !config.states("sliding_window");
            boolean on = (stated || mistralDefault) && (!qwen || config.flag("use_sliding_window", false));
            config.flag("use_sliding_window", false);
            long firstLayer = qwen && on ? config.count("max_window_layers", QWEN_FIRST_WINDOW, CLASS_DEFAULT) : 0;
            config.has("max_window_layers");
            List<String> layerTypes = config.texts("layer_types");
            if (layerTypes.contains("sliding_attention") && !config.has("sliding_window")) {
                throw config.problem("sliding_window", "a window, since layer_types has sliding_attention");
            }
            for (String layerType : layerTypes) {
                if (!layerType.equals("sliding_attention") && !layerType.equals("full_attention")) {
                    throw config.unsupported("layer_types", layerType + " is not known for this architecture");
                }
            }
            if (!layerTypes.isEmpty() && layerTypes.size() != config.size("num_hidden_layers")) {
                throw config.problem("layer_types", "one entry for each of num_hidden_layers");
            }
            boolean windowed = on || layerTypes.contains("sliding_attention");
            long window = windowed ? config.size("sliding_window", MISTRAL_WINDOW, CLASS_DEFAULT) : 0;
            return new Windows(window, firstLayer, layerTypes);
        }

        Attention over(GroupedQuery attention, int layer) {
            boolean windowed = window > 0
                    && (layerTypes.isEmpty()
                            ? layer >= firstLayer
                            : layerTypes.get(layer).equals("sliding_attention"));
            return windowed ? new SlidingWindow(attention, window) : attention;
        }
    }

    /** Which layers have experts. */
    private static final class Experts {
        private final FeedForward dense;
        private final FeedForward sparse;
        private final long step;
        private final Set<Long> denseLayers;

        Experts(Config config, String type) {
            dense = new DenseFeedForward(config.size("intermediate_size"), true, config.flag("mlp_bias", false));
            if (type.equals("mixtral")) {
                sparse = MixtureOfExperts.of(
                        config.size("num_local_experts"),
                        config.size("num_experts_per_tok"),
                        config.size("intermediate_size"));
                step = 1;
                denseLayers = Set.of();
            } else if (type.equals("qwen3_moe")) {
                sparse = MixtureOfExperts.of(
                        config.has("num_experts") ? config.size("num_experts") : config.size("num_local_experts"),
                        config.size("num_experts_per_tok"),
                        config.size("moe_intermediate_size"));
                config.refuseUnlessOff("shared_expert_intermediate_size", "this architecture has no shared experts");
                step = config.size("decoder_sparse_step", 1, "every layer has experts");
                denseLayers = Set.copyOf(config.layerNumbers("mlp_only_layers"));
            } else {
                sparse = dense;
                step = 1;
                denseLayers = Set.of();
            }
        }

        FeedForward feedForward(int layer) {
            boolean hasExperts = !denseLayers.contains((long) layer) && (layer + 1) % step == 0;
            return hasExperts ? sparse : dense;
        }
    }
}
