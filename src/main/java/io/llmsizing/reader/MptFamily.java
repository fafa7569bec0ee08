package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import java.util.Optional;
import java.util.Set;

/**
 * MPT and its successor DBRX, which state attention and feed-forward block in objects of their own: layer norms without bias,
 * no other biases; MPT with ALiBi and an ungated block, DBRX with rotary positions and experts.
 */
final class MptFamily implements Family {
    private static final int NORM_VECTORS = 2;

    @Override
    public Set<String> modelTypes() {
        return Set.of("mpt", "dbrx");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean experts = config.type().equals("dbrx");
        long hidden = config.size("hidden_size");
        Optional<Config> stated = config.nested("attn_config");
        GroupedQuery attention = attention(config, stated, experts, hidden);
        FeedForward block = experts ? mixture(config) : dense(config, hidden);
        LayerGroup layer = new LayerGroup(1, attention, block, NORM_VECTORS);
        ModelBuilder model = Model.builder(
                name,
                hidden,
                new Embedding(config.size("vocab_size"), config.statedFlag("tie_word_embeddings", !experts)),
                Decoder.layers(config, i -> layer),
                config.size("max_position_embeddings", 2_048));
        if (experts) {
            Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        } else {
            refuseVariants(config, stated);
        }
        return model;
    }

    private static GroupedQuery attention(Config config, Optional<Config> stated, boolean grouped, long hidden) {
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of the width " + hidden);
        }
        stated.ifPresent(inner -> inner.known(Set.of("clip_qkv", "attn_uses_sequence_id", "model_type")));
        long keyValueHeads = grouped
                ? stated.filter(inner -> inner.has("kv_n_heads"))
                        .map(inner -> inner.size("kv_n_heads"))
                        .orElse(1L)
                : keyValueHeads(stated, heads);
        if (grouped && (stated.isEmpty() || !stated.get().has("kv_n_heads"))) {
            config.assumeClassDefault("attn_config.kv_n_heads", 1);
        }
        return new GroupedQuery(heads, keyValueHeads, hidden / heads, hidden / heads, false, false, QueryKeyNorm.NONE);
    }

    private static long keyValueHeads(Optional<Config> stated, long heads) {
        String kind = stated.flatMap(inner -> inner.text("attn_type")).orElse("multihead_attention");
        return switch (kind) {
            case "multihead_attention" -> heads;
            case "multiquery_attention" -> 1;
            case "grouped_query_attention" -> stated.orElseThrow().size("kv_n_heads");
            default ->
                throw stated.orElseThrow()
                        .unsupported("attn_type", "known are multihead, multiquery and grouped_query attention");
        };
    }

    private static void refuseVariants(Config config, Optional<Config> stated) {
        boolean alibi = stated.map(inner -> inner.flag("alibi", true)).orElse(true);
        stated.ifPresent(inner -> {
            inner.refuseUnlessOff("qk_ln", "norms of queries and keys are not known");
            inner.refuseUnlessOff("qk_gn", "norms of queries and keys are not known");
            inner.refuseUnlessOff("rope", "rotary positions are not known for this architecture");
            inner.known(Set.of("kv_n_heads", "alibi_bias_max", "prefix_lm", "attn_impl", "softmax_scale"));
        });
        if (!alibi && config.flag("learned_pos_emb", true)) {
            throw config.unsupported("learned_pos_emb", "a position table is not known, only attn_config.alibi");
        }
        if (!config.flag("no_bias", true)) {
            throw config.unsupported("no_bias", "layers with biases are not known");
        }
        config.known(
                Set.of("embedding_fraction", "learned_pos_emb", "init_config", "verbose", "norm_type", "ffn_config"));
    }

    /** The library's class takes four widths whatever the config says. */
    private static FeedForward dense(Config config, long hidden) {
        if (config.has("expansion_ratio") && config.size("expansion_ratio") != 4) {
            throw config.unsupported("expansion_ratio", "known is a block of four widths");
        }
        return new DenseFeedForward(Math.multiplyExact(4, hidden), false, false);
    }

    private static FeedForward mixture(Config config) {
        Config stated = config.nested("ffn_config")
                .orElseThrow(() -> config.problem("ffn_config", "an object with ffn_hidden_size and moe_num_experts"));
        stated.known(Set.of(
                "hidden_size",
                "ffn_act_fn",
                "ffn_type",
                "moe_jitter_eps",
                "moe_loss_weight",
                "moe_normalize_expert_weights",
                "uniform_expert_assignment",
                "moe_weight_parallelism",
                "model_type"));
        return MixtureOfExperts.of(
                stated.size("moe_num_experts", 4), stated.size("moe_top_k", 1), stated.size("ffn_hidden_size", 3_584));
    }
}
