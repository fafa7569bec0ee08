package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.OptionalLong;

/**
 * Attention over the last tokens only: the weights are those of the attention inside, the cache stops growing at the
 * window.
 *
 * @param inner the attention within the window
 * @param window tokens attended to, the newest included, 1 to 2^40
 */
public record SlidingWindow(GroupedQuery inner, long window) implements Attention {
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
    public List<WeightTensor> tensors(long hidden) {
        return inner.tensors(hidden);
    }

    @Override
    public String label() {
        return "windowed attention";
    }

    @Override
    public CacheRow cacheRow(long tensorRanks) {
        CacheRow row = inner.cacheRow(tensorRanks);
        return new CacheRow(row.heads(), row.keyWidth(), row.valueWidth(), OptionalLong.of(window));
    }

    @Override
    public long heads() {
        return inner.heads();
    }

    @Override
    public long keyValueHeads() {
        return inner.keyValueHeads();
    }
}
