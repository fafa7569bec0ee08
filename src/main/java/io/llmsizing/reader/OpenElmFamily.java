package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Set;

/** OpenELM: every layer has heads and an inner width of its own, given by lists. */
final class OpenElmFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("openelm");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        long width = config.size("head_dim");
        List<Long> heads = perLayer(config, "num_query_heads", config.layerNumbers("num_query_heads"));
        List<Long> keyValueHeads = perLayer(config, "num_kv_heads", config.layerNumbers("num_kv_heads"));
        List<?> multipliers = perLayer(config, "ffn_multipliers", config.items("ffn_multipliers"));
        QueryKeyNorm norm = config.flag("normalize_qk_projections", false) ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE;
        boolean gated = config.flag("ffn_with_glu", true);
        config.refuseUnless("normalization_layer_name", "\"rms_norm\"");
        config.known(Set.of("qkv_multipliers", "num_gqa_groups", "rope_freq_constant", "rope_max_length"));
        ModelBuilder model = Model.builder(
                name,
                hidden,
                new Embedding(config.size("vocab_size"), config.statedFlag("share_input_output_layers", true)),
                Decoder.layers(
                        config,
                        i -> new LayerGroup(
                                1,
                                new GroupedQuery(heads.get(i), keyValueHeads.get(i), width, width, false, false, norm),
                                new DenseFeedForward(innerWidth(config, hidden, multipliers.get(i)), gated, false),
                                Decoder.TWO_NORMS)),
                config.size("max_position_embeddings", 2_048));
        Decoder.rotaryTable(config, width, 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static <T> List<T> perLayer(Config config, String key, List<T> values) {
        if (values.size() != config.size("num_hidden_layers")) {
            throw config.problem(key, "one entry for each of num_transformer_layers");
        }
        return values;
    }

    /** The nearest multiple of the divisor, but not less than nine tenths of what is stated. */
    private static long innerWidth(Config config, long hidden, Object multiplier) {
        long divisor = config.size("ffn_dim_divisor", 256);
        Ratio times = ratio(config, multiplier);
        long stated = times.floorOf(hidden);
        long nearest = Math.max(divisor, times.floorOf(hidden) + divisor / 2 - (stated + divisor / 2) % divisor);
        return nearest * 10 < stated * 9 ? nearest + divisor : nearest;
    }

    private static Ratio ratio(Config config, Object multiplier) {
        try {
            return Ratio.parse(String.valueOf(multiplier));
        } catch (IllegalArgumentException notANumber) {
            throw config.problem("ffn_multipliers", "a list of numbers");
        }
    }
}
