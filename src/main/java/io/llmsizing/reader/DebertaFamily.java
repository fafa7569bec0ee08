package io.llmsizing.reader;

import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * DeBERTa, its second and its third version: attention to content and to relative positions, which have a table of their
 * own and, unless they share those of the content, projections in each layer. The first version has no bias for keys.
 */
final class DebertaFamily implements Family {
    private static final int NORM_VECTORS = 4;

    @Override
    public Set<String> modelTypes() {
        return Set.of("deberta", "deberta-v2");
    }

    /** The class decides about the pooler too, so all of it is read with the layers. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        long embedded = config.has("embedding_size") ? config.size("embedding_size") : hidden;
        long positions = config.size("max_position_embeddings", 512);
        EncoderHead head = EncoderHead.of(config, EncoderHead.NONE);
        LayerGroup layer = layer(config, hidden);
        Embedding embedding = new Embedding(
                        config.size("vocab_size"),
                        config.statedFlag("tie_word_embeddings", true, "the default of this architecture"),
                        0,
                        0,
                        head == EncoderHead.LANGUAGE)
                .inWidth(embedded)
                .beside(beside(config, hidden, embedded, positions).tensors())
                .behind(behind(config, head, hidden, embedded).tensors());
        ModelBuilder model = Model.builder(name, hidden, embedding, Decoder.layers(config, i -> layer), positions)
                .outputNormVectors(0);
        return head == EncoderHead.LANGUAGE ? model : model.withoutHead();
    }

    private static TensorInventory beside(Config config, long hidden, long embedded, long positions) {
        TensorInventory tensors = TensorInventory.of(TensorRole.EMBEDDING);
        if (config.flag("position_biased_input", true)) {
            tensors.matrix("embeddings.position_embeddings.weight", positions, embedded);
        }
        long types = config.count("type_vocab_size", 0);
        if (types > 0) {
            tensors.matrix("embeddings.token_type_embeddings.weight", types, embedded);
        }
        if (embedded != hidden) {
            tensors.linear("embeddings.embed_proj", hidden, embedded, false);
        }
        tensors.layerNorm("embeddings.LayerNorm", hidden);
        if (isRelative(config)) {
            tensors.matrix("encoder.rel_embeddings.weight", 2 * relativePositions(config, positions), hidden);
        }
        if (isSecond(config)) {
            if (wordsOf(config, "norm_rel_ebd").contains("layer_norm")) {
                tensors.layerNorm("encoder.LayerNorm", hidden);
            }
            config.has("conv_act");
            long taps = config.rareCount("conv_kernel_size");
            if (taps > 0) {
                if (config.has("conv_groups") && config.size("conv_groups") != 1) {
                    throw config.unsupported("conv_groups", "a convolution in groups is not known");
                }
                tensors.convolution("encoder.conv.conv", hidden, hidden, taps, true)
                        .layerNorm("encoder.conv.LayerNorm", hidden);
            }
        }
        return tensors;
    }

    private static boolean isSecond(Config config) {
        return config.type().equals("deberta-v2");
    }

    private static boolean isRelative(Config config) {
        return config.statedFlag("relative_attention", false);
    }

    /** Distances to each side: as many as there are positions, unless the config says fewer or counts them in buckets. */
    private static long relativePositions(Config config, long positions) {
        if (isSecond(config) && isPositive(config, "position_buckets")) {
            return config.size("position_buckets");
        }
        return isPositive(config, "max_relative_positions") ? config.size("max_relative_positions") : positions;
    }

    private static boolean isPositive(Config config, String key) {
        return config.decimal(key).map(number -> !number.startsWith("-")).orElse(false);
    }

    private static List<String> wordsOf(Config config, String key) {
        List<String> stated = config.isList(key)
                ? config.texts(key)
                : Arrays.asList(config.text(key).orElse("").split("\\|", -1));
        return stated.stream().map(String::strip).toList();
    }

    private static TensorInventory behind(Config config, EncoderHead head, long hidden, long embedded) {
        TensorInventory tensors = TensorInventory.of(TensorRole.OUTPUT_HEAD);
        long pooled = config.has("pooler_hidden_size") ? config.size("pooler_hidden_size") : hidden;
        boolean legacy = config.flag("legacy", true);
        if (head == EncoderHead.LANGUAGE) {
            if (!legacy) {
                throw config.unsupported("legacy", "the newer language head is not known");
            }
            tensors.linear("transform.dense", embedded, hidden, true).layerNorm("transform.LayerNorm", embedded);
            if (!config.flag("tie_word_embeddings", true)) {
                tensors.vector("decoder.bias", config.size("vocab_size"), TensorRole.BIAS);
            }
        } else if (head == EncoderHead.LABELS) {
            tensors.linear("pooler.dense", pooled, pooled, true)
                    .linear("classifier", EncoderHead.labels(config), hidden, true);
        }
        return tensors;
    }

    private static LayerGroup layer(Config config, long hidden) {
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        config.refuseUnlessOff("talking_head", "mixed heads are not known");
        boolean second = isSecond(config);
        if (config.has("attention_head_size") && config.size("attention_head_size") != hidden / heads) {
            throw config.unsupported("attention_head_size", "heads are " + hidden / heads + " wide here");
        }
        GroupedQuery attention =
                new GroupedQuery(heads, heads, hidden / heads, hidden / heads, second, true, QueryKeyNorm.NONE);
        TensorInventory others = TensorInventory.of(TensorRole.ATTENTION).within("self_attn");
        if (!second) {
            others.vector("q_bias", hidden, TensorRole.BIAS).vector("v_bias", hidden, TensorRole.BIAS);
        }
        boolean shared = second && config.flag("share_att_key", false);
        if (isRelative(config) && !shared) {
            List<String> kinds = wordsOf(config, "pos_att_type");
            if (kinds.contains("c2p")) {
                others.linear("pos_key_proj", hidden, hidden, second);
            }
            if (kinds.contains("p2c")) {
                others.linear("pos_query_proj", hidden, hidden, true);
            }
        }
        config.has("pos_att_type");
        return new LayerGroup(
                        1,
                        new Bidirectional(attention),
                        new DenseFeedForward(config.size("intermediate_size"), false, true),
                        NORM_VECTORS)
                .with(others.tensors());
    }
}
