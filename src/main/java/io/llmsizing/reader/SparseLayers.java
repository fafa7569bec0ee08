package io.llmsizing.reader;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Which layers have experts. {@code mlp_layer_types} comes before every rule; what it says of layers behind the last is
 * about the blocks that predict further tokens.
 */
final class SparseLayers {
    private static final String TYPES = "mlp_layer_types";

    /** Where no list of types stands. */
    enum Rule {
        /** All. */
        ALL,
        /** All but the first. */
        BEHIND_THE_FIRST,
        /** Those behind {@code first_k_dense_replace}, all without it. */
        BEHIND_DENSE,
        /** Those behind {@code first_k_dense_replace}, all but the first without it. */
        BEHIND_DENSE_OR_ONE,
        /** Those behind {@code num_dense_layers}, all but the first without it. */
        BEHIND_DENSE_LAYERS,
        /** Every so many layers from one to another (ERNIE 4.5). */
        RANGE,
        /** Those that {@code moe_layers_enum} lists, or those behind {@code first_k_dense_replace} (Step). */
        LISTED,
        /** Those with a 1 in {@code moe_layer_freq}, all but the first without it (MiMo-V2). */
        MARKED
    }

    private SparseLayers() {}

    /** Whether a layer, counted from 0, has experts. */
    static IntPredicate read(Config config, Rule rule) {
        if (!config.has(TYPES)) {
            return byRule(config, rule);
        }
        List<String> types = config.texts(TYPES);
        for (String type : types) {
            if (!type.equals("dense") && !type.equals("sparse")) {
                throw config.unsupported(TYPES, type + " is not known for this architecture");
            }
        }
        if (types.size() < config.size("num_hidden_layers")) {
            throw config.problem(TYPES, "one entry for each of num_hidden_layers");
        }
        config.known(Set.of("first_k_dense_replace", "num_dense_layers", "moe_layers_enum", "moe_layer_freq"));
        return layer -> types.get(layer).equals("sparse");
    }

    private static IntPredicate byRule(Config config, Rule rule) {
        return switch (rule) {
            case ALL -> layer -> true;
            case BEHIND_THE_FIRST -> layer -> layer > 0;
            case BEHIND_DENSE -> behind(config, "first_k_dense_replace", 0);
            case BEHIND_DENSE_OR_ONE -> behind(config, "first_k_dense_replace", 1);
            case BEHIND_DENSE_LAYERS -> behind(config, "num_dense_layers", 1);
            case RANGE -> range(config);
            case LISTED -> listed(config);
            case MARKED -> marked(config);
        };
    }

    private static IntPredicate behind(Config config, String key, long otherwise) {
        long dense = config.count(key, otherwise);
        return layer -> layer >= dense;
    }

    private static IntPredicate range(Config config) {
        long first = config.count("moe_layer_start_index", 1);
        long step = config.size("moe_layer_interval", 1);
        boolean toTheEnd = !config.has("moe_layer_end_index") || config.states("moe_layer_end_index", "-1");
        long last = toTheEnd ? Long.MAX_VALUE : config.count("moe_layer_end_index");
        return layer -> (layer + 1) % step == 0 && layer >= first && layer <= last;
    }

    private static IntPredicate listed(Config config) {
        if (!config.has("moe_layers_enum")) {
            return behind(config, "first_k_dense_replace", 3);
        }
        try {
            Set<Integer> sparse = Arrays.stream(config.text("moe_layers_enum")
                            .orElseThrow(() -> config.problem("moe_layers_enum", "layer numbers, separated by commas"))
                            .split(",", -1))
                    .filter(number -> !number.isBlank())
                    .map(number -> Integer.valueOf(number.strip()))
                    .collect(Collectors.toUnmodifiableSet());
            return sparse::contains;
        } catch (NumberFormatException notWhole) {
            throw config.problem("moe_layers_enum", "layer numbers, separated by commas");
        }
    }

    private static IntPredicate marked(Config config) {
        if (!config.has("moe_layer_freq")) {
            config.assumeClassDefault("moe_layer_freq", "one dense layer in front");
            return layer -> layer > 0;
        }
        List<Long> marks = config.layerNumbers("moe_layer_freq");
        if (marks.size() != config.size("num_hidden_layers")) {
            throw config.problem("moe_layer_freq", "one entry for each of num_hidden_layers");
        }
        return layer -> marks.get(layer) != 0;
    }
}
