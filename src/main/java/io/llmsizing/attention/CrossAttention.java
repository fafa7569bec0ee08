package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Attention to what an encoder made of another sequence. Its keys and values are computed once and kept: for a fixed
 * number of tokens (1,500 for the sound of Whisper), or for as many as the sequence itself has, where the encoder reads text
 * of any length.
 *
 * @param inner the attention
 * @param sourceTokens of the encoder's sequence, up to 2^40; 0 for as many as the sequence itself
 */
public record CrossAttention(GroupedQuery inner, long sourceTokens) implements AttentionAround {
    /**
     * Checks the range.
     *
     * @param inner as documented above
     * @param sourceTokens as documented above
     * @throws IllegalArgumentException if the tokens are out of range
     */
    public CrossAttention {
        checkArgument(
                sourceTokens >= 0 && sourceTokens <= 1L << 40, "%s tokens of an encoder; 0 to 2^40", sourceTokens);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        return inner.tensors(hidden).stream()
                .map(tensor -> tensor.inPlaceOf("self_attn", "cross_attn"))
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public String label() {
        return "cross attention";
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        CacheRow row = inner.cacheRow(tensorRanks);
        return ImmutableList.of(sourceTokens == 0 ? row : row.within(new CacheRow.Source(sourceTokens)));
    }
}
