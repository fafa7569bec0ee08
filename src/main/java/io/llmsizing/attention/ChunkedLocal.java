package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Attention within chunks of fixed size (Llama 4): a token sees those of its own chunk in front of it, so at most one chunk
 * is kept.
 *
 * @param inner the attention within a chunk
 * @param chunk tokens of a chunk, 1 to 2^40; 8,192 for Llama 4
 */
public record ChunkedLocal(Attention inner, long chunk) implements AttentionAround {
    /**
     * Checks the range.
     *
     * @param inner as documented above
     * @param chunk as documented above
     * @throws IllegalArgumentException if the chunk is out of range
     */
    public ChunkedLocal {
        checkArgument(chunk >= 1 && chunk <= 1L << 40, "chunks of %s tokens; 1 to 2^40 allowed", chunk);
    }

    @Override
    public String label() {
        return "chunked " + inner.label();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return inner.cacheRows(tensorRanks).stream()
                .map(row -> row.within(new CacheRow.Window(chunk)))
                .collect(ImmutableList.toImmutableList());
    }
}
