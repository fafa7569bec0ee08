package io.llmsizing.reader;

import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Map;
import java.util.Set;

/** Encoders with the block of a decoder, whose attention looks in both directions: EuroBERT, NeoBERT, converted decoders. */
final class LlamaEncoderFamily implements Family {
    private static final Map<String, String> READ_AS =
            Map.of("eurobert", "llama", "llama_bidirec", "llama", "bidirectional_pplx_qwen3", "qwen3", "neobert", "");

    private static final long MULTIPLE = 8;

    private final LlamaFamily decoders = new LlamaFamily();

    @Override
    public Set<String> modelTypes() {
        return READ_AS.keySet();
    }

    /** Labels are scored by tensors of their own, so the class is read with the layers. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean neo = config.type().equals("neobert");
        EncoderHead head = EncoderHead.of(config, EncoderHead.NONE);
        config.known(Set.of(
                "classifier_pooling",
                "clf_dropout",
                "num_labels",
                "pooling",
                "dim_head",
                "embedding_init_range",
                "decoder_init_range",
                "classifier_init_range"));
        ModelBuilder model = neo ? neoBert(config, name, head) : decoders.read(config.readAs(readAs(config)), name);
        model.layers(LayerStack.of(
                model.layers().runs().stream().map(LlamaEncoderFamily::bothWays).toList()));
        if (head == EncoderHead.LANGUAGE && !neo && config.flag("mlp_bias", false)) {
            model.embedding(model.embedding()
                    .behind(TensorInventory.of(TensorRole.OUTPUT_HEAD)
                            .vector("lm_head.bias", config.size("vocab_size"), TensorRole.BIAS)
                            .tensors()));
        }
        if (head == EncoderHead.LABELS) {
            long hidden = config.size("hidden_size");
            model.embedding(model.embedding()
                    .behind(TensorInventory.of(TensorRole.OUTPUT_HEAD)
                            .linear("dense", hidden, hidden, true)
                            .linear("classifier", EncoderHead.labels(config), hidden, true)
                            .tensors()));
        }
        return head == EncoderHead.LANGUAGE ? model : model.withoutHead();
    }

    private static String readAs(Config config) {
        return READ_AS.getOrDefault(config.type(), config.type());
    }

    private static LayerGroup bothWays(LayerGroup layer) {
        return layer.withAttention(new Bidirectional(layer.attention()));
    }

    /** Its block is two thirds as wide as it says, so that the gate costs nothing. */
    private static ModelBuilder neoBert(Config config, String name, EncoderHead head) {
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        if (!config.text("hidden_act").orElse("swiglu").equalsIgnoreCase("swiglu")) {
            throw config.unsupported("hidden_act", "only SwiGLU is known");
        }
        config.refuseUnlessOff("ngpt", "normalised weights are not known");
        long stated = config.size("intermediate_size");
        long inner = (2 * stated / 3 + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
        LayerGroup layer = new LayerGroup(
                1, GroupedQuery.of(heads, heads, hidden / heads), DenseFeedForward.gated(inner), Decoder.TWO_NORMS);
        return Model.builder(
                name,
                hidden,
                new Embedding(config.size("vocab_size"), false, 0, 0, head == EncoderHead.LANGUAGE),
                Decoder.layers(config, i -> layer),
                config.size("max_length", 4_096));
    }
}
