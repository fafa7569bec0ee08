package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Attention that a token passes several times with the same weights: looped depth (Ouro, Nanbeige 4.2), or one block that
 * many layers share (Zamba). The cache counts the passes, the weights do not.
 *
 * @param inner the attention
 * @param passes how often a token passes it, 1 to 2^14
 */
public record RepeatedAttention(Attention inner, int passes) implements AttentionAround {
    /**
     * Checks the range.
     *
     * @param inner as documented above
     * @param passes as documented above
     * @throws IllegalArgumentException if the passes are out of range
     */
    public RepeatedAttention {
        checkArgument(passes >= 1 && passes <= 1 << 14, "%s passes; 1 to 2^14 allowed", passes);
    }

    @Override
    public String label() {
        return "repeated " + inner.label();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return repeated(inner.cacheRows(tensorRanks));
    }

    @Override
    public List<RecurrentState> states() {
        return repeated(inner.states());
    }

    private <T> List<T> repeated(List<T> once) {
        ImmutableList.Builder<T> all = ImmutableList.builder();
        for (int pass = 0; pass < passes; pass++) {
            all.addAll(once);
        }
        return all.build();
    }
}
