package io.llmsizing.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The layers of GPT-Neo that attend to a window, which it states as a list, or as patterns and how often each is
 * repeated: {@code [[["global", "local"], 12]]}.
 */
final class LocalLayers {
    private static final String EXPECTED = "patterns of global and local, each with its repeats";

    private LocalLayers() {}

    static IntPredicate read(Config config) {
        if (!config.type().equals("gpt_neo")) {
            return layer -> false;
        }
        long layers = config.size("num_hidden_layers");
        List<String> kinds = config.texts("attention_layers");
        List<?> patterns = config.items("attention_types");
        if (kinds.isEmpty()) {
            kinds = patterns.isEmpty() ? usual(config) : expanded(config, patterns, layers);
        }
        if (kinds.size() != layers) {
            throw config.problem("attention_types", "patterns that make num_layers " + layers);
        }
        return kinds.stream().map("local"::equals).toList()::get;
    }

    private static List<String> usual(Config config) {
        config.assumeClassDefault("attention_types", "global and local by turns");
        return expanded(config, List.of(List.of(List.of("global", "local"), 12L)), 24);
    }

    private static List<String> expanded(Config config, List<?> patterns, long layers) {
        List<String> kinds = new ArrayList<>();
        for (Object pattern : patterns) {
            if (!(pattern instanceof List<?> pair) || pair.size() != 2 || !(pair.get(0) instanceof List<?> names)) {
                throw config.problem("attention_types", EXPECTED);
            }
            for (long i = 0; i < repeats(config, pair.get(1)) && kinds.size() <= layers; i++) {
                names.forEach(kind -> kinds.add(kindOf(config, kind)));
            }
        }
        return kinds;
    }

    private static long repeats(Config config, Object stated) {
        if (stated instanceof Long repeats) {
            return repeats;
        }
        throw config.problem("attention_types", EXPECTED);
    }

    private static String kindOf(Config config, Object kind) {
        if ("global".equals(kind) || "local".equals(kind)) {
            return (String) kind;
        }
        throw config.problem("attention_types", EXPECTED);
    }
}
