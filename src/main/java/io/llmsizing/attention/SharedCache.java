package io.llmsizing.attention;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Attention over the keys and values of a lower layer (Gemma 3n and 4, Hunyuan-Large): it has neither key nor value
 * projections, and caches nothing.
 *
 * @param inner the attention as it would be with a cache of its own
 */
public record SharedCache(GroupedQuery inner) implements AttentionAround {
    @Override
    public List<WeightTensor> tensors(long hidden) {
        return inner.tensors(hidden).stream()
                .filter(tensor ->
                        !tensor.name().contains(".k_") && !tensor.name().contains(".v_"))
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public String label() {
        return "attention to a shared cache";
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.of();
    }
}
