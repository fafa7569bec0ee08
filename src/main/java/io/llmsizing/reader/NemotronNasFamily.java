package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.NoAttention;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.document.JsonObject;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Set;

/**
 * Llama after a search over its blocks ({@code block_configs}): each layer has attention, a matrix in its place, or
 * nothing, and a feed-forward block of a width of its own, a matrix, or nothing. What is nothing has no norm either.
 */
final class NemotronNasFamily implements Family {
    private static final Set<String> ATTENTION_KEYS = Set.of(
            "n_heads_in_group",
            "no_op",
            "num_sink_tokens",
            "replace_with_linear",
            "sparsify",
            "unshifted_sink",
            "use_prefill_window_in_sink_attention",
            "window_length");

    private static final Set<String> FEED_FORWARD_KEYS = Set.of("ffn_mult", "no_op", "replace_with_linear", "sparsify");

    private static final long MULTIPLE = 256;

    @Override
    public Set<String> modelTypes() {
        return Set.of("nemotron-nas");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        List<JsonObject> blocks = config.blocks("block_configs");
        if (blocks.size() != config.size("num_hidden_layers")) {
            throw config.problem("block_configs", "one entry for each of num_hidden_layers");
        }
        config.refuseUnlessOff("num_key_value_heads", "stated by block_configs here");
        config.refuseUnlessOff("intermediate_size", "stated by block_configs here");
        ModelBuilder model =
                Decoder.model(config, name, Decoder.layers(config, i -> layer(config, blocks.get(i))), false);
        long heads = config.size("num_attention_heads");
        Decoder.rotaryTable(config, Decoder.headWidth(config, heads), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static LayerGroup layer(Config config, JsonObject block) {
        block.refuseOtherKeysThan(Set.of("attention", "ffn", "parallel_blocks"));
        if (block.has("parallel_blocks")) {
            throw block.problem("parallel_blocks", block.shown("parallel_blocks") + "; expected null");
        }
        JsonObject attention = block.requiredObject("attention");
        JsonObject feedForward = block.requiredObject("ffn");
        attention.refuseOtherKeysThan(ATTENTION_KEYS);
        feedForward.refuseOtherKeysThan(FEED_FORWARD_KEYS);
        long hidden = config.size("hidden_size");
        TensorInventory others = TensorInventory.of(TensorRole.ATTENTION);
        if (attention.flag("replace_with_linear", false)) {
            others.linear(
                    "self_attn.linear_attn", hidden, hidden, config.flag("attention_bias", false), ShardRule.ROWS);
        }
        if (feedForward.flag("replace_with_linear", false)) {
            others.as(
                    TensorRole.DENSE_FEED_FORWARD,
                    part -> part.linear(
                            "mlp.linear_mlp", hidden, hidden, config.flag("mlp_bias", false), ShardRule.ROWS));
        }
        int norms = (attention.flag("no_op", false) ? 0 : 1) + (feedForward.flag("no_op", false) ? 0 : 1);
        return new LayerGroup(1, attention(config, attention), feedForward(config, feedForward, hidden), norms)
                .with(others.tensors());
    }

    private static Attention attention(Config config, JsonObject stated) {
        if (stated.flag("no_op", false) || stated.flag("replace_with_linear", false)) {
            return new NoAttention();
        }
        for (String variant : new String[] {"sparsify", "num_sink_tokens"}) {
            if (stated.has(variant)) {
                throw stated.problem(variant, stated.shown(variant) + "; expected null");
            }
        }
        long heads = config.size("num_attention_heads");
        long group = stated.whole("n_heads_in_group", 1, heads);
        long width = Decoder.headWidth(config, heads);
        boolean bias = config.flag("attention_bias", false);
        GroupedQuery attention = new GroupedQuery(heads, heads / group, width, width, bias, bias, QueryKeyNorm.NONE);
        return stated.has("window_length")
                ? new SlidingWindow(attention, stated.whole("window_length", 1, 1L << 40))
                : attention;
    }

    /** Two thirds of the width times the stated number, up to the next multiple of 256. */
    private static FeedForward feedForward(Config config, JsonObject stated, long hidden) {
        if (stated.flag("no_op", false) || stated.flag("replace_with_linear", false)) {
            return new NoFeedForward();
        }
        if (stated.has("sparsify")) {
            throw stated.problem("sparsify", stated.shown("sparsify") + "; expected null");
        }
        String times =
                stated.decimal("ffn_mult").orElseThrow(() -> stated.problem("ffn_mult", "absent; expected a number"));
        long width = Ratio.parse(times).floorOf(Math.multiplyExact(2, hidden)) / 3;
        return new DenseFeedForward(
                Math.multiplyExact(MULTIPLE, Exact.ceilDiv(width, MULTIPLE)), true, config.flag("mlp_bias", false));
    }
}
