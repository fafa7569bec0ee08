package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.OwnRouter;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * ZAYA: narrow attention whose queries and keys pass two short convolutions and half of whose values are those of the token
 * before; a small network chooses one expert, or none; every sum has scales and biases of its own.
 */
final class ZayaFamily implements Family {
    private static final String WINDOWED = "hybrid_sliding";

    @Override
    public Set<String> modelTypes() {
        return Set.of("zaya");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        Attention whole = attention(config);
        IntPredicate isWindowed = isWindowed(config);
        Attention windowed =
                config.has("sliding_window") ? new SlidingWindow(whole, config.size("sliding_window")) : whole;
        MixtureOfExperts experts = new MixtureOfExperts(
                config.size("num_experts", 16),
                config.size("num_experts_per_tok", 1),
                config.size("moe_intermediate_size", 2_048),
                0,
                false,
                false,
                true,
                false,
                0,
                1);
        long routerWidth = config.size("router_hidden_size", 256);
        FeedForward first = new OwnRouter(experts, router(experts, hidden, routerWidth, false));
        FeedForward others = new OwnRouter(experts, router(experts, hidden, routerWidth, true));
        List<WeightTensor> scales = scales(hidden);
        Embedding tokens = new Embedding(
                        config.size("vocab_size"),
                        config.statedFlag("tie_word_embeddings", true, "the default of this architecture"),
                        0,
                        0,
                        config.flag("lm_head_bias", false))
                .beside(TensorInventory.of(TensorRole.MIXING)
                        .vector("input_hidden_states_scale", hidden)
                        .vector("input_hidden_states_bias", hidden)
                        .tensors());
        ModelBuilder model = Model.builder(
                name,
                hidden,
                tokens,
                Decoder.layers(config, layer -> {
                    FeedForward block = layer == 0 ? first : others;
                    return new LayerGroup(1, isWindowed.test(layer) ? windowed : whole, block, Decoder.TWO_NORMS)
                            .with(scales);
                }),
                config.size("max_position_embeddings", 131_072));
        long width = config.size("head_dim", 128);
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, width), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static IntPredicate isWindowed(Config config) {
        List<String> types = config.texts("layer_types");
        for (String type : types) {
            if (!type.equals("hybrid") && !type.equals(WINDOWED)) {
                throw config.unsupported("layer_types", type + " is not known for this architecture");
            }
        }
        if (!types.isEmpty() && types.size() != config.size("num_hidden_layers")) {
            throw config.problem("layer_types", "one entry for each of num_hidden_layers");
        }
        return layer -> !types.isEmpty() && types.get(layer).equals(WINDOWED);
    }

    private static Attention attention(Config config) {
        long heads = config.size("num_attention_heads", 8);
        long keyValueHeads = config.size("num_key_value_heads", 2);
        long width = config.size("head_dim", 128);
        boolean bias = config.flag("attention_bias", false);
        GroupedQuery attention = new GroupedQuery(heads, keyValueHeads, width, width, bias, bias, QueryKeyNorm.NONE);
        long convolved = Math.multiplyExact(heads + keyValueHeads, width);
        long first = config.size("cca_time0", 2);
        long second = config.size("cca_time1", 2);
        List<WeightTensor> convolutions = TensorInventory.of(TensorRole.RECURRENCE)
                .within("self_attn")
                .convolution("qkv_proj.conv_qk_depthwise", convolved, 1, first, true)
                .convolution("qkv_proj.conv_qk_grouped", convolved, width, second, true)
                .vector("qk_norm.temp", keyValueHeads)
                .tensors();
        Recurrent delay = new Recurrent(
                "short convolution",
                heads + keyValueHeads,
                convolutions,
                List.of(
                        new RecurrentState("convolution", convolved, first + second - 2, 2, false),
                        new RecurrentState("value", keyValueHeads * width / 2, 1, 2, false)));
        return ParallelMixers.of(attention, delay);
    }

    private static List<WeightTensor> router(MixtureOfExperts experts, long hidden, long width, boolean remembers) {
        TensorInventory router = TensorInventory.of(TensorRole.ROUTER)
                .within("mlp.gate")
                .linear("down_proj", width, hidden, true)
                .rmsNorm("router_mlp.norm", width)
                .linear("router_mlp.fc1", width, width, true)
                .linear("router_mlp.fc2", width, width, true)
                .linear(
                        "router_mlp.out_proj",
                        experts.experts() + experts.identityExperts(),
                        width,
                        false,
                        ShardRule.REPLICATED);
        return remembers ? router.vector("router_states_scale", width).tensors() : router.tensors();
    }

    private static List<WeightTensor> scales(long hidden) {
        TensorInventory scales = TensorInventory.of(TensorRole.MIXING);
        for (String sum : List.of("post_attention_residual_scale", "post_mlp_residual_scale")) {
            scales.under(
                    sum,
                    one -> one.vector("hidden_states_scale", hidden)
                            .vector("hidden_states_bias", hidden)
                            .vector("residual_scale", hidden)
                            .vector("residual_bias", hidden));
        }
        return scales.tensors();
    }
}
