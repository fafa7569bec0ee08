package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SharedCache;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * The first Hunyuan mixtures (Large, A13B): shared experts beside the routed ones in every layer, and, in Large, layers that
 * attend over the keys and values of the layer below.
 */
final class HunyuanFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("hunyuan", "hunyuan_v1_moe");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean current = config.type().equals("hunyuan_v1_moe");
        config.refuseUnlessOff("use_mla", "latent attention is not known for this architecture");
        config.refuseUnlessOff("mlp_bias", "biases of the feed-forward blocks are not known");
        GroupedQuery attention = attention(config, current);
        long sharing = config.flag("use_cla", false) ? config.size("cla_share_factor", 1) : 1;
        config.has("cla_share_factor");
        IntFunction<FeedForward> blocks = blocks(config, current);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    boolean isShared = layer % sharing != 0;
                    Attention ofLayer = isShared ? new SharedCache(attention) : attention;
                    LayerGroup group = new LayerGroup(1, ofLayer, blocks.apply(layer), Decoder.TWO_NORMS);
                    return isShared && attention.norm() != QueryKeyNorm.NONE ? keyNormed(group, attention) : group;
                }),
                false);
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    /** The norm of the keys is there even where the layer makes none. */
    private static LayerGroup keyNormed(LayerGroup group, GroupedQuery attention) {
        return group.with(TensorInventory.of(TensorRole.NORM)
                .rmsNorm("self_attn.key_layernorm", attention.keyWidth())
                .tensors());
    }

    private static GroupedQuery attention(Config config, boolean current) {
        long heads = config.size("num_attention_heads");
        boolean named = !config.has("head_dim") && config.has("attention_head_dim");
        long width = named ? config.size("attention_head_dim") : Decoder.headWidth(config, heads);
        if (config.has("attention_head_dim") && config.size("attention_head_dim") != width) {
            throw config.unsupported("attention_head_dim", "says otherwise than head_dim");
        }
        boolean bias = config.flag("attention_bias", false);
        boolean normed = config.flag("use_qk_norm", current);
        return new GroupedQuery(
                heads,
                config.size("num_key_value_heads", heads, "as many as query heads"),
                width,
                width,
                bias,
                bias,
                normed ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
    }

    private static IntFunction<FeedForward> blocks(Config config, boolean current) {
        long denseWidth = config.size("intermediate_size");
        IntToLongFunction experts = config.layerSizes("num_experts");
        IntToLongFunction active = config.layerSizes(config.has("moe_topk") ? "moe_topk" : "num_experts_per_tok");
        IntToLongFunction width =
                config.layerSizes(config.has("moe_intermediate_size") ? "moe_intermediate_size" : "intermediate_size");
        boolean mixed = config.flag("use_mixed_mlp_moe", current);
        IntToLongFunction shared =
                mixed && config.has("num_shared_expert") ? config.layerSizes("num_shared_expert") : layer -> 1;
        config.has("num_shared_expert");
        long dense = config.rareCount("moe_layer_num_skipped");
        return layer -> {
            if (layer < dense || experts.applyAsLong(layer) == 1) {
                return DenseFeedForward.gated(denseWidth);
            }
            return new MixtureOfExperts(
                    experts.applyAsLong(layer),
                    active.applyAsLong(layer),
                    width.applyAsLong(layer),
                    mixed ? Math.multiplyExact(shared.applyAsLong(layer), denseWidth) : 0,
                    false,
                    false);
        };
    }
}
