package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.ParallelFeedForwards;
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
import java.util.Set;

/**
 * LongCat-Flash: two latent attentions and two dense blocks in each layer, beside experts of which many have no weights. The
 * Lite model also looks up hashes of the last tokens in large tables.
 */
final class LongcatFamily implements Family {
    private static final int NORMS = 4;
    private static final long MOST_TABLES = 1_024;

    @Override
    public Set<String> modelTypes() {
        return Set.of("longcat_flash", "longcat_flash_ngram");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.refuseUnlessOff("attention_bias", "biases of latent attention are not known");
        config.known(List.of("num_hidden_layers", "num_key_value_heads", "head_dim", "qk_head_dim"));
        long hidden = config.size("hidden_size");
        MultiHeadLatent latent = new MultiHeadLatent(
                config.size("num_attention_heads", 64),
                config.states("q_lora_rank") ? config.rareCount("q_lora_rank") : 1_536,
                config.size("kv_lora_rank", 512),
                config.size("qk_nope_head_dim", 128),
                config.size("qk_rope_head_dim", 64),
                config.size("v_head_dim", 128));
        if (config.has("qk_head_dim") && config.size("qk_head_dim") != latent.plainWidth() + latent.rotaryWidth()) {
            throw config.unsupported("qk_head_dim", "says otherwise than qk_nope_head_dim and qk_rope_head_dim");
        }
        Attention twice = ParallelMixers.of(latent, latent);
        FeedForward dense = DenseFeedForward.gated(
                config.size(config.has("ffn_hidden_size") ? "ffn_hidden_size" : "intermediate_size", 12_288));
        FeedForward block = ParallelFeedForwards.of(dense, dense, experts(config));
        Embedding tokens = new Embedding(
                config.size("vocab_size"),
                config.statedFlag("tie_word_embeddings", false, "the default of this architecture"));
        ModelBuilder model = Model.builder(
                name,
                hidden,
                tokens.beside(config.type().equals("longcat_flash_ngram") ? hashed(config, hidden) : List.of()),
                Decoder.layers(config, "num_layers", layer -> new LayerGroup(1, twice, block, NORMS)),
                config.size("max_position_embeddings", 131_072));
        int predictions = Predictions.depth(config);
        if (predictions > 0) {
            model.speculativeHead(new SpeculativeHead(
                    predictions,
                    new LayerGroup(1, latent, dense, Decoder.TWO_NORMS),
                    false,
                    TensorInventory.of(TensorRole.EMBEDDING)
                            .matrix(
                                    "embed_tokens.weight",
                                    config.size("vocab_size"),
                                    hidden,
                                    TensorRole.EMBEDDING,
                                    ShardRule.VOCABULARY)
                            .tensors()));
        }
        Decoder.rotaryTable(config, latent.rotaryWidth(), 4).ifPresent(model::rotaryTable);
        return model;
    }

    private static MixtureOfExperts experts(Config config) {
        config.refuseUnless("zero_expert_type", "\"identity\"");
        config.refuseUnlessOff("router_bias", "biases of the router are not known");
        return new MixtureOfExperts(
                config.size("n_routed_experts", 512),
                config.size("moe_topk", 12),
                config.size("expert_ffn_hidden_size", 2_048),
                0,
                true,
                false,
                true,
                false,
                0,
                config.count("zero_expert_num", 256));
    }

    /**
     * A table for each split of each number of last tokens but one, all of nearly the same height, and what leads from their
     * narrow rows to the width of the model. Tables are only looked up.
     */
    private static List<WeightTensor> hashed(Config config, long hidden) {
        long splits = config.size("emb_split_num");
        long tables = Math.multiplyExact(splits, config.size("emb_neighbor_num") - 1);
        long height = Math.multiplyExact(config.size("ngram_vocab_size_ratio"), config.size("vocab_size"));
        if (tables < 1 || tables > Math.min(hidden, MOST_TABLES)) {
            throw config.problem(
                    "emb_neighbor_num", "2 or more, and at most " + MOST_TABLES + " tables with all splits");
        }
        long width = hidden / tables;
        TensorInventory inventory = TensorInventory.of(TensorRole.EMBEDDING).within("ngram_embeddings");
        for (long table = 0; table < tables; table++) {
            inventory.tensor(WeightTensor.matrix(
                            "embedders.N.weight",
                            TensorRole.EMBEDDING,
                            height + 2 * table + 1,
                            width,
                            ShardRule.VOCABULARY)
                    .times(1, 0));
        }
        return inventory
                .as(
                        TensorRole.ATTENTION,
                        projections ->
                                projections.times(tables, "post_projs.N", one -> one.matrix("weight", hidden, width)))
                .tensors();
    }
}
