package io.llmsizing.engine;

import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;

/** Finds layers that look back over a window of tokens. */
final class WindowedLayers {
    private WindowedLayers() {}

    /** Whether a model has any, whatever part of the model the rank holds. */
    static boolean isAny(Rank rank) {
        for (LayerGroup group : rank.model().layers().groups()) {
            if (group.attention().cacheRows(1).stream()
                    .anyMatch(row -> row.window().isPresent())) {
                return true;
            }
        }
        return false;
    }
}
