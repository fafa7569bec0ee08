package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Set;

/** MiniMax-M3: grouped-query attention over blocks that an indexer selects, and experts with a shared one. */
final class MiniMaxM3Family implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("minimax_m3");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.refuseUnlessOff("attention_output_gate", "an output gate is not known for this architecture");
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        if (!config.text("qk_norm_type").orElse("per_head").equals("per_head")) {
            throw config.unsupported("qk_norm_type", "known: per_head");
        }
        boolean normed = config.statedFlag("use_qk_norm", true, "the architecture's own");
        GroupedQuery plain = new GroupedQuery(
                heads,
                config.size("num_key_value_heads"),
                width,
                width,
                false,
                false,
                normed ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
        List<Long> sparseLayers = everyLayer(config, "moe_layer_freq");
        FeedForward dense = DenseFeedForward.gated(config.size("dense_intermediate_size"));
        FeedForward sparse = experts(config);
        Config selection = config.nested("sparse_attention_config")
                .orElseThrow(() -> config.problem("sparse_attention_config", "how tokens are selected"));
        List<Long> indexedLayers = everyLayer(selection, "sparse_attention_freq", sparseLayers.size());
        Attention indexed = selection.flag("use_sparse_attention", true) ? indexed(selection, plain, hidden) : plain;
        selection.has("sparse_disable_index_value");
        for (String choice :
                List.of("sparse_topk_blocks", "sparse_block_size", "sparse_init_block", "sparse_local_block")) {
            selection.has(choice);
        }
        for (String repeated : List.of("first_k_dense_replace", "moe_intermediate_size", "rotary_dim")) {
            config.has(repeated);
        }
        long predictions = Math.max(config.rareCount("num_mtp_modules"), config.rareCount("num_nextn_predict_layers"));
        if (predictions > 0) {
            config.assume(new Assumption(
                    "num_mtp_modules",
                    "blocks of multi-token prediction are declared; their shape is not known here"
                            + " and they are not counted"));
        }
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                indexedLayers.get(layer) == 0 ? plain : indexed,
                                sparseLayers.get(layer) == 0 ? dense : sparse,
                                Decoder.TWO_NORMS)),
                false);
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, width), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static List<Long> everyLayer(Config config, String key) {
        long layers = config.size("num_hidden_layers");
        return everyLayer(config, key, layers);
    }

    private static List<Long> everyLayer(Config config, String key, long layers) {
        List<Long> listed = config.layerNumbers(key);
        if (listed.size() != layers) {
            throw config.problem(key, "a 0 or 1 for each of " + layers + " layers");
        }
        return listed;
    }

    private static Attention indexed(Config selection, GroupedQuery attention, long hidden) {
        long width = selection.size("sparse_index_dim");
        long heads = selection.size("sparse_num_index_heads");
        return new IndexedAttention(
                attention,
                width,
                TensorInventory.of(TensorRole.ATTENTION)
                        .within("self_attn.indexer")
                        .matrix("q_proj.weight", Math.multiplyExact(heads, width), hidden)
                        .matrix("k_proj.weight", width, hidden)
                        .rmsNorm("q_norm", width)
                        .rmsNorm("k_norm", width)
                        .tensors());
    }

    private static FeedForward experts(Config config) {
        return new MixtureOfExperts(
                config.size("num_local_experts"),
                config.size("num_experts_per_tok"),
                config.size("intermediate_size"),
                Math.multiplyExact(config.count("n_shared_experts"), config.size("shared_intermediate_size")),
                config.flag("use_routing_bias", false),
                false);
    }
}
