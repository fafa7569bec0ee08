package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.attention.StateSpaces.Part;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Mamba-2 with attention and a feed-forward block in every layer. Bamba and Granite 4 have one of the two mixers in a layer,
 * Falcon-H1 both, side by side.
 */
final class BambaFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "attn_rotary_emb",
            "attention_in_multiplier",
            "attention_out_multiplier",
            "init_method",
            "key_multiplier",
            "lm_head_multiplier",
            "logits_to_keep",
            "mamba_chunk_size",
            "mamba_norm_before_gate",
            "mlp_expansion_factor",
            "mlp_multipliers",
            "normalization_function",
            "num_logits_to_keep",
            "ssm_in_multiplier",
            "ssm_multipliers",
            "ssm_out_multiplier",
            "use_mamba_kernels",
            "z_loss_coefficient");

    @Override
    public Set<String> modelTypes() {
        return Set.of("bamba", "granitemoehybrid", "falcon_h1");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        boolean bias = config.statedFlag("attention_bias", false);
        return switch (config.type()) {
            case "bamba" -> bamba(config, name, Decoder.attention(config, 8, bias, QueryKeyNorm.NONE));
            case "falcon_h1" -> falcon(config, name, Decoder.attention(config, 8, bias, QueryKeyNorm.NONE));
            default -> {
                long heads = config.size("num_attention_heads");
                yield granite(config, name, Decoder.attention(config, heads, bias, QueryKeyNorm.NONE));
            }
        };
    }

    private static ModelBuilder bamba(Config config, String name, GroupedQuery attention) {
        Recurrent mixer = mixer(config, inner(config), projectionParts(config, Part.NORMS));
        Set<Long> attending = Set.copyOf(config.layerNumbers("attn_layer_indices"));
        FeedForward block = block(config);
        ModelBuilder model = model(config, name, layer -> attending.contains((long) layer) ? attention : mixer, block);
        Decoder.rotaryTable(config, attention.keyWidth() / 2, 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static ModelBuilder falcon(Config config, String name, GroupedQuery attention) {
        if (!config.flag("mamba_use_mlp", true)) {
            throw config.unsupported("mamba_use_mlp", "layers without a feed-forward block are not known");
        }
        config.refuseUnlessOff("attn_layer_indices", "every layer of this architecture has attention");
        boolean none = config.states("mamba_d_ssm") && !config.has("mamba_d_ssm");
        long inner = none ? inner(config) : config.size("mamba_d_ssm", 1_024);
        config.has("mamba_expand");
        Set<Part> parts = EnumSet.noneOf(Part.class);
        addIf(parts, config.statedFlag("mamba_proj_bias", false), Part.INPUT_BIAS);
        addIf(parts, config.statedFlag("projectors_bias", false), Part.OUTPUT_BIAS);
        addIf(parts, config.statedFlag("mamba_rms_norm", false), Part.NORMS);
        Attention both = ParallelMixers.of(attention, mixer(config, inner, parts));
        ModelBuilder model = model(config, name, layer -> both, block(config));
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static ModelBuilder granite(Config config, String name, GroupedQuery attention) {
        List<String> kinds = LayerKinds.read(
                config, "layer_types", Set.of(LayerKinds.RECURRENT, LayerKinds.FULL), layer -> LayerKinds.RECURRENT);
        Recurrent mixer = mixer(config, inner(config), projectionParts(config, Part.NORMS));
        long shared = config.size("shared_intermediate_size", 1_024);
        long experts = config.count("num_local_experts", 8);
        config.has("intermediate_size");
        config.has("num_experts_per_tok");
        FeedForward block = experts == 0
                ? DenseFeedForward.gated(shared)
                : new MixtureOfExperts(
                        experts,
                        config.size("num_experts_per_tok", 2),
                        config.size("intermediate_size", 11_008),
                        shared,
                        false,
                        false);
        ModelBuilder model =
                model(config, name, layer -> kinds.get(layer).equals(LayerKinds.FULL) ? attention : mixer, block);
        if (config.text("position_embedding_type").filter("rope"::equals).isPresent()) {
            Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        }
        return model;
    }

    private static ModelBuilder model(Config config, String name, IntFunction<Attention> mixers, FeedForward block) {
        return Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> new LayerGroup(1, mixers.apply(layer), block, Decoder.TWO_NORMS)),
                false);
    }

    private static FeedForward block(Config config) {
        return new DenseFeedForward(
                config.size("intermediate_size", 14_336), true, config.statedFlag("mlp_bias", false));
    }

    private static long inner(Config config) {
        return MambaFamily.inner(config, "mamba_expand", config.size("hidden_size"));
    }

    private static Set<Part> projectionParts(Config config, Part further) {
        Set<Part> parts = EnumSet.of(further);
        if (config.statedFlag("mamba_proj_bias", false)) {
            parts.addAll(Set.of(Part.INPUT_BIAS, Part.OUTPUT_BIAS));
        }
        return parts;
    }

    private static Recurrent mixer(Config config, long inner, Set<Part> parts) {
        addIf(parts, config.statedFlag("mamba_conv_bias", true), Part.CONVOLUTION_BIAS);
        long heads = config.size("mamba_n_heads", 128);
        long width = config.sizeUnlessAuto("mamba_d_head", inner / heads, "the channels divided by mamba_n_heads");
        if (width * heads != inner) {
            throw config.problem("mamba_n_heads", "heads of " + width + " that make " + inner + " channels");
        }
        return StateSpaces.mamba2(
                config.size("hidden_size"),
                heads,
                width,
                config.size("mamba_n_groups", 1),
                config.size("mamba_d_state", 256),
                config.size("mamba_d_conv", 4),
                parts);
    }

    private static void addIf(Set<Part> parts, boolean there, Part part) {
        if (there) {
            parts.add(part);
        }
    }
}
