package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.SlidingWindow;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which layers attend to a window only.
 *
 * @param window its tokens, 0 where no layer has one
 * @param isWindowed whether a layer, counted from 0, has it
 */
record Windows(long window, IntPredicate isWindowed) {
    static final long USUAL_WINDOW = 4_096;
    private static final long QWEN_FIRST_WINDOW = 28;
    private static final long FIRST_WINDOW_OF_DOTS = 62;

    /** Keys of rules that {@code layer_types} comes before. */
    private static final List<String> OTHER_RULES = List.of(
            "max_window_layers",
            "use_sliding_window",
            "sliding_window_pattern",
            "_sliding_window_pattern",
            "prefix_dense_sliding_window_pattern",
            "global_attn_every_n_layers");

    /** How an architecture states its windows; {@code layer_types} comes before every rule. */
    enum Rule {
        /** Only where {@code layer_types} says so. */
        STATED_LAYERS,
        /** The same, and a {@code sliding_window} without {@code layer_types} says nothing. */
        LISTED_LAYERS,
        /** The layers from {@code max_window_layers} on, which are usually none. */
        FROM_MAX_WINDOW_LAYERS,
        /** All layers where {@code sliding_window} has a value. */
        ALL_LAYERS,
        /** All layers, with 4,096 tokens where {@code sliding_window} is absent. */
        MISTRAL,
        /** The layers from {@code max_window_layers} on where {@code use_sliding_window} is set. */
        QWEN,
        /** None; the rule for windows that are switched on is another one and not known. */
        QWEN_OFF,
        /** All but every second layer. */
        EVERY_SECOND_FULL,
        /** All but every fourth layer. */
        EVERY_FOURTH_FULL,
        /** All but every fifth layer. */
        EVERY_FIFTH_FULL,
        /** All but every sixth layer, or as {@code sliding_window_pattern} says. */
        EVERY_SIXTH_FULL,
        /** All but every fourth layer, or as {@code sliding_window_pattern} says, with a number or with letters. */
        PATTERN_OF_FOUR,
        /** The same, with a pattern of their own for the dense layers in front (Command A+). */
        PATTERN_BEHIND_DENSE,
        /** All but every fourth layer from the first on. */
        EVERY_FOURTH_FULL_FROM_FIRST,
        /** All but every fourth layer from the last down. */
        EVERY_FOURTH_FULL_FROM_LAST,
        /** All but every {@code global_attn_every_n_layers}-th layer. */
        EVERY_NTH_FULL
    }

    static Windows read(Config config, Rule rule) {
        return read(config, rule, USUAL_WINDOW);
    }

    /**
     * The same for a configuration class with a window of its own.
     *
     * @param usual tokens of a window where the config does not say
     */
    static Windows read(Config config, Rule rule, long usual) {
        List<String> layerTypes = layerTypes(config);
        refuseContradiction(config);
        if (config.states("sliding_window") && !config.has("sliding_window")) {
            config.known(OTHER_RULES);
            return none(config);
        }
        if (!layerTypes.isEmpty()) {
            config.known(OTHER_RULES);
            IntPredicate stated = layer -> layerTypes.get(layer).equals("sliding_attention");
            if (rule == Rule.STATED_LAYERS && layerTypes.contains("sliding_attention")) {
                return new Windows(config.size("sliding_window"), stated);
            }
            return layerTypes.contains("sliding_attention") ? windowed(config, usual, stated) : none(config);
        }
        return switch (rule) {
            case STATED_LAYERS -> {
                config.refuseUnlessOff("sliding_window", "this architecture has no windows without layer_types");
                yield none(config);
            }
            case LISTED_LAYERS -> none(config);
            case FROM_MAX_WINDOW_LAYERS -> {
                long first = config.count("max_window_layers", FIRST_WINDOW_OF_DOTS);
                yield first < config.size("num_hidden_layers")
                        ? windowed(config, usual, layer -> layer >= first)
                        : none(config);
            }
            case ALL_LAYERS -> config.has("sliding_window") ? windowed(config, usual, layer -> true) : none(config);
            case MISTRAL ->
                config.has("sliding_window") || !config.states("sliding_window")
                        ? windowed(config, usual, layer -> true)
                        : none(config);
            case QWEN -> qwen(config);
            case QWEN_OFF -> {
                config.refuseUnlessOff("use_sliding_window", "the windows of this architecture are not known");
                config.has("max_window_layers");
                yield none(config);
            }
            case EVERY_SECOND_FULL -> windowed(config, usual, layer -> layer % 2 == 0);
            case EVERY_FOURTH_FULL -> windowed(config, usual, butEvery(4));
            case EVERY_FIFTH_FULL -> windowed(config, usual, butEvery(5));
            case EVERY_SIXTH_FULL -> windowed(config, usual, butEvery(period(config, 6)));
            case PATTERN_OF_FOUR -> windowed(config, usual, pattern(config));
            case PATTERN_BEHIND_DENSE -> {
                int dense = (int) config.rareCount("first_k_dense_replace");
                IntPredicate front = butEvery(config.size("prefix_dense_sliding_window_pattern", 1));
                IntPredicate others = butEvery(period(config, 4));
                yield windowed(config, usual, layer -> layer < dense ? front.test(layer) : others.test(layer - dense));
            }
            case EVERY_FOURTH_FULL_FROM_FIRST -> windowed(config, usual, layer -> layer % 4 != 0);
            case EVERY_FOURTH_FULL_FROM_LAST -> {
                long last = config.size("num_hidden_layers") - 1;
                yield windowed(config, usual, layer -> (last - layer) % 4 != 0);
            }
            case EVERY_NTH_FULL -> windowed(config, usual, butEvery(config.size("global_attn_every_n_layers", 4)));
        };
    }

    /** Some presets repeat the window under a second name, which the architectures' own code does not read. */
    private static void refuseContradiction(Config config) {
        if (config.has("sliding_window_size")
                && config.size("sliding_window_size")
                        != (config.has("sliding_window") ? config.size("sliding_window") : USUAL_WINDOW)) {
            throw config.unsupported("sliding_window_size", "says otherwise than sliding_window");
        }
    }

    private static List<String> layerTypes(Config config) {
        List<String> layerTypes = config.texts("layer_types");
        for (String layerType : layerTypes) {
            if (!layerType.equals("sliding_attention") && !layerType.equals("full_attention")) {
                throw config.unsupported("layer_types", layerType + " is not known for this architecture");
            }
        }
        if (!layerTypes.isEmpty() && layerTypes.size() != config.size("num_hidden_layers")) {
            throw config.problem("layer_types", "one entry for each of num_hidden_layers");
        }
        return layerTypes;
    }

    private static Windows qwen(Config config) {
        boolean on = config.flag("use_sliding_window", false)
                && (config.has("sliding_window") || !config.states("sliding_window"));
        long first = on ? config.count("max_window_layers", QWEN_FIRST_WINDOW) : 0;
        config.has("max_window_layers");
        return on ? windowed(config, USUAL_WINDOW, layer -> layer >= first) : none(config);
    }

    private static IntPredicate butEvery(long period) {
        return layer -> (layer + 1) % period != 0;
    }

    private static long period(Config config, long otherwise) {
        String key = config.has("_sliding_window_pattern") ? "_sliding_window_pattern" : "sliding_window_pattern";
        long period = config.has(key) ? config.size(key) : otherwise;
        if (config.has("sliding_window_pattern") && config.size("sliding_window_pattern") != period) {
            throw config.unsupported("sliding_window_pattern", "says otherwise than " + key);
        }
        return period;
    }

    /** A period, or letters that repeat, L for a layer with a window and G for one without; the last has none. */
    private static IntPredicate pattern(Config config) {
        if (!config.isText("sliding_window_pattern")) {
            return butEvery(period(config, 4));
        }
        String letters = config.text("sliding_window_pattern").orElse("");
        if (!letters.matches("[LG]+")) {
            throw config.problem("sliding_window_pattern", "a period, or the letters L and G");
        }
        long last = config.size("num_hidden_layers") - 1;
        return layer -> layer != last && letters.charAt(layer % letters.length()) == 'L';
    }

    private static Windows windowed(Config config, long usual, IntPredicate isWindowed) {
        return new Windows(config.size("sliding_window", usual), isWindowed);
    }

    private static Windows none(Config config) {
        config.has("sliding_window");
        return new Windows(0, layer -> false);
    }

    Attention over(GroupedQuery attention, int layer) {
        return isWindowed.test(layer) ? new SlidingWindow(attention, window) : attention;
    }
}
