package io.llmsizing.reader;

import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import java.util.Set;
import java.util.function.IntFunction;

/** The feed-forward blocks of a decoder, layer by layer. */
final class Experts {
    /** How an architecture states its experts. */
    enum Rule {
        /** It has none. */
        NONE,
        /** {@code num_local_experts} of {@code intermediate_size} in every layer (Mixtral). */
        LOCAL,
        /** {@code num_experts} of {@code intermediate_size} in every layer (OLMoE). */
        OLMO,
        /** {@code num_experts} of {@code intermediate_size} in every layer where there are any, else none (MiniCPM). */
        WHERE_STATED,
        /** {@code num_experts} of {@code moe_intermediate_size} in the layers that have them (Qwen3). */
        QWEN,
        /** The same with shared experts under a gate (Qwen2). */
        QWEN_SHARED,
        /** As {@code experts.csv} says. */
        LISTED
    }

    private Experts() {}

    /** The block of each layer, counted from 0. */
    static IntFunction<FeedForward> read(Config config, DecoderTraits traits) {
        if (traits.experts() == Rule.LISTED) {
            return ExpertTraits.read(config);
        }
        FeedForward dense = new DenseFeedForward(
                config.size("intermediate_size"),
                traits.gated(),
                traits.feedForwardBias() == DecoderTraits.Bias.ALWAYS
                        || LlamaFamily.isThere(config, traits.feedForwardBias(), "mlp_bias", "use_bias"));
        return switch (traits.experts()) {
            case NONE, LISTED -> layer -> dense;
            case LOCAL -> everywhere(config, "num_local_experts");
            case OLMO -> everywhere(config, "num_experts");
            case WHERE_STATED ->
                config.rareCount("num_experts") > 0 ? everywhere(config, "num_experts") : layer -> dense;
            case QWEN, QWEN_SHARED -> qwen(config, dense, traits.experts() == Rule.QWEN_SHARED);
        };
    }

    private static IntFunction<FeedForward> everywhere(Config config, String count) {
        FeedForward sparse = MixtureOfExperts.of(
                config.size(count), config.size("num_experts_per_tok"), config.size("intermediate_size"));
        return layer -> sparse;
    }

    private static IntFunction<FeedForward> qwen(Config config, FeedForward dense, boolean shared) {
        if (!shared) {
            config.refuseUnlessOff("shared_expert_intermediate_size", "this architecture has no shared experts");
        }
        FeedForward sparse = new MixtureOfExperts(
                config.has("num_experts") ? config.size("num_experts") : config.size("num_local_experts"),
                config.size("num_experts_per_tok"),
                config.size("moe_intermediate_size"),
                shared ? config.size("shared_expert_intermediate_size") : 0,
                false,
                shared);
        long step = config.size("decoder_sparse_step", 1, "every layer has experts");
        Set<Long> denseLayers = Set.copyOf(config.layerNumbers("mlp_only_layers"));
        return layer -> !denseLayers.contains((long) layer) && (layer + 1) % step == 0 ? sparse : dense;
    }
}
