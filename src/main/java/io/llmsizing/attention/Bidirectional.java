package io.llmsizing.attention;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Attention in both directions, as encoders have it: all tokens are there at once, so nothing is cached.
 *
 * @param inner the attention
 */
public record Bidirectional(Attention inner) implements AttentionAround {
    @Override
    public String label() {
        return "bidirectional " + inner.label();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.of();
    }

    @Override
    public List<RecurrentState> states() {
        return ImmutableList.of();
    }
}
