package io.llmsizing.reader;

import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.TimeMixings;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;
import java.util.List;
import java.util.Set;

/**
 * RWKV from the fourth version to the seventh: time mixing and channel mixing, layer norms in front of each, one more behind
 * the embedding. The channel mixing is an ungated block, up to the sixth version under a receptance as wide as the model.
 */
final class RwkvFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "attn_mode",
            "fuse_cross_entropy",
            "fuse_linear_cross_entropy",
            "fuse_norm",
            "head_size_divisor",
            "model_version",
            "norm_first",
            "num_attention_heads",
            "num_heads",
            "rescale_every",
            "use_l2warp");

    private static final List<String> RANKS =
            List.of("decay_low_rank_dim", "a_low_rank_dim", "gate_low_rank_dim", "v_low_rank_dim");

    @Override
    public Set<String> modelTypes() {
        return Set.of("rwkv", "rwkv5", "rwkv6", "rwkv7");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        long hidden = config.size("hidden_size");
        boolean seventh = config.type().equals("rwkv7");
        boolean normBias = !seventh || config.flag("norm_bias", true);
        int norm = normBias ? 2 : 1;
        DenseFeedForward block = new DenseFeedForward(innerWidth(config, hidden), false, false);
        List<WeightTensor> others = seventh ? shift(hidden) : receptance(config, hidden);
        Recurrent behind = seventh ? seventh(config, hidden, false) : mixing(config, hidden);
        Recurrent first = seventh ? seventh(config, hidden, true) : behind;
        String context = seventh ? "max_position_embeddings" : "context_length";
        boolean normed = !seventh || config.flag("norm_first", true);
        return Model.builder(
                        name,
                        hidden,
                        new Embedding(
                                config.size("vocab_size"),
                                config.statedFlag("tie_word_embeddings", false),
                                0,
                                normed ? norm : 0,
                                false),
                        Decoder.layers(
                                config,
                                layer -> new LayerGroup(1, layer == 0 ? first : behind, block, 2 * norm).with(others)),
                        config.size(context, 1L << 20, "a recurrence has no limit"))
                .outputNormVectors(norm);
    }

    private static long innerWidth(Config config, long hidden) {
        return switch (config.type()) {
            case "rwkv" -> config.size("intermediate_size", Math.multiplyExact(4, hidden), "4 x hidden_size");
            case "rwkv7" -> {
                long ratio = config.size("hidden_ratio", 4);
                yield config.size(
                        "intermediate_size",
                        Exact.padTo(Math.multiplyExact(ratio, hidden), 32),
                        "hidden_ratio x hidden_size");
            }
            default ->
                config.size(
                        "intermediate_size",
                        Math.multiplyExact(7, hidden) / 2 / 32 * 32,
                        "3.5 x hidden_size, a multiple of 32");
        };
    }

    private static Recurrent mixing(Config config, long hidden) {
        long inner = config.size("attention_hidden_size", hidden, "hidden_size");
        if (config.type().equals("rwkv")) {
            return TimeMixings.fourth(hidden, inner);
        }
        long width = config.size("head_size", 64);
        if (inner % width != 0 || inner != hidden) {
            throw config.unsupported("attention_hidden_size", "known is the width, in heads of " + width);
        }
        boolean large = hidden == 4_096;
        return config.type().equals("rwkv5")
                ? TimeMixings.fifth(hidden, inner, width)
                : TimeMixings.sixth(hidden, inner, width, large ? 64 : 32, large ? 128 : 64);
    }

    private static Recurrent seventh(Config config, long hidden, boolean first) {
        config.refuseUnlessOff("attn", "attention among the layers is not known");
        if (config.layerNumbers("value_dim").stream().anyMatch(width -> width != hidden)) {
            throw config.unsupported("value_dim", "values as wide as the model are known");
        }
        for (String rank : RANKS) {
            if (config.states(rank) && !config.has(rank)) {
                throw config.problem(rank, "a width");
            }
        }
        long width = config.size("head_dim", 64);
        if (hidden % width != 0) {
            throw config.problem("head_dim", "a divisor of hidden_size " + hidden);
        }
        return TimeMixings.seventh(
                hidden,
                width,
                config.size("decay_low_rank_dim", 64),
                config.size("a_low_rank_dim", 64),
                config.size("gate_low_rank_dim", 128),
                first ? 0 : config.size("v_low_rank_dim", 16));
    }

    private static List<WeightTensor> receptance(Config config, long hidden) {
        boolean sixth = config.type().equals("rwkv6");
        return TensorInventory.of(TensorRole.DENSE_FEED_FORWARD)
                .within("feed_forward")
                .vector(sixth ? "time_maa_k" : "time_mix_key", hidden, TensorRole.RECURRENCE)
                .vector(sixth ? "time_maa_r" : "time_mix_receptance", hidden, TensorRole.RECURRENCE)
                .linear("receptance", hidden, hidden, false, ShardRule.ROWS)
                .tensors();
    }

    private static List<WeightTensor> shift(long hidden) {
        return TensorInventory.of(TensorRole.DENSE_FEED_FORWARD)
                .within("ffn")
                .vector("x_k", hidden, TensorRole.RECURRENCE)
                .tensors();
    }
}
