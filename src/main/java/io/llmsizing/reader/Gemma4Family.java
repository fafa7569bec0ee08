package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.SharedCache;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.ParallelFeedForwards;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gemma 4: layers without a window have wider and fewer key-value heads, whose values may be their keys. The small models
 * have per-layer embeddings and upper layers that use the cache of lower ones, one has experts beside its dense blocks.
 */
final class Gemma4Family implements Family {
    private static final int NORMS = 4;
    private static final int NORMS_OF_EXPERTS = 3;

    @Override
    public Set<String> modelTypes() {
        return Set.of("gemma4_text", "gemma4_unified_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean unified = config.type().equals("gemma4_unified_text");
        long hidden = config.size("hidden_size");
        int layers = (int) Math.min(config.size("num_hidden_layers"), Integer.MAX_VALUE);
        Windows windows = windows(config, unified ? 1_024 : 512, layers - 1);
        GroupedQuery narrow = Gemma3nFamily.attention(config, 4);
        GroupedQuery wide = wideAttention(config, narrow);
        long firstShared = Gemma3nFamily.firstShared(config, 0);
        Optional<PerLayerEmbedding> perLayer = perLayer(config, unified ? 0 : 256);
        Optional<MixtureOfExperts> experts = experts(config);
        List<WeightTensor> others = Stream.concat(
                        experts.stream().flatMap(beside -> scales(beside, hidden).stream()),
                        perLayer.stream().flatMap(beside -> beside.tensors().stream()))
                .toList();
        long denseWidth = config.size("intermediate_size");
        boolean doubled = config.flag("use_double_wide_mlp", false);
        Embedding tokens = new Embedding(
                config.size("vocab_size"),
                config.statedFlag("tie_word_embeddings", true, "the default of this architecture"));
        ModelBuilder model = Model.builder(
                name,
                hidden,
                perLayer.map(beside -> beside.beside(tokens)).orElse(tokens),
                Decoder.layers(config, layer -> {
                    boolean isShared = layer >= firstShared;
                    boolean isWindowed = windows.isWindowed().test(layer);
                    GroupedQuery own = isWindowed ? narrow : wide;
                    Attention attention = isShared ? new SharedCache(own) : windows.over(own, layer);
                    FeedForward dense = DenseFeedForward.gated(doubled && isShared ? 2 * denseWidth : denseWidth);
                    return new LayerGroup(
                                    1,
                                    attention,
                                    experts.<FeedForward>map(beside -> ParallelFeedForwards.of(dense, beside))
                                            .orElse(dense),
                                    experts.isPresent() ? NORMS + NORMS_OF_EXPERTS : NORMS)
                            .with(others);
                }),
                config.size("max_position_embeddings", unified ? 262_144 : 131_072));
        Decoder.rotaryTable(config, wide.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    /** The last layer never has a window; attention in both directions sees half of the stated one. */
    private static Windows windows(Config config, long usual, int last) {
        Windows stated = Windows.read(config, Windows.Rule.EVERY_SIXTH_FULL, usual);
        boolean halved = config.text("use_bidirectional_attention").orElse("").equals("all");
        return new Windows(
                halved ? stated.window() / 2 + 1 : stated.window(),
                layer -> layer != last && stated.isWindowed().test(layer));
    }

    private static GroupedQuery wideAttention(Config config, GroupedQuery narrow) {
        boolean keysAreValues = config.flag("attention_k_eq_v", false);
        boolean fewer = config.has("num_global_key_value_heads") && keysAreValues;
        long width = config.size("global_head_dim", 512);
        GroupedQuery wide = new GroupedQuery(
                narrow.heads(),
                fewer ? config.size("num_global_key_value_heads") : narrow.keyValueHeads(),
                width,
                width,
                narrow.inputBias(),
                narrow.outputBias(),
                narrow.norm());
        return keysAreValues ? wide.with(GroupedQuery.Feature.KEYS_AS_VALUES) : wide;
    }

    private static Optional<PerLayerEmbedding> perLayer(Config config, long usual) {
        config.has("vocab_size_per_layer_input");
        long width = config.states("hidden_size_per_layer_input")
                ? config.rareCount("hidden_size_per_layer_input")
                : config.count("hidden_size_per_layer_input", usual);
        return width == 0 ? Optional.empty() : Optional.of(PerLayerEmbedding.of(config, width));
    }

    private static Optional<MixtureOfExperts> experts(Config config) {
        config.known(Set.of("num_experts", "top_k_experts", "moe_intermediate_size", "expert_intermediate_size"));
        if (!config.flag("enable_moe_block", false)) {
            return Optional.empty();
        }
        String width = config.has("moe_intermediate_size") ? "moe_intermediate_size" : "expert_intermediate_size";
        return Optional.of(
                MixtureOfExperts.of(config.size("num_experts"), config.size("top_k_experts"), config.size(width)));
    }

    private static List<WeightTensor> scales(MixtureOfExperts experts, long hidden) {
        return TensorInventory.of(TensorRole.MIXING)
                .vector("router.scale", hidden)
                .vector("router.per_expert_scale", experts.experts())
                .tensors();
    }
}
