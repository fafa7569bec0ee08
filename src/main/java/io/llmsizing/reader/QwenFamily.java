package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/**
 * The first Qwen and ChatGLM from the second on, whose classes come with their files: RMS norms, a gated block, biases for
 * queries, keys and values. Qwen states twice the width of its block.
 */
final class QwenFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("qwen", "chatglm");
    }

    /** ChatGLM's files name its class without a suffix, or one for encoder-decoders; both have the head. */
    @Override
    public void readHead(Config config, String architecture, ModelBuilder model) {
        if (architecture.equals("ChatGLMModel")) {
            return;
        }
        Family.super.readHead(config, architecture, model);
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean qwen = config.type().equals("qwen");
        for (String tower : new String[] {"visual", "audio", "vision_config"}) {
            config.refuseUnlessOff(tower, "the towers of this architecture are not known");
        }
        long heads = config.size("num_attention_heads");
        long width = config.has("kv_channels") ? config.size("kv_channels") : Decoder.headWidth(config, heads);
        LayerGroup layer = qwen ? qwen(config, heads, width) : chatGlm(config, heads, width);
        ModelBuilder model = Decoder.model(config, name, Decoder.layers(config, i -> layer), false)
                .outputNormVectors(layer.normVectors() / 2);
        Decoder.rotaryTable(config, qwen ? Decoder.rotaryWidth(config, width) : Math.max(1, width / 2), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static LayerGroup qwen(Config config, long heads, long width) {
        long stated = config.size("intermediate_size");
        if (stated % 2 != 0) {
            throw config.problem("intermediate_size", "an even number, twice the width of the block");
        }
        if (!config.flag("no_bias", true)) {
            throw config.unsupported("no_bias", "biases beside those of queries, keys and values are not known");
        }
        if (config.has("num_key_value_heads") && config.size("num_key_value_heads") != heads) {
            throw config.unsupported("num_key_value_heads", "as many as query heads here");
        }
        config.known(Set.of("use_logn_attn", "use_dynamic_ntk", "softmax_in_fp32", "use_cache_kernel"));
        config.refuseUnlessOff("use_cache_quantization", "a quantised cache is not known");
        return new LayerGroup(
                1,
                new GroupedQuery(heads, heads, width, width, true, false, QueryKeyNorm.NONE),
                DenseFeedForward.gated(stated / 2),
                2);
    }

    private static LayerGroup chatGlm(Config config, long heads, long width) {
        config.refuseUnlessOff("pre_seq_len", "learned prefixes are not known");
        config.known(Set.of(
                "prefix_projection", "fp32_residual_connection", "apply_query_key_layer_scaling", "quantization_bit"));
        if (!config.flag("post_layer_norm", true)) {
            throw config.unsupported("post_layer_norm", "a model without the last norm is not known");
        }
        boolean bias = config.flag("add_bias_linear", false);
        long groups = config.flag("multi_query_attention", false) ? config.size("multi_query_group_num") : heads;
        config.has("multi_query_group_num");
        return new LayerGroup(
                1,
                new GroupedQuery(
                        heads,
                        groups,
                        width,
                        width,
                        bias || config.flag("add_qkv_bias", false),
                        bias,
                        QueryKeyNorm.NONE),
                new DenseFeedForward(config.size("intermediate_size"), true, bias),
                config.flag("rmsnorm", true) ? 2 : 4);
    }
}
