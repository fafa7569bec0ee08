package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.LinearAttentions.Projections;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.RecurrentState;
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
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Qwen4-Exp (Qwen3.8-Flash-Next): the layers of Qwen3.5 in several residual streams, attention over tokens that an indexer
 * selects by pooled keys, and in some layers embeddings of n-grams, hashed into tables whose sizes are primes.
 */
final class QwenExpFamily implements Family {
    private static final Set<String> KINDS =
            Set.of(LayerKinds.RECURRENT, LayerKinds.FULL, "indexed_attention", "qwen_sparse_attention");
    private static final int MOST_TABLES = 1 << 10;
    private static final long LARGEST_TABLE = 1L << 28;
    private static final List<String> WITHOUT_SIZE = List.of("indexer_budget", "split_ngram_parts", "seed");

    @Override
    public Set<String> modelTypes() {
        return Set.of("qwen4_exp_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        long hidden = config.size("hidden_size");
        List<String> kinds = QwenNextFamily.kinds(config, KINDS);
        Recurrent delta = QwenNextFamily.delta(config, Projections.FOUR);
        GroupedQuery attention = QwenNextFamily.attention(config, 2);
        Attention sparse = indexed(config, attention, hidden);
        MixtureOfExperts experts = QwenNextFamily.experts(config, 512, 10);
        Streams streams = new Streams(hidden, config.size("hc_count", 4), config.size("hc_lowrank", 320));
        List<WeightTensor> connections = streams.connections();
        NGrams grams = NGrams.read(config, hidden);
        LayerGroup attending = new LayerGroup(1, sparse, experts, 0).with(connections);
        LayerGroup recurrent = new LayerGroup(1, delta, experts, 0).with(connections);
        ModelBuilder model = Model.builder(
                        name,
                        hidden,
                        new Embedding(config.size("vocab_size"), config.statedFlag("tie_word_embeddings", false))
                                .behind(streams.mixer("hyper_connection_mixer", false)),
                        Decoder.layers(config, layer -> {
                            boolean recurs = kinds.get(layer).equals(LayerKinds.RECURRENT);
                            int table = grams.tableOf(layer);
                            if (table >= 0 && !recurs) {
                                throw config.unsupported("ple_layer_ids", "known are layers with delta nets");
                            }
                            LayerGroup plain = recurs ? recurrent : attending;
                            return table < 0 ? plain : grams.beside(plain, delta, streams, table);
                        }),
                        config.size("max_position_embeddings", 32_768))
                .outputNormVectors(0);
        boolean ownEmbeddings = QwenNextFamily.ownEmbeddings(config);
        if (config.rareCount("mtp_num_hidden_layers") > 0) {
            model.speculativeHead(new SpeculativeHead(
                    QwenNextFamily.onePrediction(config, "mtp_num_hidden_layers"),
                    attending,
                    ownEmbeddings,
                    streams.prediction()));
        }
        Decoder.rotaryTable(config, QwenNextFamily.rotaryWidth(config, attention.keyWidth()), 2)
                .ifPresent(model::rotaryTable);
        return model;
    }

    private static Attention indexed(Config config, GroupedQuery attention, long hidden) {
        long width = config.size("indexer_head_dim");
        long keys = config.size("indexer_kv_heads");
        if (keys != 1) {
            throw config.unsupported("indexer_kv_heads", "one index key is known");
        }
        List<WeightTensor> indexer = TensorInventory.of(TensorRole.INDEXER)
                .within("self_attn.indexer")
                .matrix("index_qk_proj.weight", (config.size("indexer_n_heads") + keys) * width, hidden)
                .rmsNorm("q_layernorm", width)
                .rmsNorm("k_layernorm", width)
                .tensors();
        return new IndexedAttention(attention, width, indexer, config.size("indexer_compress_ratio"), width);
    }

    /**
     * Embeddings of n-grams: in each layer that has them a table, cut into as many parts as there are hashes, each with a prime
     * number of rows.
     */
    private record NGrams(List<Long> layers, List<Long> rows, long tokens, long hashes, long width, long taps) {
        static NGrams read(Config config, long hidden) {
            List<Long> layers = config.layerNumbers("ple_layer_ids").stream()
                    .sorted()
                    .distinct()
                    .toList();
            long tokens = config.size("ngram_size", 3);
            long hashes = Math.multiplyExact(tokens - 1, config.size("heads_per_ngram", 8));
            long width = config.size("ple_embed_dim", hidden, "hidden_size");
            long taps = config.size("ple_conv_kernel_size", 4);
            long base = config.size("ngram_vocab_size_base", 20_000_000);
            long multiple = config.size("make_ngram_vocab_size_divisible_by", 128);
            if (layers.isEmpty()) {
                return new NGrams(layers, List.of(), tokens, hashes, width, taps);
            }
            if (hashes < 1 || hashes > MOST_TABLES / layers.size() || width % hashes != 0 || taps > MOST_TABLES) {
                throw config.problem(
                        "heads_per_ngram", "hashes that divide ple_embed_dim, at most " + MOST_TABLES + " in all");
            }
            if (base > LARGEST_TABLE) {
                throw config.problem("ngram_vocab_size_base", "at most " + LARGEST_TABLE);
            }
            int parts = (int) hashes;
            long[] primes = Primes.next(base, parts * layers.size());
            List<Long> rows = new ArrayList<>();
            for (int from = 0; from < primes.length; from += parts) {
                rows.add(Exact.padTo(Arrays.stream(primes, from, from + parts).sum(), multiple));
            }
            return new NGrams(layers, rows, tokens, hashes, width, taps);
        }

        /** Which of the layers with a table this is, negative for others; the config counts layers from 1. */
        int tableOf(int layer) {
            return layers.indexOf(layer + 1L);
        }

        LayerGroup beside(LayerGroup layer, Recurrent delta, Streams streams, int table) {
            long all = streams.all();
            List<WeightTensor> tensors = TensorInventory.of(TensorRole.ATTENTION)
                    .within("ple")
                    .tensor(WeightTensor.matrix(
                                    "ple_embedding.ngram_embedding.weight",
                                    TensorRole.EMBEDDING,
                                    rows.get(table),
                                    width / hashes,
                                    ShardRule.ROWS)
                            .times(1, 0))
                    .matrix("key_proj.weight", all, width)
                    .matrix("value_proj.weight", streams.hidden(), width)
                    .rmsNorm("norm_key", all)
                    .rmsNorm("norm_query", all)
                    .rmsNorm("norm_conv", all)
                    .matrix("conv1d.weight", all, taps, TensorRole.RECURRENCE, ShardRule.REPLICATED)
                    .tensors();
            List<RecurrentState> states = new ArrayList<>(delta.states());
            states.add(new RecurrentState("n-gram convolution", all, (taps - 1) * tokens, 2, false, all));
            states.add(new RecurrentState("n-gram tokens", 1, 2 * (tokens - 1), 4, false));
            Recurrent mixer = new Recurrent(delta.label(), delta.heads(), delta.weights(), states);
            return layer.withAttention(mixer).with(tensors);
        }
    }

    /** Residual streams and what mixes them: a norm, a narrow projection there and back, and the weights of the outputs. */
    private record Streams(long hidden, long count, long rank) {
        long all() {
            return Math.multiplyExact(count, hidden);
        }

        List<WeightTensor> mixer(String module, boolean combining) {
            TensorInventory mixer = TensorInventory.of(TensorRole.MIXING)
                    .within(module)
                    .rmsNorm("hc_norm", all())
                    .matrix("input_mix_weight_down.weight", rank, all())
                    .matrix("input_mix_weight_up.weight", all(), rank);
            if (combining) {
                mixer.matrix("block_inject_weight.weight", count, all());
            }
            return mixer.tensors();
        }

        List<WeightTensor> connections() {
            List<WeightTensor> connections = new ArrayList<>(mixer("attn_hyper_connection", true));
            connections.addAll(mixer("mlp_hyper_connection", true));
            return connections;
        }

        /**
         * What a prediction block has beside two projections and three norms of the model's width: its hidden state is
         * normed in all streams, and it has a mixer instead of a norm in front of the head.
         */
        List<WeightTensor> prediction() {
            List<WeightTensor> others = new ArrayList<>(mixer("hyper_connection_mixer", false));
            if (count > 2) {
                others.add(WeightTensor.vector("pre_fc_norm_hidden.weight", TensorRole.NORM, (count - 2) * hidden));
            }
            return others;
        }
    }
}
