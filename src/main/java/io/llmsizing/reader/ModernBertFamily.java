package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * ModernBERT, as an encoder and as a decoder: gated blocks, two layers of three attend to a window, and the first layer has no
 * norm in front of its attention since the embedding has one.
 */
final class ModernBertFamily implements Family {

    @Override
    public Set<String> modelTypes() {
        return Set.of("modernbert", "modernbert-decoder");
    }

    /** The head depends on keys of the layers too, so all of it is read with them. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean decoder = config.type().equals("modernbert-decoder");
        long hidden = config.size("hidden_size");
        EncoderHead head = EncoderHead.of(config, decoder ? EncoderHead.LANGUAGE : EncoderHead.NONE);
        int vectors = config.flag("norm_bias", false) ? 2 : 1;
        boolean headBias = config.flag("decoder_bias", true) && head == EncoderHead.LANGUAGE;
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        new Embedding(
                                        config.size("vocab_size"),
                                        config.statedFlag("tie_word_embeddings", true),
                                        0,
                                        vectors,
                                        headBias)
                                .behind(behind(config, head, hidden).tensors()),
                        Decoder.layers(config, layers(config, decoder, hidden, vectors)::get),
                        config.size("max_position_embeddings", 8_192))
                .outputNormVectors(vectors);
        return head == EncoderHead.LANGUAGE ? model : model.withoutHead();
    }

    private static TensorInventory behind(Config config, EncoderHead head, long hidden) {
        TensorInventory tensors = TensorInventory.of(TensorRole.OUTPUT_HEAD);
        boolean bias = config.flag("classifier_bias", false);
        boolean norms = config.flag("norm_bias", false);
        config.has("classifier_pooling");
        config.has("classifier_activation");
        config.has("decoder_bias");
        if (head != EncoderHead.NONE) {
            tensors.linear("head.dense", hidden, hidden, bias).rmsNorm("head.norm", hidden);
            if (norms) {
                tensors.vector("head.norm.bias", hidden, TensorRole.NORM);
            }
        }
        if (head == EncoderHead.LABELS) {
            tensors.linear("classifier", EncoderHead.labels(config), hidden, true);
        }
        return tensors;
    }

    /** One layer of each kind is made and then named by its place. */
    private static LayersByPlace layers(Config config, boolean decoder, long hidden, int vectors) {
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        boolean bias = config.flag("attention_bias", false);
        GroupedQuery attention =
                new GroupedQuery(heads, heads, hidden / heads, hidden / heads, bias, bias, QueryKeyNorm.NONE);
        DenseFeedForward block =
                new DenseFeedForward(config.size("intermediate_size"), true, config.flag("mlp_bias", false));
        long window = Math.max(1, config.size("local_attention", 128) / 2);
        config.known(Set.of("sliding_window", "local_rope_theta", "global_rope_theta", "sparse_prediction"));
        return new LayersByPlace(attention, block, decoder, window, vectors, isWindowed(config));
    }

    private static IntPredicate isWindowed(Config config) {
        List<String> stated = config.texts("layer_types");
        if (!stated.isEmpty() && stated.size() != config.size("num_hidden_layers")) {
            throw config.problem("layer_types", "one entry for each of num_hidden_layers");
        }
        long period = config.size("global_attn_every_n_layers", 3);
        return stated.isEmpty()
                ? layer -> layer % period != 0
                : layer -> stated.get(layer).equals("sliding_attention");
    }

    private record LayersByPlace(
            GroupedQuery attention,
            DenseFeedForward block,
            boolean decoder,
            long window,
            int vectors,
            IntPredicate isWindowed) {
        LayerGroup get(int layer) {
            Attention near = isWindowed.test(layer) ? new SlidingWindow(attention, window) : attention;
            return new LayerGroup(
                    1, decoder ? near : new Bidirectional(near), block, layer == 0 ? vectors : 2 * vectors);
        }
    }
}
