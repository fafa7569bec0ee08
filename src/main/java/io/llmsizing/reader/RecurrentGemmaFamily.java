package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.attention.StateSpaces;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.List;
import java.util.Set;

/** RecurrentGemma (Griffin): gated linear recurrences, and windowed attention in every third layer. */
final class RecurrentGemmaFamily implements Family {
    private static final String ATTENTION = "attention";
    private static final List<String> USUAL_BLOCKS = List.of("recurrent", "recurrent", ATTENTION);
    private static final List<String> WITHOUT_SIZE = List.of(
            "_block_types",
            "embeddings_scale_by_sqrt_dim",
            "final_w_init_variance_scale",
            "head_dim",
            "logits_soft_cap",
            "w_init_variance_scale");

    @Override
    public Set<String> modelTypes() {
        return Set.of("recurrent_gemma");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.known(WITHOUT_SIZE);
        long hidden = config.size("hidden_size");
        long heads = config.size("num_attention_heads", 10);
        long width = config.size("lru_width", hidden, "hidden_size");
        if (width % heads != 0 || hidden % heads != 0) {
            throw config.problem("num_attention_heads", "a divisor of hidden_size and lru_width");
        }
        Recurrent recurrence = StateSpaces.gatedLinearRecurrence(hidden, width, heads, config.size("conv1d_width", 4));
        GroupedQuery attention = new GroupedQuery(
                heads,
                Decoder.keyValueHeads(config, heads, heads),
                hidden / heads,
                hidden / heads,
                config.statedFlag("attention_bias", false),
                true,
                QueryKeyNorm.NONE);
        Attention windowed = new SlidingWindow(attention, config.size("attention_window_size", 2_048));
        List<String> blocks = config.texts("block_types").isEmpty() ? USUAL_BLOCKS : config.texts("block_types");
        for (String block : blocks) {
            if (!USUAL_BLOCKS.contains(block)) {
                throw config.unsupported("block_types", block + " is not known; recurrent and attention are");
            }
        }
        DenseFeedForward block = new DenseFeedForward(config.size("intermediate_size", 7_680) / 2, true, true);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(
                                1,
                                blocks.get(layer % blocks.size()).equals(ATTENTION) ? windowed : recurrence,
                                block,
                                Decoder.TWO_NORMS)),
                true);
        Decoder.rotaryTable(config, attention.keyWidth() / 2, 2).ifPresent(model::rotaryTable);
        return model;
    }
}
