package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/**
 * Falcon: attention and an ungated block side by side. The first architecture has one key-value head
 * ({@code multi_query}) and one norm a layer, the second ({@code new_decoder_architecture}) {@code num_kv_heads} and a norm
 * for each of the two.
 */
final class FalconFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("falcon");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        boolean second = config.flag("new_decoder_architecture", false);
        boolean alibi = config.flag("alibi", false);
        boolean bias = config.flag("bias", false);
        config.has("attention_bias");
        config.has("n_head");
        config.has("n_layer");
        long hidden = config.size("hidden_size");
        GroupedQuery attention = attention(config, hidden, second, bias);
        DenseFeedForward block = new DenseFeedForward(innerWidth(config, hidden), false, bias);
        boolean parallel = config.flag("parallel_attn", true);
        boolean twoNorms = !parallel
                || (config.has("num_ln_in_parallel_attn") ? config.size("num_ln_in_parallel_attn") == 2 : second);
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        new Embedding(
                                config.size("vocab_size"),
                                config.statedFlag("tie_word_embeddings", true, "the default of this architecture")),
                        Decoder.layers(config, layer -> new LayerGroup(1, attention, block, twoNorms ? 4 : 2)),
                        config.size("max_position_embeddings", 2_048))
                .outputNormVectors(2);
        if (!alibi) {
            Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        }
        return model;
    }

    private static long innerWidth(Config config, long hidden) {
        if (config.has("ffn_hidden_size")) {
            return config.size("ffn_hidden_size");
        }
        return config.has("intermediate_size") ? config.size("intermediate_size") : Math.multiplyExact(4, hidden);
    }

    private static GroupedQuery attention(Config config, long hidden, boolean second, boolean bias) {
        long heads = config.size("num_attention_heads");
        if (hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of hidden_size " + hidden);
        }
        boolean one = config.flag("multi_query", true) && !second;
        long stated = config.has("num_kv_heads") ? config.size("num_kv_heads") : heads;
        config.has("num_key_value_heads");
        return new GroupedQuery(heads, one ? 1 : stated, hidden / heads, hidden / heads, bias, bias, QueryKeyNorm.NONE);
    }
}
