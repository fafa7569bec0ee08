package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.List;
import java.util.Set;

/** Jamba: one attention layer in eight among Mamba layers, experts in every second layer. Without positions. */
final class JambaFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "calc_logits_for_entire_prompt",
            "mamba_inner_layernorms",
            "num_logits_to_keep",
            "use_mamba_kernels",
            "use_mambapy");

    @Override
    public Set<String> modelTypes() {
        return Set.of("jamba");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        if (!config.flag("mamba_inner_layernorms", true)) {
            throw config.unsupported("mamba_inner_layernorms", "mixers without norms are not known");
        }
        config.refuseUnlessOff("sliding_window", "this architecture has no windows");
        GroupedQuery attention = Decoder.attention(config, 8, false, QueryKeyNorm.NONE);
        Recurrent mixer = mixer(config);
        Every attending = Every.read(config, "attn_layer", 8, 4);
        Every expert = Every.read(config, "expert_layer", 2, 1);
        long width = config.size("intermediate_size");
        FeedForward dense = DenseFeedForward.gated(width);
        long experts = config.size("num_experts", 16);
        long active = config.size("num_experts_per_tok", 2);
        FeedForward sparse = experts > 1 ? MixtureOfExperts.of(experts, active, width) : dense;
        return Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                attending.is(layer) ? attention : mixer,
                                expert.is(layer) ? sparse : dense,
                                Decoder.TWO_NORMS)),
                false);
    }

    private static Recurrent mixer(Config config) {
        long hidden = config.size("hidden_size");
        return StateSpaces.mamba(
                hidden,
                MambaFamily.inner(config, "mamba_expand", hidden),
                config.size("mamba_d_state", 16),
                config.size("mamba_d_conv", 4),
                MambaFamily.timeRank(config, "mamba_dt_rank", hidden),
                MambaFamily.withNorm(MambaFamily.parts(
                        config.statedFlag("mamba_proj_bias", false), config.statedFlag("mamba_conv_bias", true))));
    }

    /** Layers that come back with a period. */
    private record Every(long period, long offset) {
        static Every read(Config config, String prefix, long period, long offset) {
            Every every = new Every(config.size(prefix + "_period", period), config.count(prefix + "_offset", offset));
            if (every.offset >= every.period) {
                throw config.problem(prefix + "_offset", "less than " + prefix + "_period " + every.period);
            }
            return every;
        }

        boolean is(int layer) {
            return layer % period == offset;
        }
    }
}
