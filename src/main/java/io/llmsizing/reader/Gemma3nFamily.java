package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SharedCache;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * Gemma 3n: per-layer embeddings, several streams that each layer mixes (AltUp), a low-rank residual beside the attention
 * (LAuReL), and upper layers that use the cache of lower ones.
 */
final class Gemma3nFamily implements Family {
    private static final int NORMS = 4;

    @Override
    public Set<String> modelTypes() {
        return Set.of("gemma3n_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        long streams = config.size("altup_num_inputs", 4);
        config.has("altup_correct_scale");
        config.has("activation_sparsity_pattern");
        PerLayerEmbedding perLayer = PerLayerEmbedding.of(config, config.size("hidden_size_per_layer_input", 256));
        List<WeightTensor> ofEachLayer = perLayer.tensors();
        GroupedQuery attention = attention(config, 2);
        Windows windows = Windows.read(config, Windows.Rule.EVERY_FIFTH_FULL, 512);
        IntToLongFunction widths = config.layerSizes("intermediate_size");
        long firstShared = firstShared(config, 15);
        List<WeightTensor> mixing = mixing(hidden, streams, config.size("laurel_rank", 64));
        Embedding tokens = new Embedding(
                config.size("vocab_size"),
                config.statedFlag("tie_word_embeddings", true, "the default of this architecture"));
        ModelBuilder model = Model.builder(
                name,
                hidden,
                perLayer.beside(tokens).beside(streams(hidden, streams)),
                Decoder.layers(config, layer -> {
                    Attention ofLayer =
                            layer < firstShared ? windows.over(attention, layer) : new SharedCache(attention);
                    return new LayerGroup(1, ofLayer, DenseFeedForward.gated(widths.applyAsLong(layer)), NORMS)
                            .with(mixing)
                            .with(ofEachLayer);
                }),
                config.size("max_position_embeddings", 32_768));
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    /** The first layer that uses the cache of a lower one; where a config has fewer layers than its class shares, no layer does. */
    static long firstShared(Config config, long usual) {
        long layers = config.size("num_hidden_layers");
        long shared = config.count("num_kv_shared_layers", usual);
        if (config.has("num_kv_shared_layers") && shared >= layers) {
            throw config.problem("num_kv_shared_layers", "fewer than num_hidden_layers " + layers);
        }
        return shared < layers ? layers - shared : layers;
    }

    /** Normed heads of 256, unless a config says otherwise. */
    static GroupedQuery attention(Config config, long keyValueHeads) {
        long width = config.size("head_dim", 256);
        boolean bias = config.flag("attention_bias", false);
        return new GroupedQuery(
                config.size("num_attention_heads"),
                config.size("num_key_value_heads", keyValueHeads),
                width,
                width,
                bias,
                bias,
                QueryKeyNorm.PER_HEAD);
    }

    private static List<WeightTensor> mixing(long hidden, long streams, long rank) {
        return TensorInventory.of(TensorRole.MIXING)
                .under(
                        "altup",
                        altup -> altup.vector("correct_output_scale", hidden)
                                .linear("correction_coefs", streams, streams, false)
                                .linear("prediction_coefs", Math.multiplyExact(streams, streams), streams, false)
                                .linear("modality_router", streams, hidden, false)
                                .rmsNorm("router_norm", hidden))
                .as(
                        TensorRole.ATTENTION,
                        matrices -> matrices.under(
                                "laurel",
                                laurel -> laurel.linear("linear_left", rank, hidden, false)
                                        .linear("linear_right", hidden, rank, false)
                                        .rmsNorm("post_laurel_norm", hidden)))
                .tensors();
    }

    /** What makes the further streams of the first, and one of all of them again. */
    private static List<WeightTensor> streams(long hidden, long streams) {
        return TensorInventory.of(TensorRole.ATTENTION)
                .times(streams - 1, "altup_projections.N", one -> one.matrix("weight", hidden, hidden))
                .times(streams - 1, "altup_unembed_projections.N", one -> one.matrix("weight", hidden, hidden))
                .tensors();
    }
}
