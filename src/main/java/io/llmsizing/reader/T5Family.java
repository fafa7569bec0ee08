package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.CrossAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * T5, mT5 and UMT5: an encoder, and a decoder that attends to it, without biases, with a table of relative positions in the
 * first layer of each (UMT5: in all). Published checkpoints from version 1.1 on have a head of their own, and their configs
 * say so, though the library's class would tie it.
 */
final class T5Family implements Family {
    private static final long BUCKETS = 32;

    @Override
    public Set<String> modelTypes() {
        return Set.of("t5", "mt5", "umt5");
    }

    /** The class decides whether there is a decoder, so all of it is read with the layers. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        String built = ModelClass.of(config, "T5ForConditionalGeneration");
        config.refuseUnlessOff("is_decoder", "a decoder alone is not known");
        boolean encoderOnly = built.endsWith("EncoderModel");
        boolean head = built.endsWith("ForConditionalGeneration") || built.endsWith("WithLMHeadModel");
        if (!head && !built.endsWith("Model")) {
            throw ModelClass.unsupported(config, built, "ForConditionalGeneration, EncoderModel and Model");
        }
        config.known(Set.of(
                "relative_attention_max_distance",
                "dense_act_fn",
                "num_layers",
                "n_positions",
                "output_past",
                "scale_decoder_outputs"));
        ModelBuilder model = Model.builder(
                        name,
                        config.size("hidden_size"),
                        new Embedding(
                                config.size("vocab_size"),
                                config.statedFlag(
                                        "tie_word_embeddings",
                                        !config.type().equals("mt5"),
                                        "as published, whatever the library's class does")),
                        LayerStack.of(layers(config, encoderOnly)),
                        config.size("n_positions", 1L << 20, "no limit is known, so none is checked up to there"))
                .outputNormVectors(encoderOnly ? 1 : 2);
        return head ? model : model.withoutHead();
    }

    private static List<LayerGroup> layers(Config config, boolean encoderOnly) {
        long encoders = config.size("num_hidden_layers");
        long decoders = config.size("num_decoder_layers", encoders, "as many as the encoder has");
        if (encoders > LayerGroup.MOST_LAYERS || decoders > LayerGroup.MOST_LAYERS) {
            throw config.problem("num_layers", "at most " + LayerGroup.MOST_LAYERS + " layers");
        }
        long heads = config.size("num_attention_heads");
        GroupedQuery attention = GroupedQuery.of(heads, heads, config.size("d_kv"));
        DenseFeedForward block = feedForward(config);
        List<LayerGroup> runs = new ArrayList<>();
        addRun(runs, config, (int) encoders, new Bidirectional(attention), block, 2);
        if (!encoderOnly) {
            Attention both = ParallelMixers.of(attention, new CrossAttention(attention, 0));
            addRun(runs, config, (int) decoders, both, block, 3);
        }
        return runs;
    }

    private static DenseFeedForward feedForward(Config config) {
        String kind = config.text("feed_forward_proj").orElse("");
        if (kind.isEmpty()) {
            kind = config.type().equals("t5") ? "relu" : "gated-gelu";
            config.assumeClassDefault("feed_forward_proj", kind);
        }
        boolean gated = kind.startsWith("gated-");
        if (config.flag("is_gated_act", gated) != gated) {
            throw config.problem("is_gated_act", gated + ", as feed_forward_proj says");
        }
        return new DenseFeedForward(config.size("d_ff"), gated, false);
    }

    private static void addRun(
            List<LayerGroup> runs, Config config, int count, Attention mixer, DenseFeedForward block, int norms) {
        LayerGroup plain = new LayerGroup(count, mixer, block, norms);
        LayerGroup withTable = plain.with(TensorInventory.of(TensorRole.MIXING)
                .matrix(
                        "self_attn.relative_attention_bias.weight",
                        config.size("relative_attention_num_buckets", BUCKETS),
                        config.size("num_attention_heads"))
                .tensors());
        if (config.type().equals("umt5")) {
            runs.add(withTable);
            return;
        }
        runs.add(withTable.times(1));
        if (count > 1) {
            runs.add(plain.times(count - 1));
        }
    }
}
