package io.llmsizing.attention;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/** A layer that mixes no tokens: the feed-forward layers of Nemotron-H, the layers without attention of Nemotron NAS. */
public record NoAttention() implements Attention {
    @Override
    public List<WeightTensor> tensors(long hidden) {
        return ImmutableList.of();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.of();
    }

    @Override
    public long heads() {
        return 0;
    }

    @Override
    public long keyValueHeads() {
        return 0;
    }

    @Override
    public String label() {
        return "no attention";
    }
}
