package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Set;

/** What some of the decoders with Llama's block have beside it, which their class alone says. */
final class DecoderExtras {
    private static final Set<String> SINKS = Set.of("granite_swa");

    private static final List<String> NANBEIGE_VARIANTS = List.of(
            "emb_neighbor_num",
            "enable_hyper_connection",
            "enable_mhc",
            "enable_depth_attention",
            "enable_double_loop_split",
            "loop_share_kv");

    private DecoderExtras() {}

    /** The attention with what all its layers add. */
    static GroupedQuery attention(Config config, GroupedQuery plain) {
        return SINKS.contains(config.type()) ? plain.with(GroupedQuery.Feature.SINKS) : plain;
    }

    /** A layer with its further tensors, and as often as a token passes it. */
    static LayerGroup add(Config config, GroupedQuery attention, LayerGroup layer) {
        TensorInventory tensors = TensorInventory.of(TensorRole.MIXING);
        switch (config.type()) {
            case "bitnet" ->
                tensors.rmsNorm("self_attn.attn_sub_norm", attention.heads() * attention.valueWidth())
                        .rmsNorm("mlp.ffn_sub_norm", config.size("intermediate_size"));
            case "apertus" -> tensors.vector("mlp.act_fn.alpha_p", 1).vector("mlp.act_fn.alpha_n", 1);
            case "hyperclovax" -> {
                if (config.flag("use_post_norm", true)) {
                    tensors.rmsNorm("post_norm1", config.size("hidden_size"))
                            .rmsNorm("post_norm2", config.size("hidden_size"));
                }
            }
            case "ouro" -> {
                return looped(layer, config.size("total_ut_steps", 4), config, "total_ut_steps");
            }
            case "nanbeige" -> {
                for (String variant : NANBEIGE_VARIANTS) {
                    config.refuseUnlessOff(variant, "this variant is not known");
                }
                return looped(layer, config.size("num_loops", 1), config, "num_loops");
            }
            default -> {
                return layer;
            }
        }
        return layer.with(tensors.tensors());
    }

    private static LayerGroup looped(LayerGroup layer, long passes, Config config, String key) {
        if (passes > 1 << 10) {
            throw config.problem(key, "1 to 1,024 passes");
        }
        return passes == 1 ? layer : layer.withAttention(new RepeatedAttention(layer.attention(), (int) passes));
    }

    /** What stands around the layers. */
    static void addAround(Config config, ModelBuilder model) {
        TensorInventory behind = TensorInventory.of(TensorRole.OUTPUT_HEAD);
        switch (config.type()) {
            case "phimoe" -> {
                if (config.flag("lm_head_bias", false)) {
                    behind.vector("lm_head.bias", config.size("vocab_size"), TensorRole.BIAS);
                }
            }
            case "ouro" -> behind.linear("early_exit_gate", 1, config.size("hidden_size"), true);
            default -> {}
        }
        model.embedding(model.embedding().behind(behind.tensors()));
    }
}
