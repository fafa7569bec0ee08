package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.NoAttention;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.feedforward.ParallelFeedForwards;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Nemotron-H and Nemotron 3: each layer is one norm and one block, Mamba-2, attention, an ungated feed-forward block or
 * experts, in an order that the config spells out. The experts of Super and Ultra work in a latent width.
 */
final class NemotronHybridFamily implements Family {
    private static final String EXPERTS = "moe";
    private static final String DENSE = "mlp";
    private static final Set<String> KINDS = Set.of(LayerKinds.RECURRENT, LayerKinds.FULL, EXPERTS, DENSE);
    private static final Map<Character, String> LETTERS =
            Map.of('M', LayerKinds.RECURRENT, '*', LayerKinds.FULL, 'E', EXPERTS, '-', DENSE);

    /** Keys that say nothing about sizes, or only where there is a layer of that kind. */
    private static final List<String> KNOWN = List.of(
            "attention_head_dim",
            "chunk_size",
            "conv_kernel",
            "expand",
            "head_dim",
            "intermediate_size",
            "mamba_chunk_size",
            "mamba_conv_bias",
            "mamba_expand",
            "mamba_head_dim",
            "mamba_hidden_act",
            "mamba_num_heads",
            "mamba_proj_bias",
            "mamba_ssm_cache_dtype",
            "mlp_bias",
            "mlp_hidden_act",
            "moe_intermediate_size",
            "moe_latent_size",
            "moe_shared_expert_intermediate_size",
            "moe_shared_expert_overlap",
            "n_groups",
            "n_routed_experts",
            "n_shared_experts",
            "num_attention_heads",
            "num_experts_per_tok",
            "num_hidden_layers",
            "num_key_value_heads",
            "num_logits_to_keep",
            "ssm_state_size",
            "time_step_rank",
            "use_conv_bias",
            "use_mamba_kernels");

    @Override
    public Set<String> modelTypes() {
        return Set.of("nemotron_h");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(KNOWN);
        config.refuseUnlessOff("attention_bias", "this architecture has no biases in its attention");
        config.refuseUnlessOff("sliding_window", "this architecture has no windows");
        List<String> kinds = kinds(config, "layers_block_type", "hybrid_override_pattern");
        if (kinds.isEmpty()) {
            throw config.problem("hybrid_override_pattern", "the order of layers, or layers_block_type");
        }
        Map<String, LayerGroup> layers = layers(config, kinds);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(kinds.size(), layer -> Objects.requireNonNull(layers.get(kinds.get(layer)))),
                false);
        int predictions = Predictions.depth(config, "num_nextn_predict_layers");
        List<String> predicting = kinds(config, "mtp_layers_block_type", "mtp_hybrid_override_pattern");
        if (predictions > 0) {
            model.speculativeHead(speculativeHead(
                    config, predictions, predicting.isEmpty() ? List.of(LayerKinds.FULL, EXPERTS) : predicting));
        }
        return model;
    }

    /** The kinds of a list or, where there is none, of a pattern of letters. */
    private static List<String> kinds(Config config, String list, String pattern) {
        List<String> kinds = LayerKinds.stated(config, list, KINDS);
        String letters = config.text(pattern).orElse("");
        if (!kinds.isEmpty()) {
            return kinds;
        }
        if (letters.length() > LayerGroup.MOST_LAYERS) {
            throw config.problem(pattern, "1 to " + LayerGroup.MOST_LAYERS + " layers");
        }
        for (int i = 0; i < letters.length(); i++) {
            String kind = LETTERS.get(letters.charAt(i));
            if (kind == null) {
                throw config.unsupported(pattern, "known letters are M, *, E and -");
            }
            kinds.add(kind);
        }
        return kinds;
    }

    /** The layer of each kind that there is. */
    private static Map<String, LayerGroup> layers(Config config, List<String> kinds) {
        Map<String, Supplier<LayerGroup>> makers = Map.of(
                LayerKinds.RECURRENT,
                () -> new LayerGroup(1, mixer(config), new NoFeedForward(), 1),
                LayerKinds.FULL,
                () -> new LayerGroup(1, attention(config), new NoFeedForward(), 1),
                DENSE,
                () -> new LayerGroup(1, new NoAttention(), dense(config), 1),
                EXPERTS,
                () -> new LayerGroup(1, new NoAttention(), experts(config), 1));
        return kinds.stream()
                .distinct()
                .collect(Collectors.toMap(
                        kind -> kind,
                        kind -> Objects.requireNonNull(makers.get(kind)).get()));
    }

    private static Recurrent mixer(Config config) {
        return StateSpaces.mamba2(
                config.size("hidden_size"),
                config.size("mamba_num_heads", 128),
                config.size("mamba_head_dim", 64),
                config.size(either(config, "mamba_n_groups", "n_groups"), 8),
                config.size("ssm_state_size", 128),
                config.size(either(config, "mamba_d_conv", "conv_kernel"), 4),
                MambaFamily.withNorm(MambaFamily.parts(
                        config.statedFlag("use_bias", false),
                        config.statedFlag(either(config, "mamba_conv_bias", "use_conv_bias"), true))));
    }

    private static String either(Config config, String first, String second) {
        return config.has(first) ? first : second;
    }

    private static GroupedQuery attention(Config config) {
        long heads = config.size("num_attention_heads", 32);
        String key = config.has("head_dim") ? "head_dim" : "attention_head_dim";
        long width = config.size(key, 128);
        return new GroupedQuery(
                heads, Decoder.keyValueHeads(config, heads, 8), width, width, false, false, QueryKeyNorm.NONE);
    }

    private static FeedForward dense(Config config) {
        return new DenseFeedForward(
                config.size("intermediate_size", 21_504), false, config.statedFlag("mlp_bias", false));
    }

    private static FeedForward experts(Config config) {
        config.refuseUnlessOff("mlp_bias", "experts with biases are not known for this architecture");
        return new MixtureOfExperts(
                config.size("n_routed_experts", 8),
                config.size("num_experts_per_tok", 2),
                config.size("moe_intermediate_size", 7_688),
                config.size("moe_shared_expert_intermediate_size", 7_688),
                true,
                false,
                false,
                false,
                config.rareCount("moe_latent_size"),
                0);
    }

    /** Blocks that stand one after the other in a prediction, joined in one layer. */
    private static SpeculativeHead speculativeHead(Config config, int depth, List<String> kinds) {
        Map<String, LayerGroup> layers = layers(config, kinds);
        List<Attention> mixers = new ArrayList<>();
        List<FeedForward> blocks = new ArrayList<>();
        for (String kind : kinds) {
            LayerGroup layer = Objects.requireNonNull(layers.get(kind));
            if (kind.equals(LayerKinds.FULL) || kind.equals(LayerKinds.RECURRENT)) {
                mixers.add(layer.attention());
            } else {
                blocks.add(layer.feedForward());
            }
        }
        LayerGroup joined = new LayerGroup(
                1,
                switch (mixers.size()) {
                    case 0 -> new NoAttention();
                    case 1 -> mixers.get(0);
                    default -> new ParallelMixers(mixers);
                },
                switch (blocks.size()) {
                    case 0 -> new NoFeedForward();
                    case 1 -> blocks.get(0);
                    default -> new ParallelFeedForwards(blocks);
                },
                kinds.size());
        return new SpeculativeHead(depth, joined, false);
    }
}
