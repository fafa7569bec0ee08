package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Kimi Linear and Kimi K3: Kimi delta attention, and latent attention without positions in some layers; experts behind the
 * first layers. K3 gates the latent attention too, lets its experts work in a latent width, and chooses from earlier layers'
 * outputs in front of each block.
 */
final class KimiLinearFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "activation_situ_beta",
            "activation_situ_linear_beta",
            "head_dim",
            "mla_use_nope",
            "moe_renormalize",
            "moe_router_activation_func",
            "norm_topk_prob",
            "num_expert_group",
            "num_key_value_heads",
            "topk_method",
            "use_grouped_topk");
    private static final List<String> DELTA_WITHOUT_SIZE = List.of("gate_lower_bound", "safe_gate");

    @Override
    public Set<String> modelTypes() {
        return Set.of("kimi_linear");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        Optional<Config> delta = config.nested("linear_attn_config");
        delta.ifPresent(inner -> inner.known(DELTA_WITHOUT_SIZE));
        long hidden = config.size("hidden_size");
        Attention linear = deltaAttention(config, delta, hidden);
        MultiHeadLatent latent = latentAttention(config);
        List<WeightTensor> gate = gate(config, latent, hidden);
        List<WeightTensor> choice = config.has("attn_res_block_size") ? choices(hidden) : List.of();
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        FeedForward sparse = experts(config);
        List<LayerGroup> attending = layers(latent, List.of(dense, sparse), gate, choice);
        List<LayerGroup> recurrent = layers(linear, List.of(dense, sparse), List.of(), choice);
        IntPredicate attends = attends(config, delta);
        List<String> blocks = LayerKinds.stated(config, "mlp_layer_types", Set.of("dense", "sparse"));
        if (!blocks.isEmpty() && blocks.size() != config.size("num_hidden_layers")) {
            throw config.problem("mlp_layer_types", "one entry for each of num_hidden_layers");
        }
        long leading = config.count("first_k_dense_replace", 1);
        long step = config.size("moe_layer_freq", 1, "every layer behind the dense ones has experts");
        String context = config.has("model_max_length") ? "model_max_length" : "max_position_embeddings";
        ModelBuilder model = Model.builder(
                name,
                hidden,
                new Embedding(config.size("vocab_size"), config.statedFlag("tie_word_embeddings", false))
                        .behind(choice.isEmpty() ? List.of() : choiceOfOutput(hidden)),
                Decoder.layers(config, layer -> {
                    boolean experts = blocks.isEmpty()
                            ? layer >= leading && layer % step == 0
                            : blocks.get(layer).equals("sparse");
                    return (attends.test(layer) ? attending : recurrent).get(experts ? 1 : 0);
                }),
                config.size(context, 1_048_576));
        int predictions = Predictions.depth(config, "num_nextn_predict_layers");
        if (predictions > 0) {
            LayerGroup layer = layers(latent, List.of(sparse), gate, List.of()).get(0);
            model.speculativeHead(new SpeculativeHead(predictions, layer, true));
        }
        return model;
    }

    private static List<LayerGroup> layers(
            Attention attention, List<FeedForward> blocks, List<WeightTensor> gate, List<WeightTensor> choice) {
        return blocks.stream()
                .map(block -> new LayerGroup(1, attention, block, Decoder.TWO_NORMS)
                        .with(gate)
                        .with(choice))
                .toList();
    }

    private static Attention deltaAttention(Config config, Optional<Config> delta, long hidden) {
        long heads = sizeOf(config, delta, "num_heads", "linear_num_heads", 32);
        long width = sizeOf(config, delta, "head_dim", "linear_head_dim", 128);
        long taps = sizeOf(config, delta, "short_conv_kernel_size", "linear_conv_kernel_dim", 4);
        boolean whole =
                delta.map(inner -> inner.flag("use_full_rank_gate", false)).orElse(false);
        return LinearAttentions.kimiDelta(hidden, heads, width, taps, width, whole ? 0 : width);
    }

    /** A size of the inner config or, under another name, of the outer one. */
    static long sizeOf(Config config, Optional<Config> delta, String inside, String outside, long byDefault) {
        config.has(outside);
        return delta.filter(inner -> inner.has(inside)).isPresent()
                ? delta.get().size(inside)
                : config.size(outside, byDefault);
    }

    /** The layers with latent attention, which the inner config counts from 1. */
    private static IntPredicate attends(Config config, Optional<Config> delta) {
        List<String> kinds = LayerKinds.stated(config, "layer_types", Set.of(LayerKinds.RECURRENT, LayerKinds.FULL));
        long layers = config.size("num_hidden_layers");
        if (!kinds.isEmpty()) {
            if (kinds.size() != layers) {
                throw config.problem("layer_types", "one entry for each of num_hidden_layers");
            }
            delta.ifPresent(inner -> inner.known(List.of("full_attn_layers", "kda_layers")));
            return layer -> kinds.get(layer).equals(LayerKinds.FULL);
        }
        if (delta.isEmpty() || !delta.get().has("full_attn_layers")) {
            config.assumeAbsent("layer_types", "latent attention in every fourth layer", "its configuration class");
            return layer -> layer > 0 && layer % 4 == 0;
        }
        Config inner = delta.get();
        Set<Long> full = Set.copyOf(inner.layerNumbers("full_attn_layers"));
        Set<Long> linear = Set.copyOf(inner.layerNumbers("kda_layers"));
        for (long layer = 1; layer <= layers; layer++) {
            if (full.contains(layer) == linear.contains(layer)) {
                throw inner.problem("full_attn_layers", "each layer from 1 to " + layers + " here or in kda_layers");
            }
        }
        return layer -> full.contains(layer + 1L);
    }

    private static MultiHeadLatent latentAttention(Config config) {
        config.refuseUnlessOff("attention_bias", "biases of latent attention are not known");
        return new MultiHeadLatent(
                config.size("num_attention_heads"),
                config.rareCount("q_lora_rank"),
                config.size("kv_lora_rank"),
                config.size("qk_nope_head_dim"),
                config.count("qk_rope_head_dim"),
                config.size("v_head_dim"));
    }

    private static List<WeightTensor> gate(Config config, MultiHeadLatent latent, long hidden) {
        if (!config.flag("mla_use_output_gate", false)) {
            return List.of();
        }
        return List.of(WeightTensor.matrix(
                "self_attn.g_proj.weight",
                TensorRole.ATTENTION,
                latent.heads() * latent.valueWidth(),
                hidden,
                ShardRule.ROWS));
    }

    /** In front of each block of a layer a norm and a score for the outputs of earlier layers. */
    private static List<WeightTensor> choices(long hidden) {
        return TensorInventory.of(TensorRole.MIXING)
                .rmsNorm("self_attention_res_norm", hidden)
                .matrix("self_attention_res_proj.weight", 1, hidden)
                .rmsNorm("mlp_res_norm", hidden)
                .matrix("mlp_res_proj.weight", 1, hidden)
                .tensors();
    }

    private static List<WeightTensor> choiceOfOutput(long hidden) {
        return TensorInventory.of(TensorRole.MIXING)
                .rmsNorm("output_attn_res_norm", hidden)
                .matrix("output_attn_res_proj.weight", 1, hidden)
                .tensors();
    }

    private static FeedForward experts(Config config) {
        long width = config.size("moe_intermediate_size");
        long latent = config.rareCount("routed_expert_hidden_size");
        long shared = config.count(config.has("num_shared_experts") ? "num_shared_experts" : "n_shared_experts", 1);
        return new MixtureOfExperts(
                config.size(config.has("num_experts") ? "num_experts" : "num_local_experts"),
                config.size(config.has("num_experts_per_token") ? "num_experts_per_token" : "num_experts_per_tok", 8),
                width,
                Math.multiplyExact(shared, width),
                true,
                false,
                true,
                false,
                latent,
                latent > 0 && config.flag("latent_moe_use_norm", false),
                0);
    }
}
