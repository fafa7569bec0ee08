package io.llmsizing.reader;

import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blocks that predict further tokens, of decoders whose checkpoints hold them without copies of embedding and head. They
 * have the layout of DeepSeek-V3's around a layer of the model.
 */
final class Predictions {
    private static final long MOST = 64;

    /** Whether the layer inside is the model's last, with experts where it has them, or else its first. */
    private static final Map<String, Boolean> IS_THE_LAST =
            Map.of("bailing_moe_v2", true, "exaone4", true, "exaone_moe", false, "hy_v3", true, "mimo", false);

    private Predictions() {}

    /** Reads them where the architecture has them; elsewhere the key is left to be refused. */
    static void read(Config config, ModelBuilder model) {
        Optional<Boolean> isTheLast = Optional.ofNullable(IS_THE_LAST.get(config.type()));
        int depth = isTheLast.isPresent() ? depth(config) : 0;
        if (depth > 0) {
            List<LayerGroup> runs = model.layers().runs();
            LayerGroup inside = runs.get(isTheLast.get() ? runs.size() - 1 : 0).times(1);
            model.speculativeHead(new SpeculativeHead(depth, inside, false));
        }
    }

    /** How many there are. */
    static int depth(Config config) {
        long depth = 0;
        for (String key : List.of("num_nextn_predict_layers", "num_mtp_layers", "_num_mtp_layers")) {
            if (config.has(key)) {
                depth = config.count(key);
            }
        }
        return checked(config, "num_nextn_predict_layers", depth);
    }

    /** How many a key states, which most configs leave out. */
    static int depth(Config config, String key) {
        return checked(config, key, config.rareCount(key));
    }

    private static int checked(Config config, String key, long depth) {
        if (depth > MOST) {
            throw config.problem(key, "0 to " + MOST + " blocks");
        }
        return (int) depth;
    }
}
