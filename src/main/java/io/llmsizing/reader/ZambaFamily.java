package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.attention.StateSpaces.Part;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Zamba and Zamba2: Mamba layers, in front of some of which stands a transformer block that they share. Its weights are
 * counted in the first layer that uses it, with the caches of all of them; each use has a projection of its own and, in
 * Zamba2, narrow adapters.
 */
final class ZambaFamily implements Family {
    private static final String HYBRID = "hybrid";
    private static final Set<String> KINDS = Set.of(LayerKinds.RECURRENT, HYBRID);
    private static final List<String> WITHOUT_SIZE = List.of(
            "chunk_size",
            "head_dim",
            "hidden_mamba_act",
            "hybrid_layer_ids",
            "kv_channels",
            "mamba_headdim",
            "num_logits_to_keep",
            "num_query_groups",
            "use_long_context",
            "use_mamba_kernels",
            "use_mem_eff_path",
            "use_shared_mlp_adapter");

    /** What a layer with the shared block adds: how many blocks there are, and what each use has of its own. */
    private record Sharing(
            GroupedQuery attention,
            FeedForward block,
            long blocks,
            long adapterRank,
            boolean attentionAdapters,
            long innerWidth) {}

    @Override
    public Set<String> modelTypes() {
        return Set.of("zamba", "zamba2");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        boolean second = config.type().equals("zamba2");
        Recurrent mixer = second ? second(config) : first(config);
        Sharing sharing = second ? adapted(config) : shared(config);
        List<String> kinds = second ? secondKinds(config) : firstKinds(config);
        int uses = (int) kinds.stream().filter(HYBRID::equals).count();
        LayerGroup plain = new LayerGroup(1, mixer, new NoFeedForward(), 1);
        long hidden = config.size("hidden_size");
        int[] used = new int[1];
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        kinds.size(),
                        layer -> kinds.get(layer).equals(HYBRID)
                                ? hybrid(sharing, mixer, hidden, used[0]++, uses)
                                : plain),
                true);
        if (second && config.statedFlag("use_mem_rope", false)) {
            Decoder.rotaryTable(config, sharing.attention().keyWidth(), 2).ifPresent(model::rotaryTable);
        }
        return model;
    }

    private static LayerGroup hybrid(Sharing sharing, Recurrent mixer, long hidden, int use, int uses) {
        TensorInventory own = TensorInventory.of(TensorRole.ATTENTION).matrix("linear.weight", hidden, hidden);
        long rank = sharing.adapterRank();
        if (rank > 0) {
            TensorInventory adapters = own.within("shared_transformer.feed_forward.gate_up_proj_adapter_list.N");
            adapters.matrix("0.weight", rank, hidden).matrix("1.weight", 2 * sharing.innerWidth(), rank);
        }
        if (sharing.attentionAdapters()) {
            for (String projection : new String[] {"q", "k", "v"}) {
                own.within("shared_transformer.self_attn.linear_" + projection + "_adapter_list.N")
                        .matrix("0.weight", rank, 2 * hidden)
                        .matrix("1.weight", 2 * hidden, rank);
            }
        }
        boolean firstUse = use < sharing.blocks();
        Attention mixers = firstUse
                ? ParallelMixers.of(
                        new RepeatedAttention(sharing.attention(), (int) usesOf(use, uses, sharing.blocks())), mixer)
                : mixer;
        if (firstUse) {
            own.rmsNorm("shared_transformer.input_layernorm", 2 * hidden)
                    .rmsNorm("shared_transformer.pre_ff_layernorm", hidden);
        }
        return new LayerGroup(1, mixers, firstUse ? sharing.block() : new NoFeedForward(), 1).with(own.tensors());
    }

    /** How many layers use a block, where the blocks take turns. */
    private static long usesOf(int block, int uses, long blocks) {
        return (uses - block + blocks - 1) / blocks;
    }

    private static List<String> firstKinds(Config config) {
        long period = config.size("attn_layer_period", 6);
        long offset = config.count("attn_layer_offset", 4);
        return LayerKinds.read(
                config,
                "layers_block_type",
                KINDS,
                layer -> layer == 2 || (layer > 2 && (layer - 3) % period == offset) ? HYBRID : LayerKinds.RECURRENT);
    }

    private static List<String> secondKinds(Config config) {
        List<String> kinds = LayerKinds.stated(config, "layers_block_type", KINDS);
        config.has("num_hidden_layers");
        if (kinds.isEmpty()) {
            throw config.problem("layers_block_type", "one entry for each layer");
        }
        return kinds;
    }

    private static Recurrent first(Config config) {
        long hidden = config.size("hidden_size");
        long inner = MambaFamily.inner(config, "mamba_expand", hidden);
        if (inner % config.size("n_mamba_heads", 2) != 0) {
            throw config.problem("n_mamba_heads", "a divisor of the " + inner + " channels");
        }
        return StateSpaces.mamba(
                hidden,
                inner,
                config.size("mamba_d_state", 16),
                config.size("mamba_d_conv", 4),
                MambaFamily.timeRank(config, "mamba_dt_rank", hidden),
                MambaFamily.parts(
                        config.statedFlag("mamba_proj_bias", false), config.statedFlag("mamba_conv_bias", true)));
    }

    private static Recurrent second(Config config) {
        long hidden = config.size("hidden_size");
        long inner = MambaFamily.inner(config, "mamba_expand", hidden);
        long heads = config.size("n_mamba_heads", 8);
        if (inner % heads != 0) {
            throw config.problem("n_mamba_heads", "a divisor of the " + inner + " channels");
        }
        config.flag("use_conv_bias", true);
        Set<Part> parts = EnumSet.of(Part.CONVOLUTION_BIAS, Part.NORMS);
        if (config.statedFlag("add_bias_linear", false)) {
            parts.addAll(Set.of(Part.INPUT_BIAS, Part.OUTPUT_BIAS));
        }
        return StateSpaces.mamba2(
                hidden,
                heads,
                inner / heads,
                config.size("mamba_ngroups", 1),
                config.size("mamba_d_state", 64),
                config.size("mamba_d_conv", 4),
                parts);
    }

    private static Sharing shared(Config config) {
        long heads = config.size("num_attention_heads", 16);
        long width = config.size("intermediate_size", 14_848);
        return new Sharing(attention(config, heads, 16), DenseFeedForward.gated(width), 1, 0, false, width);
    }

    private static Sharing adapted(Config config) {
        long heads = config.size("num_attention_heads", 32);
        long width =
                config.size("intermediate_size", Math.multiplyExact(4, config.size("hidden_size")), "4 x hidden_size");
        return new Sharing(
                attention(config, heads, heads),
                new DenseFeedForward(width, true, config.flag("add_bias_linear", false)),
                config.size("num_mem_blocks", 1),
                config.size("adapter_rank", 128),
                config.statedFlag("use_shared_attention_adapter", false),
                width);
    }

    private static GroupedQuery attention(Config config, long heads, long keyValueHeads) {
        long both = Math.multiplyExact(2, config.size("hidden_size"));
        if (config.has("attention_hidden_size") && config.size("attention_hidden_size") != both) {
            throw config.unsupported("attention_hidden_size", "known is twice the width, " + both);
        }
        long width = config.size("attention_head_dim", both / heads, "2 x hidden_size / num_attention_heads");
        return new GroupedQuery(
                        heads,
                        Decoder.keyValueHeads(config, heads, keyValueHeads),
                        width,
                        width,
                        false,
                        false,
                        QueryKeyNorm.NONE)
                .with(GroupedQuery.Feature.TWO_STREAMS);
    }
}
