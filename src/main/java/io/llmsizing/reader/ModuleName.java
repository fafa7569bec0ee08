package io.llmsizing.reader;

import java.util.ArrayList;
import java.util.List;

/**
 * What a module is called inside its layer, or in the model where it stands in none, in the words of {@link ModuleNames}.
 *
 * @param path such as {@code self_attn.o_proj}
 * @param upward the path and those of the modules that hold it, from the innermost
 */
record ModuleName(String path, List<String> upward) {
    static ModuleName of(String path) {
        List<String> upward = new ArrayList<>();
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            upward.add(path.substring(0, end));
        }
        return new ModuleName(path, upward);
    }

    /** The name in the model of a module of a layer; a layer below 0 means none. */
    String within(int layer) {
        return layer < 0 ? path : "layers." + layer + "." + path;
    }
}
