package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.function.IntFunction;

/** Latent attention as configs of DeepSeek's lineage state it, and the indexer that may select tokens for it. */
final class LatentAttention {
    private LatentAttention() {}

    static MultiHeadLatent read(Config config) {
        config.refuseUnlessOff("attention_bias", "biases of latent attention are not known");
        for (String derived : List.of("num_key_value_heads", "head_dim", "qk_head_dim", "q_head_dim")) {
            config.has(derived);
        }
        return new MultiHeadLatent(
                config.size("num_attention_heads"),
                config.states("q_lora_rank") ? config.statedCount("q_lora_rank") : uncompressedQueries(config),
                config.size("kv_lora_rank"),
                config.size("qk_nope_head_dim"),
                config.size("qk_rope_head_dim"),
                config.size("v_head_dim"));
    }

    private static long uncompressedQueries(Config config) {
        config.assume(new Assumption("q_lora_rank", "absent, taken as queries that are not compressed"));
        return 0;
    }

    /** The attention of each layer, counted from 0, where an indexer selects its tokens in all layers or some. */
    static IntFunction<Attention> indexed(Config config, MultiHeadLatent latent) {
        IndexedAttention indexed = withIndexer(config, latent);
        List<String> types = config.texts("indexer_types");
        long layers = config.size("num_hidden_layers");
        if (!types.isEmpty() && types.size() != layers) {
            throw config.problem("indexer_types", "one entry for each of num_hidden_layers");
        }
        for (String type : types) {
            if (!type.equals("full") && !type.equals("shared")) {
                throw config.unsupported("indexer_types", type + " is not known; known: full, shared");
            }
        }
        config.has("index_topk");
        String pattern = config.text("index_topk_pattern").orElse("");
        long period = config.has("index_topk_freq") ? config.size("index_topk_freq") : 1;
        long offset = config.has("index_skip_topk_offset") ? config.count("index_skip_topk_offset") : 0;
        return layer -> {
            boolean own;
            if (!types.isEmpty()) {
                own = types.get(layer).equals("full");
            } else if (!pattern.isEmpty()) {
                own = pattern.charAt(layer % pattern.length()) != 'S';
            } else {
                own = Math.max(layer - offset + 1, 0) % period == 0;
            }
            return own ? indexed : latent;
        };
    }

    /** One layer with an indexer of its own, as the blocks of multi-token prediction always have it. */
    static IndexedAttention withIndexer(Config config, MultiHeadLatent latent) {
        long heads = config.size("index_n_heads");
        long width = config.size("index_head_dim");
        long hidden = config.size("hidden_size");
        if (latent.queryRank() == 0) {
            throw config.unsupported("q_lora_rank", "an indexer reads compressed queries");
        }
        return new IndexedAttention(
                latent,
                width,
                TensorInventory.of(TensorRole.ATTENTION)
                        .within("self_attn.indexer")
                        .matrix("wq_b.weight", Math.multiplyExact(heads, width), latent.queryRank())
                        .matrix("wk.weight", width, hidden)
                        .layerNorm("k_norm", width)
                        .matrix("weights_proj.weight", heads, hidden, TensorRole.INDEXER, ShardRule.REPLICATED)
                        .tensors());
    }
}
