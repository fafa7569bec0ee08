package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.MultiHeadLatent;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * GLM-5.3-Flash: Kimi delta attention, and latent attention without positions in every fourth layer, over tokens that an
 * indexer selects by pooled keys; several residual streams around all of it.
 */
final class GlmNextFamily implements Family {
    private static final String INDEXED = "indexed_attention";
    private static final Set<String> KINDS =
            Set.of(LayerKinds.RECURRENT, INDEXED, LayerKinds.FULL, "deepseek_sparse_attention");
    private static final List<String> WITHOUT_SIZE = List.of(
            "hc_eps",
            "hc_sinkhorn_iters",
            "head_dim",
            "index_kpool_always_select_tail",
            "index_topk",
            "linear_lower_bound",
            "mla_use_nope",
            "norm_topk_prob",
            "qk_head_dim",
            "swiglu_limit");
    private static final List<String> DELTA_WITHOUT_SIZE =
            List.of("full_attn_layers", "gate_lower_bound", "kda_layers", "safe_gate");

    @Override
    public Set<String> modelTypes() {
        return Set.of("glm5_next_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        Optional<Config> delta = config.nested("linear_attn_config");
        delta.ifPresent(inner -> inner.known(DELTA_WITHOUT_SIZE));
        long hidden = config.size("hidden_size");
        long width = KimiLinearFamily.sizeOf(config, delta, "head_dim", "linear_head_dim", 128);
        Attention linear = LinearAttentions.kimiDelta(
                hidden,
                KimiLinearFamily.sizeOf(config, delta, "num_heads", "linear_num_heads", 64),
                width,
                KimiLinearFamily.sizeOf(config, delta, "short_conv_kernel_size", "linear_conv_kernel_dim", 4),
                width,
                width);
        MultiHeadLatent latent = latentAttention(config);
        Attention indexed = indexed(config, latent, hidden);
        List<WeightTensor> streams = streams(config, hidden);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size", 12_288));
        FeedForward sparse = experts(config);
        List<String> kinds =
                LayerKinds.read(config, "layer_types", KINDS, layer -> layer % 4 == 3 ? INDEXED : LayerKinds.RECURRENT);
        config.has("first_k_dense_replace");
        List<String> blocks = LayerKinds.read(
                config, "mlp_layer_types", Set.of("dense", "sparse"), layer -> layer < 3 ? "dense" : "sparse");
        List<String> indexers = indexers(config);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(config, layer -> {
                    boolean full = indexers.get(layer).equals("full");
                    Attention attention =
                            kinds.get(layer).equals(LayerKinds.RECURRENT) ? linear : full ? indexed : latent;
                    FeedForward block = blocks.get(layer).equals("sparse") ? sparse : dense;
                    return new LayerGroup(1, attention, block, Decoder.TWO_NORMS).with(streams);
                }),
                false);
        int predictions = Predictions.depth(config, "num_nextn_predict_layers");
        if (predictions > 0) {
            LayerGroup layer = new LayerGroup(1, indexed, sparse, Decoder.TWO_NORMS);
            model.speculativeHead(new SpeculativeHead(predictions, layer, true));
        }
        return model;
    }

    private static MultiHeadLatent latentAttention(Config config) {
        config.refuseUnlessOff("attention_bias", "biases of latent attention are not known");
        config.refuseUnlessOff("qk_rope_head_dim", "latent attention with positions is not known here");
        long heads = config.size("num_attention_heads");
        if (config.size("num_key_value_heads", heads, "as many as query heads") != heads) {
            throw config.problem("num_key_value_heads", "as many as query heads");
        }
        return new MultiHeadLatent(
                heads,
                config.size("q_lora_rank", 1_536),
                config.size("kv_lora_rank", 512),
                config.size("qk_nope_head_dim", 256),
                0,
                config.size("v_head_dim", 256));
    }

    private static Attention indexed(Config config, MultiHeadLatent latent, long hidden) {
        long heads = config.size("index_n_heads", 32);
        long width = config.size("index_head_dim", 128);
        long pool = config.size("index_kpool", 16);
        if (!config.flag("index_kpool_compress", true)) {
            throw config.unsupported("index_kpool_compress", "pools without weights are not known");
        }
        List<WeightTensor> indexer = TensorInventory.of(TensorRole.INDEXER)
                .within("self_attn.indexer")
                .matrix("wq_b.weight", Math.multiplyExact(heads, width), latent.queryRank())
                .matrix("wk.weight", width, hidden)
                .layerNorm("k_norm", width)
                .matrix("weights_proj.weight", heads, hidden)
                .matrix("index_kpool_compress_ape", pool, width)
                .matrix("index_kpool_compress_gate", width, hidden)
                .tensors();
        return new IndexedAttention(latent, width, indexer, pool, 2 * width);
    }

    /** Which layers have an indexer of their own; others take the selection of the one before. */
    private static List<String> indexers(Config config) {
        if (config.has("index_topk_pattern") && !config.has("indexer_types")) {
            List<String> indexers = new ArrayList<>();
            String letters = config.text("index_topk_pattern").orElse("");
            for (int i = 0; i < Math.min(letters.length(), Decoder.layerCount(config, "num_hidden_layers")); i++) {
                indexers.add(letters.charAt(i) == 'F' ? "full" : "shared");
            }
            if (!letters.matches("[FS]*") || letters.length() != config.size("num_hidden_layers")) {
                throw config.problem("index_topk_pattern", "an F or S for each of num_hidden_layers");
            }
            return indexers;
        }
        long period = Math.max(1, config.has("index_topk_freq") ? config.count("index_topk_freq") : 1);
        long offset = config.has("index_skip_topk_offset") ? config.count("index_skip_topk_offset") : 2;
        return LayerKinds.read(
                config,
                "indexer_types",
                Set.of("full", "shared"),
                layer -> Math.max(layer - offset + 1, 0) % period == 0 ? "full" : "shared");
    }

    /** Around each block the mixes of the streams: what goes in, what comes out, and how they are combined. */
    private static List<WeightTensor> streams(Config config, long hidden) {
        long count = config.size("hc_mult", 4);
        if (!config.flag("mhc", true)) {
            return List.of();
        }
        long mixes = Math.multiplyExact(2 + count, count);
        TensorInventory streams = TensorInventory.of(TensorRole.MIXING);
        for (String module : new String[] {"attn_hc", "ffn_hc"}) {
            streams.within(module)
                    .matrix("fn", mixes, Math.multiplyExact(count, hidden))
                    .vector("base", mixes)
                    .matrix("scale", 3, 1, TensorRole.MIXING, ShardRule.REPLICATED);
        }
        return streams.tensors();
    }

    private static FeedForward experts(Config config) {
        long width = config.size("moe_intermediate_size", 2_048);
        return new MixtureOfExperts(
                config.size("n_routed_experts", 288),
                config.size("num_experts_per_tok", 8),
                width,
                Math.multiplyExact(config.count("n_shared_experts", 1), width),
                true,
                false);
    }
}
