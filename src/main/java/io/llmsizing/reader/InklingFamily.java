package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.OwnRouter;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Inkling: short convolutions over keys, values and both blocks' outputs, a learned bias for each distance instead of rotary
 * positions, other heads in layers with a window, and a router that scores the shared experts too.
 */
final class InklingFamily implements Family {
    private static final String WINDOWED = "hybrid_sliding";

    @Override
    public Set<String> modelTypes() {
        return Set.of("inkling_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        long window = config.size(config.has("sliding_window") ? "sliding_window" : "sliding_window_size", 512);
        Kind full = new Kind(
                attention(config, "num_attention_heads", "num_key_value_heads", "head_dim", 64, 8),
                config.size("rel_extent", 1_024));
        Kind windowed = new Kind(
                attention(config, "swa_num_attention_heads", "swa_num_key_value_heads", "swa_head_dim", 64, 16),
                window);
        IntPredicate isWindowed = isWindowed(config);
        IntPredicate isSparse = isSparse(config);
        long taps = config.size(config.has("conv_kernel_size") ? "conv_kernel_size" : "sconv_kernel_size", 4);
        long relative = config.size("d_rel", 16);
        Attention fullMixer = ParallelMixers.of(full.attention(), full.convolutions(hidden, taps));
        Attention windowedMixer =
                ParallelMixers.of(new SlidingWindow(windowed.attention(), window), windowed.convolutions(hidden, taps));
        List<WeightTensor> fullDistances = full.distances(hidden, relative);
        List<WeightTensor> windowedDistances = windowed.distances(hidden, relative);
        FeedForward sparse = sparse(config, hidden);
        FeedForward dense = DenseFeedForward.gated(
                config.size(config.has("dense_intermediate_size") ? "dense_intermediate_size" : "intermediate_size"));
        if (config.has("num_mtp_layers")) {
            config.assume(new Assumption(
                    "num_mtp_layers", "blocks that predict further tokens are of two kinds here, and not counted"));
        }
        Embedding tokens = new Embedding(config.size("vocab_size"), false)
                .beside(TensorInventory.of(TensorRole.NORM)
                        .rmsNorm("embed_norm", hidden)
                        .tensors());
        return Model.builder(
                name,
                hidden,
                tokens,
                Decoder.layers(config, layer -> {
                    boolean local = isWindowed.test(layer);
                    LayerGroup group = new LayerGroup(
                                    1,
                                    local ? windowedMixer : fullMixer,
                                    isSparse.test(layer) ? sparse : dense,
                                    Decoder.TWO_NORMS)
                            .with(local ? windowedDistances : fullDistances);
                    return isSparse.test(layer) ? group : group.with(scale("mlp.global_scale"));
                }),
                config.size(
                        config.has("max_position_embeddings") ? "max_position_embeddings" : "model_max_length",
                        131_072));
    }

    private static GroupedQuery attention(
            Config config, String heads, String keyValueHeads, String width, long usualHeads, long usualKeyValueHeads) {
        long headWidth = config.size(width, 128);
        return new GroupedQuery(
                config.size(heads, usualHeads),
                config.size(keyValueHeads, usualKeyValueHeads),
                headWidth,
                headWidth,
                false,
                false,
                QueryKeyNorm.PER_HEAD);
    }

    private static IntPredicate isWindowed(Config config) {
        List<String> types = config.texts("layer_types");
        for (String type : types) {
            if (!type.equals("hybrid") && !type.equals(WINDOWED)) {
                throw config.unsupported("layer_types", type + " is not known for this architecture");
            }
        }
        boolean listed = config.has("local_layer_ids");
        Set<Long> local = Set.copyOf(config.layerNumbers("local_layer_ids"));
        if (types.isEmpty()) {
            return listed ? layer -> local.contains((long) layer) : layer -> (layer + 1) % 6 != 0;
        }
        if (types.size() != config.size("num_hidden_layers")) {
            throw config.problem("layer_types", "one entry for each of num_hidden_layers");
        }
        return layer -> types.get(layer).equals(WINDOWED);
    }

    /**
     * Where {@code mlp_layer_types} says nothing, all layers: so the class builds it, and so the published 975 billion come
     * out. Two dense layers, as {@code dense_mlp_idx} might mean, would make 947.
     */
    private static IntPredicate isSparse(Config config) {
        if (config.has("dense_mlp_idx")) {
            config.assume(new Assumption(
                    "dense_mlp_idx", "not read by the architecture's class; every layer is taken to have experts"));
        }
        return SparseLayers.read(config, SparseLayers.Rule.ALL);
    }

    /** The width that is not that of the dense blocks is that of the experts. */
    private static FeedForward sparse(Config config, long hidden) {
        boolean named = config.has("moe_intermediate_size") || !config.has("dense_intermediate_size");
        long width = named ? config.size("moe_intermediate_size", 3_072) : config.size("intermediate_size");
        long shared = config.count("n_shared_experts", 2);
        MixtureOfExperts experts = new MixtureOfExperts(
                config.size("n_routed_experts", 256),
                config.size("num_experts_per_tok", 6),
                width,
                Math.multiplyExact(shared, width),
                true,
                false);
        return new OwnRouter(
                experts,
                TensorInventory.of(TensorRole.ROUTER)
                        .within("mlp.gate")
                        .matrix("weight", Math.addExact(experts.experts(), shared), hidden)
                        .vector("global_scale", 1, TensorRole.MIXING)
                        .vector("e_score_correction_bias", experts.experts(), TensorRole.ROUTER_BIAS)
                        .tensors());
    }

    private static List<WeightTensor> scale(String name) {
        return TensorInventory.of(TensorRole.MIXING).vector(name, 1).tensors();
    }

    /** Layers with a window, or those without. */
    private record Kind(GroupedQuery attention, long extent) {
        Recurrent convolutions(long hidden, long taps) {
            long kept = Math.multiplyExact(attention.keyValueHeads(), attention.keyWidth());
            return new Recurrent(
                    "short convolution",
                    attention.keyValueHeads(),
                    TensorInventory.of(TensorRole.RECURRENCE)
                            .matrix(
                                    "self_attn.k_sconv.conv1d.weight",
                                    kept,
                                    taps,
                                    TensorRole.RECURRENCE,
                                    ShardRule.ROWS)
                            .matrix(
                                    "self_attn.v_sconv.conv1d.weight",
                                    kept,
                                    taps,
                                    TensorRole.RECURRENCE,
                                    ShardRule.ROWS)
                            .matrix("attn_sconv.conv1d.weight", hidden, taps)
                            .matrix("mlp_sconv.conv1d.weight", hidden, taps)
                            .tensors(),
                    List.of(
                            RecurrentState.convolution(Math.multiplyExact(2, kept), taps),
                            RecurrentState.convolution(Math.multiplyExact(2, hidden), taps)));
        }

        List<WeightTensor> distances(long hidden, long relative) {
            return TensorInventory.of(TensorRole.ATTENTION)
                    .within("self_attn")
                    .linear("r_proj", Math.multiplyExact(attention.heads(), relative), hidden, false, ShardRule.ROWS)
                    .matrix("rel_logits_proj.proj", relative, extent)
                    .tensors();
        }
    }
}
