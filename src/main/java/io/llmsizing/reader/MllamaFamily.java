package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CrossAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.NoAttention;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Optional;
import java.util.Set;

/**
 * The language model of Llama 3.2 Vision: Llama, but some layers attend to the image instead of the text, under gates, and
 * keep keys and values of all its tiles. Eight rows of the embedding are for images and have no place in the head.
 */
final class MllamaFamily implements Family {
    private static final Set<Long> USUAL_LAYERS = Set.of(3L, 8L, 13L, 18L, 23L, 28L, 33L, 38L);
    private static final long IMAGE_ROWS = 8;

    @Override
    public Set<String> modelTypes() {
        return Set.of("mllama_text_model");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        LayerGroup plain = layer(config, QueryKeyNorm.NONE);
        LayerGroup seeing = seeing(config, hidden);
        Set<Long> layers = seeingLayers(config);
        if (config.flag("tie_word_embeddings", false)) {
            throw config.unsupported("tie_word_embeddings", "the embedding has rows that the head has not");
        }
        ModelBuilder model = Decoder.model(
                config, name, Decoder.layers(config, i -> layers.contains((long) i) ? seeing : plain), false);
        TensorInventory rows = TensorInventory.of(TensorRole.EMBEDDING)
                .matrix("embed_tokens.images", IMAGE_ROWS, hidden, TensorRole.EMBEDDING, ShardRule.VOCABULARY);
        model.embedding(model.embedding().beside(rows.tensors()));
        Decoder.rotaryTable(config, hidden / config.size("num_attention_heads"), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static Set<Long> seeingLayers(Config config) {
        if (config.states("cross_attention_layers")) {
            return Set.copyOf(config.layerNumbers("cross_attention_layers"));
        }
        config.assumeClassDefault("cross_attention_layers", "every fifth from 3 on");
        return USUAL_LAYERS;
    }

    private static LayerGroup layer(Config config, QueryKeyNorm norm) {
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        long width = hidden / heads;
        GroupedQuery attention =
                new GroupedQuery(heads, config.size("num_key_value_heads", 8), width, width, false, false, norm);
        return new LayerGroup(
                1, attention, DenseFeedForward.gated(config.size("intermediate_size")), Decoder.TWO_NORMS);
    }

    private static LayerGroup seeing(Config config, long hidden) {
        LayerGroup layer = layer(config, QueryKeyNorm.PER_HEAD);
        GroupedQuery inner = (GroupedQuery) layer.attention();
        Optional<Config> vision = config.around().flatMap(outer -> outer.nested("vision_config"));
        TensorInventory gates = TensorInventory.of(TensorRole.MIXING)
                .vector("cross_attn_attn_gate", 1)
                .vector("cross_attn_mlp_gate", 1);
        if (vision.isEmpty()) {
            config.assume(new Assumption("vision_config", "absent: no images are seen, none are kept"));
            new CrossAttention(inner, 1).tensors(hidden).forEach(gates::tensor);
        }
        Attention mixer = vision.isEmpty() ? new NoAttention() : new CrossAttention(inner, imageTokens(vision.get()));
        return new LayerGroup(1, mixer, layer.feedForward(), layer.normVectors()).with(gates.tensors());
    }

    /** Every tile has a token for each patch, and one for its class. */
    private static long imageTokens(Config vision) {
        long side = vision.size("image_size", 448) / vision.size("patch_size", 14);
        return Math.multiplyExact(vision.size("max_num_tiles", 4), Math.multiplyExact(side, side) + 1);
    }
}
