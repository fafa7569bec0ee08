package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Attention over the last tokens only: the weights are those of the attention inside, the cache stops growing at the
 * window.
 *
 * @param inner the attention within the window
 * @param window tokens attended to, the newest included, 1 to 2^40
 */
public record SlidingWindow(Attention inner, long window) implements AttentionAround {
    private static final long LARGEST_WINDOW = 1L << 40;

    /**
     * Checks the range.
     *
     * @param inner as documented above
     * @param window as documented above
     * @throws IllegalArgumentException if the window is out of range
     */
    public SlidingWindow {
        checkArgument(window >= 1 && window <= LARGEST_WINDOW, "a window of %s tokens; 1 to 2^40 allowed", window);
    }

    @Override
    public String label() {
        return "windowed " + inner.label();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return inner.cacheRows(tensorRanks).stream()
                .map(row -> row.within(new CacheRow.Window(window)))
                .collect(ImmutableList.toImmutableList());
    }
}
