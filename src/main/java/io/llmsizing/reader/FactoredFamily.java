package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ProjectedAttention;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Experts under attention with projections of an unusual kind: Step 3 makes the queries of all heads from one narrow vector,
 * with one key-value head for all of them; JetMoe lets a router choose heads, each with a query and an output projection.
 */
final class FactoredFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("jetmoe", "step3_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean step = config.type().equals("step3_text");
        Attention attention = step ? factored(config) : routed(config);
        IntFunction<FeedForward> blocks = step ? ExpertTraits.read(config) : jetExperts(config);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    LayerGroup group = new LayerGroup(1, attention, blocks.apply(layer), Decoder.TWO_NORMS);
                    return step
                            ? group
                            : group.with(TensorInventory.of(TensorRole.BIAS)
                                    .vector("mlp.bias", config.size("hidden_size"))
                                    .tensors());
                }),
                !step);
        Decoder.rotaryTable(config, width(config, step), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static long width(Config config, boolean step) {
        return step ? config.size("head_dim", 256) : config.size("kv_channels", 128);
    }

    private static Attention factored(Config config) {
        for (String one : new String[] {"num_attention_groups", "num_key_value_heads"}) {
            config.refuseUnless(one, "1");
        }
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        long width = width(config, true);
        long rank = config.size("share_q_dim", 2_048);
        long all = Math.multiplyExact(heads, width);
        return new ProjectedAttention(
                GroupedQuery.of(heads, 1, width),
                TensorInventory.of(TensorRole.ATTENTION)
                        .within("self_attn")
                        .linear("q_proj", rank, hidden, false)
                        .linear("k_proj", width, hidden, false)
                        .linear("v_proj", width, hidden, false)
                        .rmsNorm("inter_norm", rank)
                        .linear("wq", all, rank, false, ShardRule.ROWS)
                        .linear("o_proj", hidden, all, false, ShardRule.COLUMNS)
                        .tensors());
    }

    private static Attention routed(Config config) {
        long hidden = config.size("hidden_size");
        long keyValueHeads = config.size("num_key_value_heads");
        long width = width(config, false);
        long rows = Math.multiplyExact(keyValueHeads, width);
        long experts = config.size("num_local_experts", 8);
        long active = config.size("num_experts_per_tok", 2);
        config.has("num_attention_heads");
        return new ProjectedAttention(
                GroupedQuery.of(Math.multiplyExact(keyValueHeads, active), keyValueHeads, width),
                TensorInventory.of(TensorRole.ATTENTION)
                        .within("self_attention")
                        .vector("experts.bias", hidden, TensorRole.BIAS)
                        .times(
                                experts,
                                active,
                                "experts.N",
                                one -> one.linear("input_linear", rows, hidden, false, ShardRule.ROWS)
                                        .linear("output_linear", hidden, rows, false, ShardRule.COLUMNS))
                        .matrix("experts.router.layer.weight", experts, hidden, TensorRole.ROUTER, ShardRule.REPLICATED)
                        .linear("kv_proj", Math.multiplyExact(2, rows), hidden, false, ShardRule.heads(width))
                        .tensors());
    }

    private static IntFunction<FeedForward> jetExperts(Config config) {
        FeedForward sparse = MixtureOfExperts.of(
                config.size("num_local_experts", 8),
                config.size("num_experts_per_tok", 2),
                config.size("intermediate_size", 5_632));
        return layer -> sparse;
    }
}
