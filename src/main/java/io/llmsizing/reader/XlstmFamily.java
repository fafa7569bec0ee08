package io.llmsizing.reader;

import io.llmsizing.attention.LinearAttentions;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Set;

/** xLSTM in its large form: a matrix memory and a gated feed-forward block in every layer. */
final class XlstmFamily implements Family {
    private static final List<String> WITHOUT_SIZE = List.of(
            "add_embedding_dropout",
            "add_forward_backend_padding",
            "add_out_norm",
            "add_post_blocks_norm",
            "autocast_kernel_dtype",
            "cell_norm_eps",
            "chunk_size",
            "chunkwise_kernel",
            "force_bos_token_insert",
            "gate_soft_cap",
            "head_dim",
            "igate_bias_init_range",
            "inference_state_dtype",
            "max_inference_chunksize",
            "mlstm_round_up_to_multiple_of",
            "mode",
            "norm_reduction_force_float32",
            "output_logit_soft_cap",
            "return_last_states",
            "sequence_kernel",
            "step_kernel",
            "weight_mode");

    @Override
    public Set<String> modelTypes() {
        return Set.of("xlstm");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        config.refuseUnlessOff("add_post_norm", "norms behind the blocks are not known");
        config.refuseUnlessOff("add_qk_norm", "norms of queries and keys are not known");
        String width = config.has("hidden_size") ? "hidden_size" : "embedding_dim";
        long hidden = config.size(width, 4_096);
        if (config.has("embedding_dim") && config.size("embedding_dim") != hidden) {
            throw config.unsupported("embedding_dim", "known is the width " + hidden);
        }
        String layers = config.has("num_blocks") ? "num_blocks" : "num_hidden_layers";
        config.has("num_hidden_layers");
        boolean bias = config.statedFlag("use_bias", false);
        Recurrent memory = memory(config, hidden, bias);
        DenseFeedForward block = new DenseFeedForward(innerWidth(config, hidden), true, bias);
        int norm = bias ? 2 : 1;
        return Model.builder(
                name,
                hidden,
                new Embedding(config.size("vocab_size"), config.statedFlag("tie_word_embeddings", false)),
                Decoder.layers(Decoder.layerCount(config, layers), layer -> new LayerGroup(1, memory, block, 2 * norm)),
                config.size("max_position_embeddings", 1L << 20, "a recurrence has no limit"));
    }

    private static Recurrent memory(Config config, long hidden, boolean bias) {
        long heads = config.size("num_heads", 8);
        long keys = share(config, "qk_dim_factor", "0.5").floorOf(hidden);
        long values = share(config, "v_dim_factor", "1").floorOf(hidden);
        if (keys % heads != 0 || values % heads != 0) {
            throw config.problem("num_heads", "a divisor of " + keys + " and " + values);
        }
        return LinearAttentions.matrixMemory(hidden, heads, keys, values, bias);
    }

    private static long innerWidth(Config config, long hidden) {
        long multiple = config.size("ffn_round_up_to_multiple_of", 64);
        Ratio factor = share(config, "ffn_proj_factor", "2.667");
        return Math.multiplyExact((factor.floorOf(hidden) + multiple - 1) / multiple, multiple);
    }

    private static Ratio share(Config config, String key, String byDefault) {
        if (!config.has(key)) {
            config.assumeClassDefault(key, byDefault);
        }
        return Ratio.parse(config.decimal(key).orElse(byDefault));
    }
}
