package io.llmsizing.reader;

import io.llmsizing.attention.CompressedAttention;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DeepSeek-V4: compressed attention with one ratio for each layer, hyper-connections that carry the stream several times, and
 * experts in every layer, which the first layers choose by a table of tokens.
 */
final class DeepSeekV4Family implements Family {
    /** The ratio at which entries overlap and an indexer selects them. */
    private static final long FINE_RATIO = 4;

    @Override
    public Set<String> modelTypes() {
        return Set.of("deepseek_v4", "deepseek_ref");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        long layers = config.size("num_hidden_layers");
        int predictions = Predictions.depth(config, "num_nextn_predict_layers");
        List<Long> ratios = config.layerNumbers("compress_ratios");
        if (ratios.size() < layers) {
            throw config.problem("compress_ratios", "one ratio for each of num_hidden_layers");
        }
        config.refuseUnlessOff("attention_bias", "biases of compressed attention are not known");
        if (config.has("num_key_value_heads") && config.size("num_key_value_heads") != 1) {
            throw config.unsupported("num_key_value_heads", "compressed attention has one");
        }
        config.known(List.of("expert_dtype", "index_topk", "hc_sinkhorn_iters", "hc_eps"));
        long hashed = config.rareCount("num_hash_layers");
        long streams = config.size("hc_mult");
        Embedding embedding = new Embedding(
                        config.size("vocab_size"),
                        config.statedFlag("tie_word_embeddings", false, "the default of this architecture"))
                .behind(mixingHead(streams, hidden));
        Map<Long, LayerGroup> hashedKinds = new HashMap<>();
        Map<Long, LayerGroup> scoredKinds = new HashMap<>();
        ModelBuilder model = Model.builder(
                name,
                hidden,
                embedding,
                Decoder.layers(config, layer -> {
                    boolean isHashed = layer < hashed;
                    return (isHashed ? hashedKinds : scoredKinds)
                            .computeIfAbsent(
                                    ratios.get(layer), ratio -> layer(config, ratio, isHashed, streams, hidden));
                }),
                config.size("max_position_embeddings"));
        if (predictions > 0) {
            long ratio = ratios.size() > layers ? ratios.get((int) layers) : 0;
            model.speculativeHead(new SpeculativeHead(
                    predictions, layer(config, ratio, false, streams, hidden), false, mixingHead(streams, hidden)));
        }
        Decoder.rotaryTable(config, config.size("qk_rope_head_dim"), 4).ifPresent(model::rotaryTable);
        return model;
    }

    private static LayerGroup layer(Config config, long ratio, boolean hashed, long streams, long hidden) {
        boolean fine = ratio == FINE_RATIO;
        CompressedAttention attention = new CompressedAttention(
                config.size("num_attention_heads"),
                config.size("head_dim"),
                config.size("q_lora_rank"),
                config.size("o_groups"),
                config.size("o_lora_rank"),
                config.size("sliding_window"),
                ratio,
                fine,
                fine ? config.size("index_n_heads") : 0,
                fine ? config.size("index_head_dim") : 0);
        long width = config.size("moe_intermediate_size");
        MixtureOfExperts experts = new MixtureOfExperts(
                config.size("n_routed_experts"),
                config.size("num_experts_per_tok"),
                width,
                Math.multiplyExact(config.count("n_shared_experts"), width),
                !hashed && config.text("topk_method").map("noaux_tc"::equals).orElse(true),
                false);
        TensorInventory others = TensorInventory.of(TensorRole.MIXING);
        connection(others, "attn_hc", streams, hidden);
        connection(others, "ffn_hc", streams, hidden);
        if (hashed) {
            others.tensor(WeightTensor.matrix(
                    "mlp.gate.tid2eid",
                    TensorRole.ROUTING_TABLE,
                    config.size("vocab_size"),
                    config.size("num_experts_per_tok"),
                    ShardRule.REPLICATED));
        }
        return new LayerGroup(1, attention, experts, Decoder.TWO_NORMS).with(others.tensors());
    }

    /** How a block reads from the streams, writes to them and mixes them: (2 + streams) x streams weights for each element. */
    private static void connection(TensorInventory tensors, String name, long streams, long hidden) {
        long mixed = (2 + streams) * streams;
        tensors.matrix(name + ".fn", mixed, Math.multiplyExact(streams, hidden))
                .vector(name + ".base", mixed)
                .vector(name + ".scale", 3);
    }

    private static List<WeightTensor> mixingHead(long streams, long hidden) {
        return TensorInventory.of(TensorRole.MIXING)
                .matrix("hc_head.hc_fn", streams, Math.multiplyExact(streams, hidden))
                .vector("hc_head.hc_base", streams)
                .vector("hc_head.hc_scale", 1)
                .tensors();
    }
}
