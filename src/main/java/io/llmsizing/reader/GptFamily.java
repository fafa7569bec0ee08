package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
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
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The GPTs of the first years: layer norms and biases, no gate, learned positions or ALiBi, with the differences that
 * {@link GptTraits} lists. They name their keys each in their own way.
 */
final class GptFamily implements Family {

    @Override
    public Set<String> modelTypes() {
        return GptTraits.all().keySet();
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        GptTraits traits = GptTraits.of(config.type());
        long hidden = config.size("hidden_size");
        long context =
                config.size("max_position_embeddings", 1L << 20, "no limit is known, so none is checked up to there");
        boolean bias = config.flag("enable_bias", true);
        int norms = config.flag("layer_norm_elementwise_affine", true) ? 1 : 0;
        config.known(Set.of("scale_attn_by_inverse_layer_idx", "scale_embedding"));
        config.refuseUnlessOff("add_cross_attention", "cross attention is not known");
        GroupedQuery attention = attention(config, traits, hidden, bias);
        IntPredicate isLocal = LocalLayers.read(config);
        LayerGroup plain = new LayerGroup(
                        1,
                        attention,
                        new DenseFeedForward(innerWidth(config, traits, hidden), false, bias),
                        norms * traits.normVectors())
                .with(headNorms(config, traits, attention.keyWidth()).tensors());
        Attention local = new SlidingWindow(attention, window(config));
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        embedding(config, traits, hidden, context),
                        Decoder.layers(config, layer -> isLocal.test(layer) ? over(plain, local) : plain),
                        context)
                .outputNormVectors(normedAtTheEnd(config) ? norms * traits.outputNormVectors() : 0);
        if (traits.positions() == GptTraits.Positions.ROTARY) {
            config.has("rotary_dim");
            Decoder.rotaryTable(config, Decoder.rotaryWidth(config, attention.keyWidth()), 2)
                    .ifPresent(model::rotaryTable);
        }
        return model;
    }

    private static LayerGroup over(LayerGroup layer, Attention local) {
        return new LayerGroup(1, local, layer.feedForward(), layer.normVectors(), layer.others(), "");
    }

    private static long window(Config config) {
        return config.type().equals("gpt_neo") ? config.size("window_size", 256) : 1;
    }

    private static long innerWidth(Config config, GptTraits traits, long hidden) {
        boolean absent = !config.has("intermediate_size");
        return absent && traits.innerWidth() == GptTraits.InnerWidth.FOUR_WIDTHS
                ? Math.multiplyExact(4, hidden)
                : config.size("intermediate_size");
    }

    /** An OPT that normalises behind its blocks has no norm in front of the head. */
    private static boolean normedAtTheEnd(Config config) {
        return config.flag("do_layer_norm_before", true) && !config.flag("_remove_final_layer_norm", false);
    }

    private static GroupedQuery attention(Config config, GptTraits traits, long hidden, boolean bias) {
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        long width = hidden / heads;
        if (config.has("head_dim") && config.size("head_dim") != width) {
            throw config.unsupported("head_dim", "heads here are " + width + " wide, the width divided by them");
        }
        return new GroupedQuery(
                heads,
                keyValueHeads(config, heads),
                width,
                width,
                bias && traits.inputBias(),
                bias && traits.outputBias(),
                QueryKeyNorm.NONE);
    }

    private static long keyValueHeads(Config config, long heads) {
        return switch (config.type()) {
            case "gpt_bigcode" -> config.flag("multi_query", true) ? 1 : heads;
            case "phi" -> config.size("num_key_value_heads", heads, "as many as query heads");
            case "phi-msft" -> config.has("num_key_value_heads") ? config.size("num_key_value_heads") : heads;
            default -> {
                if (config.has("num_key_value_heads") && config.size("num_key_value_heads") != heads) {
                    throw config.unsupported("num_key_value_heads", "as many as query heads here");
                }
                yield heads;
            }
        };
    }

    private static TensorInventory headNorms(Config config, GptTraits traits, long width) {
        TensorInventory tensors = TensorInventory.of(TensorRole.NORM);
        if (config.flag("qk_layernorm", traits.headNorm())) {
            tensors.layerNorm("self_attn.q_layernorm", width).layerNorm("self_attn.k_layernorm", width);
        }
        return tensors;
    }

    private static Embedding embedding(Config config, GptTraits traits, long hidden, long context) {
        long positions = switch (traits.positions()) {
            case LEARNED -> context;
            case LEARNED_WITH_TWO_MORE -> context + 2;
            case ROTARY, NONE -> 0;
        };
        if (positions > 0 && !config.has("max_position_embeddings")) {
            throw config.problem("max_position_embeddings", "the rows of the position table");
        }
        Embedding embedding = new Embedding(
                config.size("vocab_size"),
                config.statedFlag("tie_word_embeddings", traits.tied(), "the default of this architecture"),
                positions,
                traits.embeddingNormVectors(),
                traits.headBias());
        long embedded = config.has("word_embed_proj_dim") ? config.size("word_embed_proj_dim") : hidden;
        if (embedded == hidden) {
            return embedding;
        }
        TensorInventory in = TensorInventory.of(TensorRole.EMBEDDING).linear("project_in", hidden, embedded, false);
        TensorInventory out = TensorInventory.of(TensorRole.OUTPUT_HEAD).linear("project_out", embedded, hidden, false);
        return embedding.inWidth(embedded).beside(in.tensors()).behind(out.tensors());
    }
}
