package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The GPTs of the first years: layer norms and biases, no gate, learned positions or ALiBi. They name their keys each in
 * their own way.
 */
final class GptFamily implements Family {
    private static final Keys GPT2_KEYS = new Keys("n_embd", "n_layer", "n_head", "n_inner", "n_positions");
    private static final Keys USUAL_KEYS = new Keys(
            "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings");

    private static final Map<String, Traits> TRAITS = Map.of(
            "gpt2", new Traits(GPT2_KEYS, 4, true, Positions.LEARNED, 0, true, false),
            "gpt_bigcode", new Traits(GPT2_KEYS, 4, true, Positions.LEARNED, 0, true, false),
            "gptj", new Traits(GPT2_KEYS, 2, false, Positions.ROTARY, 0, false, true),
            "phi", new Traits(USUAL_KEYS, 2, true, Positions.ROTARY, 0, false, true),
            "opt",
                    new Traits(
                            new Keys(
                                    "hidden_size",
                                    "num_hidden_layers",
                                    "num_attention_heads",
                                    "ffn_dim",
                                    "max_position_embeddings"),
                            4,
                            true,
                            Positions.LEARNED_WITH_TWO_MORE,
                            0,
                            true,
                            false),
            "bloom",
                    new Traits(
                            new Keys("hidden_size", "n_layer", "n_head", "n_inner", "seq_length"),
                            4,
                            true,
                            Positions.NONE,
                            2,
                            true,
                            false));

    /** The keys under which an architecture states its shape. */
    private record Keys(String hidden, String layers, String heads, String inner, String positions) {}

    /** How positions enter. */
    private enum Positions {
        LEARNED,
        LEARNED_WITH_TWO_MORE,
        ROTARY,
        NONE
    }

    /** What sets one architecture apart. Norm vectors count gains and biases. */
    private record Traits(
            Keys keys,
            int normVectors,
            boolean attentionBias,
            Positions positions,
            int embeddingNormVectors,
            boolean tied,
            boolean headBias) {}

    @Override
    public Set<String> modelTypes() {
        return TRAITS.keySet();
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        String type = config.text("model_type").orElse("");
        Traits traits = Objects.requireNonNull(TRAITS.get(type));
        Keys keys = traits.keys();
        long hidden = config.size(keys.hidden());
        long context = config.size(keys.positions(), 1L << 20, "no limit is known, so none is checked up to there");
        refuseVariants(config, hidden);
        GroupedQuery attention = attention(config, type, traits, hidden);
        DenseFeedForward block = new DenseFeedForward(innerWidth(config, keys, hidden), false, true);
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        embedding(config, traits, context),
                        Decoder.layers(
                                config,
                                keys.layers(),
                                layer -> new LayerGroup(1, attention, block, traits.normVectors())),
                        context)
                .outputNormVectors(2);
        if (traits.positions() == Positions.ROTARY) {
            config.has("rotary_dim");
            Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                    .ifPresent(model::rotaryTable);
        }
        return model;
    }

    /** Only the keys of GPT-2 know an inner width of {@code null}, four times the width. */
    private static long innerWidth(Config config, Keys keys, long hidden) {
        long usual = Math.multiplyExact(4, hidden);
        return keys.inner().equals(GPT2_KEYS.inner()) && !config.has(keys.inner()) ? usual : config.size(keys.inner());
    }

    private static void refuseVariants(Config config, long hidden) {
        if (config.has("word_embed_proj_dim") && config.size("word_embed_proj_dim") != hidden) {
            throw config.unsupported("word_embed_proj_dim", "a projection of the embedding is not known");
        }
        if (!config.flag("do_layer_norm_before", true)) {
            throw config.unsupported("do_layer_norm_before", "norms behind the blocks are not known");
        }
        if (!config.flag("enable_bias", true)) {
            throw config.unsupported("enable_bias", "layers without biases are not known");
        }
        if (!config.flag("layer_norm_elementwise_affine", true)) {
            throw config.unsupported("layer_norm_elementwise_affine", "norms without gain are not known");
        }
        config.refuseUnlessOff("add_cross_attention", "cross attention is not known");
        config.refuseUnlessOff("qk_layernorm", "norms of queries and keys are not known");
    }

    private static GroupedQuery attention(Config config, String type, Traits traits, long hidden) {
        long heads = config.size(traits.keys().heads());
        if (hidden % heads != 0) {
            throw config.problem(traits.keys().heads(), "a divisor of the width " + hidden);
        }
        long width = hidden / heads;
        if (config.has("head_dim") && config.size("head_dim") != width) {
            throw config.unsupported("head_dim", "heads here are " + width + " wide, the width divided by them");
        }
        long keyValueHeads = heads;
        if (type.equals("gpt_bigcode") && config.flag("multi_query", true)) {
            keyValueHeads = 1;
        } else if (type.equals("phi")) {
            keyValueHeads = config.size("num_key_value_heads", heads, "as many as query heads");
        }
        boolean bias = traits.attentionBias();
        return new GroupedQuery(heads, keyValueHeads, width, width, bias, bias, QueryKeyNorm.NONE);
    }

    private static Embedding embedding(Config config, Traits traits, long context) {
        long positions = switch (traits.positions()) {
            case LEARNED -> context;
            case LEARNED_WITH_TWO_MORE -> context + 2;
            case ROTARY, NONE -> 0;
        };
        if (positions > 0 && !config.has(traits.keys().positions())) {
            throw config.problem(traits.keys().positions(), "the rows of the position table");
        }
        return new Embedding(
                config.size("vocab_size"),
                config.statedFlag("tie_word_embeddings", traits.tied(), "the default of this architecture"),
                positions,
                traits.embeddingNormVectors(),
                traits.headBias());
    }
}
