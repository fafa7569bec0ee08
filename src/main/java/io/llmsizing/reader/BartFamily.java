package io.llmsizing.reader;

import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.CrossAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * BART and the translators, summarisers and talkers that have its block, and Whisper, whose encoder hears: layer norms and
 * biases, a decoder that attends to the encoder. The class decides: {@code ForConditionalGeneration} has both, {@code ForCausalLM}
 * is the decoder alone, whose attention to an encoder has weights but nothing to keep.
 */
final class BartFamily implements Family {
    private static final Set<String> ENCODER = Set.of("encoder_layers", "encoder_ffn_dim", "encoder_attention_heads");
    private static final Traits BART = new Traits(Positions.LEARNED_WITH_TWO_MORE, 1_024, true, false, "ForCausalLM");
    private static final Map<String, Traits> TRAITS = Map.of(
            "bart", BART,
            "plbart", BART,
            "mbart", new Traits(Positions.LEARNED_WITH_TWO_MORE, 1_024, true, true, "ForCausalLM"),
            "m2m_100", new Traits(Positions.COMPUTED, 1_024, false, true, "ForConditionalGeneration"),
            "marian", new Traits(Positions.LEARNED, 1_024, false, false, "ForCausalLM"),
            "pegasus", new Traits(Positions.LEARNED, 1_024, false, true, "ForCausalLM"),
            "blenderbot", new Traits(Positions.LEARNED, 128, false, true, "ForCausalLM"),
            "blenderbot-small", new Traits(Positions.LEARNED, 512, true, false, "ForCausalLM"),
            "whisper", new Traits(Positions.OF_EACH, 448, false, true, "ForCausalLM"));

    /** Keys of the first versions, which the classes of today do not read, and of generation. */
    private static final Set<String> UNREAD = Set.of(
            "num_hidden_layers",
            "scale_embedding",
            "static_position_embeddings",
            "normalize_embedding",
            "normalize_before",
            "add_final_layer_norm",
            "add_bias_logits",
            "extra_pos_embeddings",
            "layernorm_variant",
            "do_blenderbot_90_layernorm",
            "encoder_layerdrop",
            "decoder_layerdrop",
            "no_repeat_ngram_size",
            "encoder_no_repeat_ngram_size",
            "mask_time_length",
            "mask_feature_length",
            "median_filter_width",
            "classifier_proj_size",
            "use_weighted_layer_sum",
            "max_source_positions",
            "max_target_positions",
            "num_mel_bins");

    /** How positions enter. */
    private enum Positions {
        LEARNED,
        LEARNED_WITH_TWO_MORE,
        /** Encoder and decoder have numbers of their own. */
        OF_EACH,
        COMPUTED
    }

    /**
     * What sets one architecture apart.
     *
     * @param context positions of the decoder where the config does not say
     * @param embeddingNorms whether embedded tokens are normalised
     * @param lastNorms whether there is a norm behind the layers
     * @param builtAs the class that is built where none is stated
     */
    private record Traits(
            Positions positions, long context, boolean embeddingNorms, boolean lastNorms, String builtAs) {}

    @Override
    public Set<String> modelTypes() {
        return TRAITS.keySet();
    }

    /** The class decides whether there is an encoder, so all of it is read with the layers. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        Traits traits = Objects.requireNonNull(TRAITS.get(config.type()));
        String built = ModelClass.of(config, traits.builtAs());
        boolean alone = built.endsWith("ForCausalLM");
        boolean head = alone || built.endsWith("ForConditionalGeneration") || built.equals("MarianMTModel");
        if (!head && !built.endsWith("Model")) {
            throw ModelClass.unsupported(config, built, "ForConditionalGeneration, ForCausalLM and Model");
        }
        config.known(UNREAD);
        if (alone) {
            config.known(ENCODER);
        }
        boolean hears = traits.positions() == Positions.OF_EACH;
        long hidden = config.size("hidden_size");
        int sides = alone ? 1 : 2;
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        new Embedding(vocabulary(config), config.statedFlag("tie_word_embeddings", true))
                                .beside(beside(config, traits, alone).tensors()),
                        LayerStack.of(layers(config, hears, alone)),
                        context(config, traits))
                .outputNormVectors(traits.lastNorms() ? 2 * sides : 0);
        return head ? model : model.withoutHead();
    }

    private static long context(Config config, Traits traits) {
        String key = traits.positions() == Positions.OF_EACH ? "max_target_positions" : "max_position_embeddings";
        return config.size(key, traits.context());
    }

    private static boolean sharesEmbeddings(Config config) {
        return config.flag("share_encoder_decoder_embeddings", true);
    }

    /** Marian's decoder may have tokens of its own. */
    private static long vocabulary(Config config) {
        long vocabulary = config.size("vocab_size");
        long decoder = config.has("decoder_vocab_size") ? config.size("decoder_vocab_size") : vocabulary;
        if (sharesEmbeddings(config) && decoder != vocabulary) {
            throw config.problem("decoder_vocab_size", "vocab_size " + vocabulary + ", as the embedding is shared");
        }
        return decoder;
    }

    /** Tables that are one with the shared one only where everything is tied. */
    private static void addTables(TensorInventory tensors, Config config, boolean hears) {
        long hidden = config.size("hidden_size");
        if (!sharesEmbeddings(config)) {
            tensors.matrix("encoder.embed_tokens.weight", config.size("vocab_size"), hidden);
        } else if (!hears && !config.flag("tie_word_embeddings", true)) {
            tensors.matrix("encoder.embed_tokens.weight", config.size("vocab_size"), hidden)
                    .matrix("decoder.embed_tokens.weight", config.size("vocab_size"), hidden);
        }
    }

    private static TensorInventory beside(Config config, Traits traits, boolean alone) {
        long hidden = config.size("hidden_size");
        TensorInventory tensors = TensorInventory.of(TensorRole.EMBEDDING);
        boolean hears = traits.positions() == Positions.OF_EACH;
        if (!alone && hears) {
            tensors.convolution("encoder.conv1", hidden, config.size("num_mel_bins", 80), 3, true)
                    .convolution("encoder.conv2", hidden, hidden, 3, true);
        }
        if (!alone) {
            addTables(tensors, config, hears);
        }
        for (String side : alone ? new String[] {"decoder"} : new String[] {"encoder", "decoder"}) {
            long rows = positions(config, traits, side);
            if (rows > 0) {
                tensors.matrix(side + ".embed_positions.weight", rows, hidden);
            }
            if (traits.embeddingNorms()) {
                tensors.layerNorm(side + ".layernorm_embedding", hidden);
            }
        }
        return tensors;
    }

    private static long positions(Config config, Traits traits, String side) {
        return switch (traits.positions()) {
            case COMPUTED -> 0;
            case LEARNED -> context(config, traits);
            case LEARNED_WITH_TWO_MORE -> context(config, traits) + 2;
            case OF_EACH ->
                side.equals("encoder") ? config.size("max_source_positions", 1_500) : context(config, traits);
        };
    }

    private static List<LayerGroup> layers(Config config, boolean hears, boolean alone) {
        List<LayerGroup> runs = new ArrayList<>();
        long hidden = config.size("hidden_size");
        if (!alone) {
            GroupedQuery attention = attention(config, "encoder", hears);
            runs.add(new LayerGroup(
                            count(config, "encoder_layers"),
                            new Bidirectional(attention),
                            new DenseFeedForward(config.size("encoder_ffn_dim"), false, true),
                            4)
                    .with(biasesWithoutKeys(hears, "self_attn", hidden)));
        }
        GroupedQuery self = attention(config, "decoder", hears);
        CrossAttention cross = new CrossAttention(self, hears ? config.size("max_source_positions", 1_500) : 0);
        LayerGroup decoder = new LayerGroup(
                        count(config, "decoder_layers"),
                        alone ? self : ParallelMixers.of(self, cross),
                        new DenseFeedForward(config.size("decoder_ffn_dim"), false, true),
                        6)
                .with(biasesWithoutKeys(hears, "self_attn", hidden))
                .with(biasesWithoutKeys(hears, "cross_attn", hidden));
        runs.add(alone ? decoder.with(cross.tensors(hidden)) : decoder);
        return runs;
    }

    private static int count(Config config, String key) {
        long layers = config.size(key);
        if (layers > LayerGroup.MOST_LAYERS) {
            throw config.problem(key, "1 to " + LayerGroup.MOST_LAYERS + " layers");
        }
        if (key.equals("encoder_layers")
                && config.has("num_hidden_layers")
                && config.size("num_hidden_layers") != layers) {
            throw config.problem("num_hidden_layers", "the same as encoder_layers");
        }
        return (int) layers;
    }

    private static GroupedQuery attention(Config config, String side, boolean hears) {
        long hidden = config.size("hidden_size");
        long heads = config.size(side + "_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem(side + "_attention_heads", "a divisor of the width " + hidden);
        }
        return new GroupedQuery(heads, heads, hidden / heads, hidden / heads, !hears, true, QueryKeyNorm.NONE);
    }

    /** Whisper's keys have no bias, its queries and values have one. */
    private static List<WeightTensor> biasesWithoutKeys(boolean hears, String block, long hidden) {
        return hears
                ? TensorInventory.of(TensorRole.BIAS)
                        .vector(block + ".q_proj.bias", hidden)
                        .vector(block + ".v_proj.bias", hidden)
                        .tensors()
                : List.of();
    }
}
