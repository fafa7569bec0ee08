package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * The attention of DeepSeek-V4: one key, which is the value too, shared by all heads; the last tokens whole and the others
 * compressed, {@code ratio} of them to an entry. Layers with a ratio of 4 select entries with an indexer, whose keys are
 * compressed alike. A compressor keeps in FP32 what it has not yet made an entry of: two overlapping groups for a ratio of
 * 4, one group for 128. Everything stands on every tensor rank.
 *
 * <p>DeepSeek-V4-Flash, ratio 4: 128 x 512 elements of window, 512 for each entry and 128 for its index key.
 *
 * @param heads query heads
 * @param width elements of a head, query and key
 * @param queryRank width of the compressed query
 * @param outputGroups groups of heads whose outputs are compressed apart, a divisor of the heads
 * @param outputRank width to which each group's output is compressed
 * @param window tokens kept whole
 * @param ratio tokens of an entry, 0 where the layer has its window alone
 * @param overlapping whether the compressor looks at two groups at once
 * @param indexHeads heads of the indexer, 0 where there is none
 * @param indexWidth elements of one of its heads, 0 where there is none
 */
public record CompressedAttention(
        long heads,
        long width,
        long queryRank,
        long outputGroups,
        long outputRank,
        long window,
        long ratio,
        boolean overlapping,
        long indexHeads,
        long indexWidth)
        implements Attention {
    /**
     * Checks the ranges.
     *
     * @param heads as documented above
     * @param width as documented above
     * @param queryRank as documented above
     * @param outputGroups as documented above
     * @param outputRank as documented above
     * @param window as documented above
     * @param ratio as documented above
     * @param overlapping as documented above
     * @param indexHeads as documented above
     * @param indexWidth as documented above
     * @throws IllegalArgumentException if a size is out of range
     */
    public CompressedAttention {
        for (long size : new long[] {heads, width, queryRank, outputGroups, outputRank, window}) {
            checkArgument(size >= 1 && size <= LARGEST_WIDTH, "a size of %s in compressed attention; 1 to 2^20", size);
        }
        for (long size : new long[] {ratio, indexHeads, indexWidth}) {
            checkArgument(size >= 0 && size <= LARGEST_WIDTH, "a size of %s in compressed attention; 0 to 2^20", size);
        }
        checkArgument(heads % outputGroups == 0, "%s heads in %s groups", heads, outputGroups);
        checkArgument(
                indexHeads > 0 == indexWidth > 0 && (ratio > 0 || indexHeads == 0),
                "an indexer of %s heads of %s for entries of %s tokens",
                indexHeads,
                indexWidth,
                ratio);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        TensorInventory tensors = TensorInventory.of(TensorRole.ATTENTION)
                .within("self_attn")
                .matrix("q_a_proj.weight", queryRank, hidden)
                .rmsNorm("q_a_norm", queryRank)
                .matrix("q_b_proj.weight", heads * width, queryRank, TensorRole.ATTENTION, ShardRule.ROWS)
                .matrix("kv_proj.weight", width, hidden)
                .rmsNorm("kv_norm", width)
                .matrix(
                        "o_a_proj.weight",
                        outputGroups * outputRank,
                        heads * width / outputGroups,
                        TensorRole.ATTENTION,
                        ShardRule.ROWS)
                .matrix("o_b_proj.weight", hidden, outputGroups * outputRank, TensorRole.ATTENTION, ShardRule.COLUMNS)
                .matrix("sinks", heads, 1, TensorRole.MIXING, ShardRule.ROWS);
        if (ratio > 0) {
            compressor(tensors, "compressor.", width, hidden);
        }
        if (indexHeads > 0) {
            compressor(tensors, "indexer.compressor.", indexWidth, hidden);
            tensors.matrix("indexer.q_b_proj.weight", indexHeads * indexWidth, queryRank)
                    .matrix(
                            "indexer.weights_proj.weight",
                            indexHeads,
                            hidden,
                            TensorRole.INDEXER,
                            ShardRule.REPLICATED);
        }
        return tensors.tensors();
    }

    private void compressor(TensorInventory tensors, String prefix, long keyWidth, long hidden) {
        long both = groups() * keyWidth;
        tensors.matrix(prefix + "position_bias", ratio, both, TensorRole.MIXING, ShardRule.REPLICATED)
                .matrix(prefix + "kv_proj.weight", both, hidden, TensorRole.INDEXER, ShardRule.REPLICATED)
                .matrix(prefix + "gate_proj.weight", both, hidden, TensorRole.INDEXER, ShardRule.REPLICATED)
                .rmsNorm(prefix + "kv_norm", keyWidth);
    }

    private long groups() {
        return overlapping ? 2 : 1;
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        ImmutableList.Builder<CacheRow> rows = ImmutableList.builder();
        rows.add(new CacheRow(1, width, 0).within(new CacheRow.Window(window)));
        if (ratio > 0) {
            rows.add(new CacheRow(1, width, 0, CacheRow.UNLIMITED, ratio));
        }
        if (indexHeads > 0) {
            rows.add(new CacheRow(1, indexWidth, 0, CacheRow.UNLIMITED, ratio));
        }
        return rows.build();
    }

    /** Key-values and gates of the groups that are not an entry yet; see the formulas on the page of this package. */
    @Override
    public List<RecurrentState> states() {
        if (ratio == 0) {
            return ImmutableList.of();
        }
        ImmutableList.Builder<RecurrentState> states = ImmutableList.builder();
        states.add(pending(width));
        if (indexHeads > 0) {
            states.add(pending(indexWidth));
        }
        return states.build();
    }

    private RecurrentState pending(long keyWidth) {
        return new RecurrentState("compressor", 1, pendingTokens() * pendingElements(keyWidth), 4, false);
    }

    /**
     * Tokens of which a compressor keeps what it has not yet made an entry of.
     *
     * @return the ratio, twice that where groups overlap: 8 for a ratio of 4
     */
    public long pendingTokens() {
        return groups() * ratio;
    }

    /**
     * Elements in FP32 that a compressor keeps of one of these tokens.
     *
     * @param keyWidth elements of an entry
     * @return a key and its gate for each group that looks at the token: 2,048 for entries of 512 from overlapping groups
     */
    public long pendingElements(long keyWidth) {
        return 2 * groups() * keyWidth;
    }

    @Override
    public long keyValueHeads() {
        return 1;
    }

    @Override
    public String label() {
        return ratio == 0 ? "windowed attention" : "compressed attention";
    }

    @Override
    public boolean cutsInto(long tensorRanks) {
        return heads % tensorRanks == 0 && outputGroups % tensorRanks == 0;
    }
}
