package io.llmsizing.reader;

import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.attention.StateSpaces.Part;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.units.Ratio;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Mamba and Mamba-2: a norm and a mixer in every layer, and nothing else. Falcon-Mamba's further norms have no gains. */
final class MambaFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "chunk_size",
            "d_inner",
            "d_model",
            "fused_add_norm",
            "intermediate_size",
            "mixer_rms_eps",
            "n_layer",
            "norm_before_gate",
            "pad_vocab_size_multiple",
            "rms_norm",
            "use_falcon_mambapy");

    @Override
    public Set<String> modelTypes() {
        return Set.of("mamba", "falcon_mamba", "mamba2");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        boolean second = config.type().equals("mamba2");
        Recurrent mixer = second ? second(config) : first(config);
        return Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> new LayerGroup(1, mixer, new NoFeedForward(), 1)),
                !second);
    }

    private static Recurrent first(Config config) {
        long hidden = config.size("hidden_size");
        return StateSpaces.mamba(
                hidden,
                inner(config, "expand", hidden),
                config.size("state_size", 16),
                config.size("conv_kernel", 4),
                timeRank(config, "time_step_rank", hidden),
                parts(config));
    }

    private static Recurrent second(Config config) {
        config.known(List.of("time_step_rank"));
        long hidden = config.size("hidden_size");
        long heads = config.size("num_heads", 128);
        long width = config.size("head_dim", 64);
        if (Math.multiplyExact(heads, width) != inner(config, "expand", hidden)) {
            throw config.problem("num_heads", "heads of head_dim " + width + " that make expand x hidden_size");
        }
        return StateSpaces.mamba2(
                hidden,
                heads,
                width,
                config.size("n_groups", 8),
                config.size("state_size", 128),
                config.size("conv_kernel", 4),
                withNorm(parts(config)));
    }

    private static Set<Part> parts(Config config) {
        return parts(config.statedFlag("use_bias", false), config.statedFlag("use_conv_bias", true));
    }

    /** The biases of a mixer. */
    static Set<Part> parts(boolean projections, boolean convolution) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (projections) {
            parts.addAll(Set.of(Part.INPUT_BIAS, Part.OUTPUT_BIAS));
        }
        if (convolution) {
            parts.add(Part.CONVOLUTION_BIAS);
        }
        return parts;
    }

    /** The same with the norms. */
    static Set<Part> withNorm(Set<Part> parts) {
        parts.add(Part.NORMS);
        return parts;
    }

    /** Channels of the recurrence: the width times a factor. */
    static long inner(Config config, String factor, long hidden) {
        if (!config.has(factor)) {
            config.assumeClassDefault(factor, 2);
        }
        return Ratio.parse(config.decimal(factor).orElse("2")).floorOf(hidden);
    }

    /** Width to which step sizes are compressed: a sixteenth of the model's, unless stated. */
    static long timeRank(Config config, String key, long hidden) {
        return config.sizeUnlessAuto(key, (hidden + 15) / 16, "a sixteenth of hidden_size");
    }
}
