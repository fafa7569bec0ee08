package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/**
 * Phi-3-small: layer norms, a gate, and biases everywhere. Its sparse layers attend to some blocks of tokens only, but keep
 * keys and values of all.
 */
final class PhiSmallFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("phi3small");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        config.refuseUnless("attention_bias", "true");
        config.refuseUnless("mlp_bias", "true");
        config.refuseUnless("hidden_act", "\"gegelu\"");
        config.known(Set.of(
                "intermediate_size",
                "ff_dim_multiplier",
                "dense_attention_every_n_layers",
                "blocksparse_block_size",
                "blocksparse_homo_head_pattern",
                "blocksparse_num_local_blocks",
                "blocksparse_triton_kernel_block_size",
                "blocksparse_vert_stride",
                "dummy_token_indices",
                "gegelu_limit",
                "gegelu_pad_to_256",
                "mup_attn_multiplier",
                "mup_embedding_multiplier",
                "mup_use_scaling",
                "mup_width_multiplier",
                "rope_embedding_base",
                "rope_position_scale"));
        if (config.has("intermediate_size")
                && config.size("intermediate_size") != config.size("ff_intermediate_size", 14_336)) {
            throw config.problem("intermediate_size", "the same as ff_intermediate_size");
        }
        config.refuseUnlessOff("ff_dim_multiplier", "known is the width in ff_intermediate_size");
        LayerGroup layer = new LayerGroup(
                1,
                new GroupedQuery(
                        heads, config.size("num_key_value_heads", 8), width, width, true, true, QueryKeyNorm.NONE),
                new DenseFeedForward(config.size("ff_intermediate_size", 14_336), true, true),
                4);
        ModelBuilder model = Decoder.model(config, name, Decoder.layers(config, i -> layer), true)
                .outputNormVectors(2);
        Decoder.rotaryTable(config, width, 2).ifPresent(model::rotaryTable);
        return model;
    }
}
