package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Multi-head latent attention (DeepSeek-V2): keys and values are reconstructed from one narrow latent vector, and only
 * that vector and a rotary key shared by all heads are cached.
 *
 * <p>Cache per token and layer: latent + rotary elements, once, on <em>every</em> tensor rank. DeepSeek-V3:
 * (512 + 64) x 2 B = 1,152 B in BF16, 70,272 B over 61 layers.
 *
 * @param heads query heads, 1 or more
 * @param queryRank width of the compressed query, 0 where queries are not compressed (V2-Lite)
 * @param latentRank width of the compressed keys and values
 * @param plainWidth elements of a head's key without position ({@code qk_nope_head_dim})
 * @param rotaryWidth elements of a head's key with position ({@code qk_rope_head_dim}), 0 where there is none
 * @param valueWidth elements of a head's value
 */
public record MultiHeadLatent(
        long heads, long queryRank, long latentRank, long plainWidth, long rotaryWidth, long valueWidth)
        implements Attention {
    /**
     * Checks the ranges.
     *
     * @param heads as documented above
     * @param queryRank as documented above
     * @param latentRank as documented above
     * @param plainWidth as documented above
     * @param rotaryWidth as documented above
     * @param valueWidth as documented above
     * @throws IllegalArgumentException if a width is out of range
     */
    public MultiHeadLatent {
        checkArgument(heads >= 1 && heads <= LARGEST_WIDTH, "%s heads; 1 to 2^20 allowed", heads);
        checkArgument(queryRank >= 0 && queryRank <= LARGEST_WIDTH, "query rank %s; 0 to 2^20 allowed", queryRank);
        checkArgument(
                rotaryWidth >= 0 && rotaryWidth <= LARGEST_WIDTH, "rotary width %s; 0 to 2^20 allowed", rotaryWidth);
        for (long width : new long[] {latentRank, plainWidth, valueWidth}) {
            checkArgument(width >= 1 && width <= LARGEST_WIDTH, "width %s; 1 to 2^20 allowed", width);
        }
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        long queryRows = heads * (plainWidth + rotaryWidth);
        String down = queryRank > 0 ? "self_attn.fused_qkv_a_proj.weight" : "self_attn.kv_a_proj_with_mqa.weight";
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (queryRank > 0) {
            tensors.add(projection("q_a_proj", queryRank, hidden, ShardRule.REPLICATED)
                    .fusedInto(down));
        }
        tensors.add(projection("kv_a_proj_with_mqa", latentRank + rotaryWidth, hidden, ShardRule.REPLICATED)
                .fusedInto(down));
        if (queryRank > 0) {
            tensors.add(WeightTensor.vector("self_attn.q_a_layernorm.weight", TensorRole.NORM, queryRank));
            tensors.add(projection("q_b_proj", queryRows, queryRank, ShardRule.ROWS));
        } else {
            tensors.add(projection("q_proj", queryRows, hidden, ShardRule.ROWS));
        }
        tensors.add(WeightTensor.vector("self_attn.kv_a_layernorm.weight", TensorRole.NORM, latentRank));
        tensors.add(projection("kv_b_proj", heads * (plainWidth + valueWidth), latentRank, ShardRule.ROWS));
        tensors.add(projection("o_proj", hidden, heads * valueWidth, ShardRule.COLUMNS));
        return tensors.build();
    }

    private static WeightTensor projection(String name, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix("self_attn." + name + ".weight", TensorRole.ATTENTION, rows, columns, rule);
    }

    @Override
    public String label() {
        return "latent attention";
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.of(cacheRow(tensorRanks));
    }

    /**
     * The one row that a token takes.
     *
     * @param tensorRanks tensor-parallel ranks, 1 or more
     * @return the row, the same on every rank
     */
    public CacheRow cacheRow(long tensorRanks) {
        return new CacheRow(1, latentRank + rotaryWidth, 0);
    }

    @Override
    public long keyValueHeads() {
        return 1;
    }

    /**
     * What ordinary multi-head attention of the same heads would cache, for comparison.
     *
     * @return the mechanism whose cache the latent replaces: 128 heads of 128 + 64 and 128 for DeepSeek-V3
     */
    public GroupedQuery decompressed() {
        return new GroupedQuery(heads, heads, plainWidth + rotaryWidth, valueWidth, false, false, QueryKeyNorm.NONE);
    }
}
