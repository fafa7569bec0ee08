package io.llmsizing.reader;

import io.llmsizing.model.LayerGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** The kinds of layers of a hybrid, as a config lists them one by one. */
final class LayerKinds {
    /** A layer that keeps a state. */
    static final String RECURRENT = "linear_attention";

    /** A layer that attends to all tokens. */
    static final String FULL = "full_attention";

    /** What configs of the first years call them. */
    private static final Map<String, String> OLDER_NAMES =
            Map.of("mamba", RECURRENT, "conv", RECURRENT, "attention", FULL);

    private LayerKinds() {}

    /** The kinds under a key, one for each of {@code num_hidden_layers}, or what a rule says where there are none. */
    static List<String> read(Config config, String key, Set<String> known, IntFunction<String> otherwise) {
        int layers = Decoder.layerCount(config, "num_hidden_layers");
        List<String> stated = stated(config, key, known);
        if (stated.isEmpty()) {
            for (int layer = 0; layer < layers; layer++) {
                stated.add(otherwise.apply(layer));
            }
            return stated;
        }
        if (stated.size() != layers) {
            throw config.problem(key, "one entry for each of num_hidden_layers");
        }
        return stated;
    }

    /** The kinds under a key, however many; none where it is absent. */
    static List<String> stated(Config config, String key, Set<String> known) {
        List<String> kinds = new ArrayList<>();
        for (String name : config.texts(key)) {
            String kind = OLDER_NAMES.getOrDefault(name, name);
            if (!known.contains(kind)) {
                throw config.unsupported(key, name + " is not known for this architecture");
            }
            kinds.add(kind);
        }
        if (kinds.size() > LayerGroup.MOST_LAYERS) {
            throw config.problem(key, "1 to " + LayerGroup.MOST_LAYERS + " layers");
        }
        return kinds;
    }
}
