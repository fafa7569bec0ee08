package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Attention over the tokens that an indexer selects (DeepSeek-V3.2, GLM-5, MiniMax-M3). The indexer has weights of its
 * own and caches one narrow key for every token, on every tensor rank; the attention inside still keeps all tokens.
 *
 * <p>DeepSeek-V3.2: 13,959,424 parameters and a key of 128 elements a layer.
 *
 * <p>Where several tokens share a pooled index key (GLM-5.3, Qwen4), the tokens of the pool that is still open are kept as
 * well, until they make a key.
 *
 * @param inner the attention over the selected tokens
 * @param keyWidth elements of the indexer's cached key, 1 to 2^20
 * @param indexer its weight tensors
 * @param pool tokens that share a key, 1 where each has its own
 * @param openWidth elements kept of each token of the open pool, 0 where there are no pools
 */
public record IndexedAttention(Attention inner, long keyWidth, List<WeightTensor> indexer, long pool, long openWidth)
        implements AttentionAround {
    /**
     * Checks the range and copies the list.
     *
     * @param inner as documented above
     * @param keyWidth as documented above
     * @param indexer as documented above
     * @param pool as documented above
     * @param openWidth as documented above
     * @throws IllegalArgumentException if the width is out of range
     */
    public IndexedAttention {
        checkArgument(keyWidth >= 1 && keyWidth <= LARGEST_WIDTH, "an index key of %s; 1 to 2^20 allowed", keyWidth);
        checkArgument(
                pool >= 1 && pool <= LARGEST_WIDTH && openWidth >= 0 && openWidth <= LARGEST_WIDTH,
                "a pool of %s tokens, %s elements of each; at most 2^20",
                pool,
                openWidth);
        indexer = ImmutableList.copyOf(indexer);
    }

    /**
     * With a key for every token.
     *
     * @param inner the attention over the selected tokens
     * @param keyWidth elements of the indexer's cached key
     * @param indexer its weight tensors
     */
    public IndexedAttention(Attention inner, long keyWidth, List<WeightTensor> indexer) {
        this(inner, keyWidth, indexer, 1, 0);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        return ImmutableList.<WeightTensor>builder()
                .addAll(inner.tensors(hidden))
                .addAll(indexer)
                .build();
    }

    @Override
    public String label() {
        return "indexed " + inner.label();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.<CacheRow>builder()
                .addAll(inner.cacheRows(tensorRanks))
                .add(new CacheRow(1, keyWidth, 0, CacheRow.UNLIMITED, pool))
                .build();
    }

    @Override
    public List<RecurrentState> states() {
        if (openWidth == 0) {
            return inner.states();
        }
        RecurrentState open = new RecurrentState("open pool", 1, Math.multiplyExact(pool, openWidth), 2, false);
        return ImmutableList.<RecurrentState>builder()
                .addAll(inner.states())
                .add(open)
                .build();
    }
}
