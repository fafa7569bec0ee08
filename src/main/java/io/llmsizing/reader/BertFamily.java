package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Set;

/**
 * BERT and all that have its block, attention in both directions and then an ungated block, each behind a layer norm,
 * with the differences that {@link EncoderTraits} lists. Jina's first embedding models call themselves so too: ALiBi or
 * rotary positions, gated blocks, low-rank adapters for each task.
 */
final class BertFamily implements Family {
    private static final int NORM_VECTORS = 4;

    @Override
    public Set<String> modelTypes() {
        return EncoderTraits.all().keySet();
    }

    /** The class decides about the pooler too, so all of it is read with the layers. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        EncoderTraits traits = EncoderTraits.of(config.type());
        long hidden = config.size("hidden_size");
        long embedded = traits.narrowEmbedding() == EncoderTraits.NarrowEmbedding.NEVER
                ? hidden
                : config.size("embedding_size", 128);
        EncoderHead head = EncoderHead.of(config, traits.languageHead() ? EncoderHead.LANGUAGE : EncoderHead.NONE);
        TaskAdapters adapters = TaskAdapters.read(config);
        config.has("emb_pooler");
        long positions = config.size("max_position_embeddings", traits.positions());
        Embedding embedding = new Embedding(
                        config.size("vocab_size"),
                        config.statedFlag("tie_word_embeddings", true, "the default of this architecture"),
                        0,
                        0,
                        head == EncoderHead.LANGUAGE)
                .inWidth(embedded)
                .beside(beside(config, traits, adapters, embedded, positions).tensors())
                .behind(behind(config, traits, adapters, head, embedded).tensors());
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        embedding,
                        layers(config, traits, adapters),
                        Math.max(1, positions - traits.reservedPositions()))
                .outputNormVectors(traits.outputNormVectors());
        return head == EncoderHead.LANGUAGE ? model : model.withoutHead();
    }

    private static TensorInventory beside(
            Config config, EncoderTraits traits, TaskAdapters adapters, long embedded, long positions) {
        long hidden = config.size("hidden_size");
        TensorInventory tensors = TensorInventory.of(TensorRole.EMBEDDING);
        String kind = config.text("position_embedding_type").orElse("absolute");
        if (kind.equals("absolute")) {
            tensors.matrix("embeddings.position_embeddings.weight", positions, embedded);
        } else if (!kind.equals("alibi") && !kind.equals("rotary")) {
            throw config.unsupported("position_embedding_type", "known are absolute, alibi and rotary");
        }
        long types = traits.tokenTypes() == 0 ? 0 : config.count("type_vocab_size", traits.tokenTypes());
        if (types > 0) {
            tensors.matrix("embeddings.token_type_embeddings.weight", types, embedded);
        }
        if (config.flag("use_task_id", false)) {
            tensors.matrix("embeddings.task_type_embeddings.weight", config.size("task_type_vocab_size", 3), embedded);
        }
        if (traits.embeddingNormVectors() > 0) {
            tensors.layerNorm("embeddings.LayerNorm", embedded);
        }
        if (traits.relativeBuckets() > 0) {
            tensors.matrix(
                    "encoder.relative_attention_bias.weight",
                    config.size("relative_attention_num_buckets", traits.relativeBuckets()),
                    config.size("num_attention_heads"));
        }
        if (traits.narrowEmbedding() == EncoderTraits.NarrowEmbedding.ALWAYS || embedded != hidden) {
            tensors.linear("embeddings_project", hidden, embedded, true);
        }
        adapters.beside(tensors, "embeddings.word_embeddings", embedded, config.size("vocab_size"));
        if (types > 0) {
            adapters.beside(tensors, "embeddings.token_type_embeddings", embedded, types);
        }
        return tensors;
    }

    private static TensorInventory behind(
            Config config, EncoderTraits traits, TaskAdapters adapters, EncoderHead head, long embedded) {
        long hidden = config.size("hidden_size");
        TensorInventory tensors = TensorInventory.of(TensorRole.OUTPUT_HEAD);
        boolean labels = head == EncoderHead.LABELS;
        boolean dense = labels && traits.labelHead() == EncoderTraits.LabelHead.DENSE;
        if (head == EncoderHead.LANGUAGE) {
            tensors.linear("transform.dense", embedded, hidden, true).layerNorm("transform.LayerNorm", embedded);
            if (traits.biasOfItsOwn() && !config.flag("tie_word_embeddings", true)) {
                tensors.vector("decoder.bias", config.size("vocab_size"), TensorRole.BIAS);
            }
        } else if (dense) {
            tensors.linear("classifier.dense", hidden, hidden, true);
        } else if (traits.pooler()) {
            tensors.linear("pooler.dense", hidden, hidden, true);
            adapters.beside(tensors, "pooler.dense", hidden, hidden);
        }
        if (labels) {
            tensors.linear("classifier.out_proj", EncoderHead.labels(config), hidden, true);
        }
        return tensors;
    }

    private static LayerStack layers(Config config, EncoderTraits traits, TaskAdapters adapters) {
        LayerGroup layer = layer(config, adapters);
        if (!traits.sharedLayers()) {
            return Decoder.layers(config, i -> layer);
        }
        long layers = config.size("num_hidden_layers");
        long distinct = Math.multiplyExact(config.size("num_hidden_groups", 1), config.size("inner_group_num", 1));
        if (distinct > LayerGroup.MOST_LAYERS || layers > LayerGroup.MOST_LAYERS) {
            throw config.problem("num_hidden_groups", "at most " + LayerGroup.MOST_LAYERS + " layers");
        }
        int passes = (int) Math.max(1, Math.multiplyExact(layers, config.size("inner_group_num", 1)) / distinct);
        return LayerStack.of(new LayerGroup(
                (int) distinct,
                passes > 1 ? new RepeatedAttention(layer.attention(), passes) : layer.attention(),
                layer.feedForward(),
                NORM_VECTORS));
    }

    private static LayerGroup layer(Config config, TaskAdapters adapters) {
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        config.refuseUnlessOff("add_cross_attention", "cross attention is not known");
        GroupedQuery attention =
                new GroupedQuery(heads, heads, hidden / heads, hidden / heads, true, true, QueryKeyNorm.NONE);
        Attention mixer = config.flag("is_decoder", false) ? attention : new Bidirectional(attention);
        long inner = config.size("intermediate_size");
        String kind = config.text("feed_forward_type").orElse("original");
        boolean gated = Set.of("geglu", "reglu", "swiglu").contains(kind);
        if (!gated && !kind.equals("original")) {
            throw config.unsupported("feed_forward_type", "known are original, geglu, reglu and swiglu");
        }
        TensorInventory others = TensorInventory.of(TensorRole.DENSE_FEED_FORWARD);
        if (gated) {
            others.vector("mlp.down_proj.bias", hidden, TensorRole.BIAS);
        }
        adapters.beside(others, "self_attn.qkv_proj", hidden, 3 * hidden);
        adapters.beside(others, "self_attn.o_proj", hidden, hidden);
        adapters.beside(others, "mlp.up_proj", hidden, inner);
        adapters.beside(others, "mlp.down_proj", inner, hidden);
        return new LayerGroup(1, mixer, new DenseFeedForward(inner, gated, !gated), NORM_VECTORS)
                .with(others.tensors());
    }
}
