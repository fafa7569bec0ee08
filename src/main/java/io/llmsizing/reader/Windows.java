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
    private static final String CLASS_DEFAULT = "the default of its configuration class";
    private static final long USUAL_WINDOW = 4_096;
    private static final long QWEN_FIRST_WINDOW = 28;

    /** How an architecture states its windows; {@code layer_types} comes before every rule. */
    enum Rule {
        /** Only where {@code layer_types} says so. */
        STATED_LAYERS,
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
        /** All but every sixth layer. */
        EVERY_SIXTH_FULL
    }

    static Windows read(Config config, Rule rule) {
        List<String> layerTypes = layerTypes(config);
        refuseContradiction(config);
        if (!layerTypes.isEmpty()) {
            config.has("max_window_layers");
            config.flag("use_sliding_window", false);
            config.has("sliding_window_pattern");
            config.has("_sliding_window_pattern");
            IntPredicate stated = layer -> layerTypes.get(layer).equals("sliding_attention");
            if (rule == Rule.STATED_LAYERS && layerTypes.contains("sliding_attention")) {
                return new Windows(config.size("sliding_window"), stated);
            }
            return layerTypes.contains("sliding_attention") ? windowed(config, stated) : none(config);
        }
        return switch (rule) {
            case STATED_LAYERS -> {
                config.refuseUnlessOff("sliding_window", "this architecture has no windows without layer_types");
                yield none(config);
            }
            case ALL_LAYERS -> config.has("sliding_window") ? windowed(config, layer -> true) : none(config);
            case MISTRAL ->
                config.has("sliding_window") || !config.states("sliding_window")
                        ? windowed(config, layer -> true)
                        : none(config);
            case QWEN -> qwen(config);
            case QWEN_OFF -> {
                config.refuseUnlessOff("use_sliding_window", "the windows of this architecture are not known");
                config.has("max_window_layers");
                yield none(config);
            }
            case EVERY_SECOND_FULL -> windowed(config, layer -> layer % 2 == 0);
            case EVERY_FOURTH_FULL -> windowed(config, layer -> (layer + 1) % 4 != 0);
            case EVERY_SIXTH_FULL -> {
                String key =
                        config.has("_sliding_window_pattern") ? "_sliding_window_pattern" : "sliding_window_pattern";
                long period = config.has(key) ? config.size(key) : 6;
                if (config.has("sliding_window_pattern") && config.size("sliding_window_pattern") != period) {
                    throw config.unsupported("sliding_window_pattern", "says otherwise than " + key);
                }
                yield windowed(config, layer -> (layer + 1) % period != 0);
            }
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
        long first = on ? config.count("max_window_layers", QWEN_FIRST_WINDOW, CLASS_DEFAULT) : 0;
        config.has("max_window_layers");
        return on ? windowed(config, layer -> layer >= first) : none(config);
    }

    private static Windows windowed(Config config, IntPredicate isWindowed) {
        return new Windows(config.size("sliding_window", USUAL_WINDOW, CLASS_DEFAULT), isWindowed);
    }

    private static Windows none(Config config) {
        config.has("sliding_window");
        return new Windows(0, layer -> false);
    }

    Attention over(GroupedQuery attention, int layer) {
        return isWindowed.test(layer) ? new SlidingWindow(attention, window) : attention;
    }
}
