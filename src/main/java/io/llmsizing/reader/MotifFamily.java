package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.ProjectedAttention;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Motif 3: attention over a latent in which some heads measure the noise that is subtracted from the others. Layers with a
 * window keep keys and values, one token more than the window that is stated; the others keep the latent. Several residual
 * streams are mixed in front of each block, and activations have coefficients of their own.
 */
final class MotifFamily implements Family {
    private static final long ACTIVATION_COEFFICIENTS = 4;

    /** The hidden state goes into the blocks that predict without a norm. */
    private static final int NORMS_OF_PREDICTION = 2;

    @Override
    public Set<String> modelTypes() {
        return Set.of("Motif");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.refuseUnless("attention_cls", "\"gdla\"");
        config.refuseUnless("diff_v2", "true");
        config.refuseUnless("hidden_act", "\"poly_norm\"");
        config.refuseUnless("headwise_attn_output_gate", "false");
        long hidden = config.size("hidden_size");
        Heads heads = Heads.read(config);
        Attention full = new ProjectedAttention(heads.latent(), heads.tensors(hidden));
        Attention windowed = new ProjectedAttention(heads.windowed(config), heads.tensors(hidden));
        IntPredicate isWindowed = isWindowed(config);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        MixtureOfExperts sparse = experts(config);
        long firstSparse = config.rareCount("n_dense_first_layers");
        long step = config.has("interleave_moe_layer_step") ? config.size("interleave_moe_layer_step") : 1;
        List<WeightTensor> mixes =
                config.flag("mhc_enabled", false) ? mixes(config.size("mhc_expansion_rate"), hidden) : List.of();
        List<WeightTensor> activations = activations(sparse);
        LayerGroup denseLayer = new LayerGroup(1, windowed, dense, Decoder.TWO_NORMS)
                .with(TensorInventory.of(TensorRole.MIXING)
                        .vector("mlp.act_fn", ACTIVATION_COEFFICIENTS)
                        .tensors());
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    Attention attention = isWindowed.test(layer) ? windowed : full;
                    boolean isSparse = layer >= firstSparse && (layer + 1) % step == 0;
                    LayerGroup group = isSparse
                            ? new LayerGroup(1, attention, sparse, Decoder.TWO_NORMS).with(activations)
                            : new LayerGroup(1, attention, dense, Decoder.TWO_NORMS).with(denseLayer.others());
                    return group.with(mixes);
                }),
                false);
        int predictions = Predictions.depth(config);
        if (predictions > 0) {
            model.speculativeHead(new SpeculativeHead(predictions, denseLayer, false, List.of(), NORMS_OF_PREDICTION));
        }
        Decoder.rotaryTable(config, heads.rotaryWidth(), 4).ifPresent(model::rotaryTable);
        return model;
    }

    private static IntPredicate isWindowed(Config config) {
        if (!config.flag("use_sliding_window", false) || !config.has("sliding_window")) {
            return layer -> false;
        }
        config.has("max_window_layers");
        String pattern = config.text("sliding_window_pattern").orElse("");
        long period = config.has("sliding_window_period") ? config.size("sliding_window_period") : 2;
        return switch (pattern) {
            case "all" -> layer -> true;
            case "interleave" -> layer -> layer % period != 0;
            default -> throw config.unsupported("sliding_window_pattern", "known: all, interleave");
        };
    }

    private static MixtureOfExperts experts(Config config) {
        long width = config.size("moe_intermediate_size");
        return new MixtureOfExperts(
                config.size("num_experts"),
                config.size("experts_top_k"),
                width,
                Math.multiplyExact(config.rareCount("num_shared_experts"), width),
                true,
                false);
    }

    /** Three coefficients and a bias for each expert, and for the shared ones. */
    private static List<WeightTensor> activations(MixtureOfExperts experts) {
        TensorInventory activations = TensorInventory.of(TensorRole.MIXING)
                .within("mlp")
                .times(
                        experts.experts(),
                        experts.activeExperts(),
                        "experts.N",
                        one -> one.vector("act_fn", ACTIVATION_COEFFICIENTS));
        return experts.sharedWidth() == 0
                ? activations.tensors()
                : activations
                        .vector("shared_experts.act_fn", ACTIVATION_COEFFICIENTS)
                        .tensors();
    }

    private static List<WeightTensor> mixes(long streams, long hidden) {
        long all = Math.multiplyExact(streams, hidden);
        TensorInventory mixes = TensorInventory.of(TensorRole.MIXING);
        for (String block : List.of("mhc_attn", "mhc_ffn")) {
            mixes.under(
                    block,
                    one -> one.rmsNorm("rms_norm", all)
                            .matrix("proj_pre.weight", streams, all)
                            .matrix("proj_post.weight", streams, all)
                            .matrix("proj_res.weight", Math.multiplyExact(streams, streams), all)
                            .vector("alpha", 3)
                            .vector("bias_pre", streams)
                            .vector("bias_post", streams)
                            .matrix("bias_res", streams, streams));
        }
        return mixes.tensors();
    }

    /** The shape of the attention: those heads that signal, those that measure noise, and the latent between them. */
    private record Heads(
            long all,
            long noise,
            long keyValue,
            long width,
            long rotaryWidth,
            long valueWidth,
            long queryRank,
            long latentRank,
            boolean gated) {
        static Heads read(Config config) {
            long all = config.size("num_attention_heads");
            long noise = config.size("num_noise_heads");
            if (noise >= all || all % noise != 0) {
                throw config.problem("num_noise_heads", "a divisor of num_attention_heads " + all + ", and less");
            }
            long width = config.size("head_dim");
            long rotary = config.has("qk_rope_head_dim") ? config.size("qk_rope_head_dim") : width / 2;
            if (rotary < 1 || rotary >= width) {
                throw config.problem("qk_rope_head_dim", "1 or more, and less than head_dim " + width);
            }
            return new Heads(
                    all,
                    noise,
                    config.size("num_key_value_heads"),
                    width,
                    rotary,
                    config.has("v_head_dim") ? config.size("v_head_dim") : width,
                    config.size("q_lora_rank"),
                    config.size("kv_lora_rank"),
                    config.flag("elementwise_attn_output_gate", false));
        }

        MultiHeadLatent latent() {
            return new MultiHeadLatent(all, queryRank, latentRank, width - rotaryWidth, rotaryWidth, valueWidth);
        }

        Attention windowed(Config config) {
            GroupedQuery whole = new GroupedQuery(all, keyValue, width, valueWidth, false, false, QueryKeyNorm.NONE);
            return config.has("sliding_window")
                    ? new SlidingWindow(whole, Math.addExact(config.size("sliding_window"), 1))
                    : whole;
        }

        List<WeightTensor> tensors(long hidden) {
            long outputs = Math.multiplyExact(all - noise, valueWidth);
            TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                    .within("self_attn")
                    .linear("wq_a", queryRank, hidden, false)
                    .rmsNorm("q_norm", queryRank)
                    .linear("wq_b", Math.multiplyExact(all, width), queryRank, false, ShardRule.ROWS)
                    .linear("wkv_a", Math.addExact(latentRank, rotaryWidth), hidden, false)
                    .rmsNorm("kv_norm", latentRank)
                    .linear(
                            "wkv_b",
                            Math.multiplyExact(keyValue, width - rotaryWidth + valueWidth),
                            latentRank,
                            false,
                            ShardRule.ROWS)
                    .linear("lambda_proj", all - noise, hidden, false, ShardRule.ROWS)
                    .linear("wo", hidden, outputs, false, ShardRule.COLUMNS);
            return gated
                    ? tensors.linear("wq_b_gate", outputs, queryRank, false, ShardRule.ROWS)
                            .tensors()
                    : tensors.tensors();
        }
    }
}
