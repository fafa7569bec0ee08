package io.llmsizing.reader;

import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Embedding models that have BERT's block with rotary positions: Nomic, GTE, Jina's third. Nomic's own files have other keys
 * than the transformers library, say which projections have biases, and may have experts in every second layer.
 */
final class RotaryEncoderFamily implements Family {
    private static final int NORM_VECTORS = 4;

    private static final Map<String, Traits> TRAITS = Map.of(
            "nomic_bert", new Traits(false, true, false, 2, false, false),
            "gte", new Traits(true, true, true, 1, false, false),
            "jina_embeddings_v3", new Traits(true, false, true, 1, true, true));

    /**
     * What sets one architecture apart.
     *
     * @param downBias whether the down projection has a bias; where there is no gate, the up projection has one then too
     * @param pooler whether the bare class pools
     * @param denseLabels whether labels are scored behind a layer of their own instead of a pooler; the output matrix of such
     *     a class has, where it is not tied, a bias beside that of the head
     */
    private record Traits(
            boolean attentionBias,
            boolean gated,
            boolean downBias,
            long tokenTypes,
            boolean pooler,
            boolean denseLabels) {}

    @Override
    public Set<String> modelTypes() {
        return TRAITS.keySet();
    }

    /** The class decides about the pooler too, so all of it is read with the layers. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {}

    @Override
    public ModelBuilder read(Config config, String name) {
        Traits traits = Objects.requireNonNull(TRAITS.get(config.type()));
        if (config.type().equals("nomic_bert") && config.has("activation_function")) {
            traits = published(config);
        }
        refuseVariants(config);
        long hidden = config.size("hidden_size");
        EncoderHead head = EncoderHead.of(config, EncoderHead.NONE);
        boolean tied = config.flag("tie_word_embeddings", true);
        TensorInventory beside = TensorInventory.of(TensorRole.EMBEDDING);
        long types = config.count("type_vocab_size", traits.tokenTypes());
        if (types > 0) {
            beside.matrix("embeddings.token_type_embeddings.weight", types, hidden);
        }
        TensorInventory behind = behind(config, traits, head, tied);
        LayerGroup dense = layer(config, traits, false);
        long period = config.rareCount("num_experts") > 0 ? config.rareCount("moe_every_n_layers") : 0;
        LayerGroup sparse = period > 0 ? layer(config, traits, true) : dense;
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        new Embedding(config.size("vocab_size"), tied, 0, 2, head == EncoderHead.LANGUAGE)
                                .beside(beside.tensors())
                                .behind(behind.tensors()),
                        Decoder.layers(config, layer -> period > 0 && layer % period == 1 ? sparse : dense),
                        config.size("max_position_embeddings", 8_192))
                .outputNormVectors(0);
        return head == EncoderHead.LANGUAGE ? model : model.withoutHead();
    }

    private static Traits published(Config config) {
        boolean gated = Set.of("swiglu", "geglu", "glu")
                .contains(config.text("activation_function").orElse(""));
        boolean attention = config.statedFlag("qkv_proj_bias", true);
        boolean up = config.statedFlag("mlp_fc1_bias", true);
        boolean down = config.statedFlag("mlp_fc2_bias", true);
        if (up != down || (gated && up)) {
            throw config.unsupported("mlp_fc1_bias", "biases are known without a gate only, on both projections");
        }
        return new Traits(attention, gated, down, 2, config.flag("add_pooling_layer", false), false);
    }

    private static void refuseVariants(Config config) {
        for (String variant : new String[] {
            "prenorm", "parallel_block", "parallel_block_tied_norm", "use_rms_norm", "num_shared_experts", "causal"
        }) {
            config.refuseUnlessOff(variant, "this variant is not known");
        }
        if (config.has("ffn_div") && config.size("ffn_div") != 1) {
            throw config.unsupported("ffn_div", "divided experts are not known");
        }
        if (config.decimal("rotary_emb_fraction").orElse("1").matches("0(\\.0*)?")) {
            throw config.unsupported("rotary_emb_fraction", "learned positions are not known");
        }
        if (!config.text("position_embedding_type").orElse("rope").matches("rope|rotary")) {
            throw config.unsupported("position_embedding_type", "only rotary positions are known");
        }
        if (!config.text("layer_norm_type").orElse("layer_norm").equals("layer_norm")) {
            throw config.unsupported("layer_norm_type", "only layer_norm is known");
        }
        config.known(Set.of(
                "pack_qkv",
                "pad_vocab_size_multiple",
                "last_layer_subset",
                "expert_choice_router",
                "moe_impl",
                "moe_normalize_expert_weights",
                "fused_dropout_add_ln",
                "fused_bias_fc"));
    }

    private static TensorInventory behind(Config config, Traits traits, EncoderHead head, boolean tied) {
        long hidden = config.size("hidden_size");
        TensorInventory tensors = TensorInventory.of(TensorRole.OUTPUT_HEAD);
        boolean labels = head == EncoderHead.LABELS;
        if (head == EncoderHead.LANGUAGE) {
            tensors.linear("transform.dense", hidden, hidden, true).layerNorm("transform.LayerNorm", hidden);
            if (!tied && !config.type().equals("gte")) {
                tensors.vector("decoder.bias", config.size("vocab_size"), TensorRole.BIAS);
            }
        } else if (labels || traits.pooler()) {
            tensors.linear(labels && traits.denseLabels() ? "classifier.dense" : "pooler.dense", hidden, hidden, true);
        }
        if (labels) {
            tensors.linear("classifier.out_proj", EncoderHead.labels(config), hidden, true);
        }
        return tensors;
    }

    private static LayerGroup layer(Config config, Traits traits, boolean sparse) {
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        long inner = config.size("intermediate_size");
        boolean bias = traits.attentionBias();
        TensorInventory others = TensorInventory.of(TensorRole.BIAS);
        FeedForward block = new DenseFeedForward(inner, traits.gated(), !traits.gated() && traits.downBias());
        if (sparse) {
            block = new MixtureOfExperts(
                    config.size("num_experts"),
                    config.size("moe_top_k", 1),
                    inner,
                    0,
                    false,
                    false,
                    false,
                    false,
                    0,
                    0);
            others.vector("mlp.experts.bias", hidden);
        } else if (traits.gated() && traits.downBias()) {
            others.vector("mlp.down_proj.bias", hidden);
        }
        return new LayerGroup(
                        1,
                        new Bidirectional(new GroupedQuery(heads, heads, width, width, bias, bias, QueryKeyNorm.NONE)),
                        block,
                        NORM_VECTORS)
                .with(others.tensors());
    }
}
