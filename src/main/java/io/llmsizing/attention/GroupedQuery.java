package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;
import java.util.List;
import java.util.Set;

/**
 * Attention in which groups of query heads share a key-value head. With as many of one as of the other it is multi-head
 * attention, with one key-value head it is multi-query attention.
 *
 * <p>Cache per token and layer: key-value heads x (key width + value width) elements. Llama-3.1-8B: 8 x (128 + 128) x 2 B
 * = 4,096 B in BF16.
 *
 * @param heads query heads, 1 or more
 * @param keyValueHeads key-value heads, which divide the query heads
 * @param keyWidth elements of a query or key head
 * @param valueWidth elements of a value head
 * @param inputBias whether query, key and value projections have a bias
 * @param outputBias whether the output projection has a bias
 * @param norm how queries and keys are normalised
 * @param features what else it has
 */
public record GroupedQuery(
        long heads,
        long keyValueHeads,
        long keyWidth,
        long valueWidth,
        boolean inputBias,
        boolean outputBias,
        QueryKeyNorm norm,
        Set<Feature> features)
        implements Attention {
    /** What some architectures add to the attention or leave out. */
    public enum Feature {
        /** The query projection is twice as high, its second half gates the output (Qwen3-Next). */
        OUTPUT_GATE,
        /** There is no value projection: values are the keys (the global layers of Gemma 4). Both are cached. */
        KEYS_AS_VALUES,
        /** Each head has a learned logit that takes attention from all tokens (gpt-oss). */
        SINKS,
        /** Queries, keys and values are made from two streams side by side: hidden states and embeddings (Zamba). */
        TWO_STREAMS
    }

    /**
     * Checks the ranges.
     *
     * @param heads as documented above
     * @param keyValueHeads as documented above
     * @param keyWidth as documented above
     * @param valueWidth as documented above
     * @param inputBias as documented above
     * @param outputBias as documented above
     * @param norm as documented above
     * @param features as documented above
     * @throws IllegalArgumentException if a count is not positive or the key-value heads do not divide the query heads
     */
    public GroupedQuery {
        checkArgument(
                heads >= 1 && heads <= LARGEST_WIDTH && keyValueHeads >= 1 && heads % keyValueHeads == 0,
                "%s query heads over %s key-value heads; the former are at most 2^20, the latter divide them",
                heads,
                keyValueHeads);
        checkArgument(
                keyWidth >= 1 && keyWidth <= LARGEST_WIDTH && valueWidth >= 1 && valueWidth <= LARGEST_WIDTH,
                "head widths %s and %s; 1 to 2^20 allowed",
                keyWidth,
                valueWidth);
        checkArgument(
                keyWidth == valueWidth || !features.contains(Feature.KEYS_AS_VALUES),
                "values of %s that are keys of %s",
                valueWidth,
                keyWidth);
        features = Sets.immutableEnumSet(features);
    }

    /**
     * Without further features.
     *
     * @param heads query heads
     * @param keyValueHeads key-value heads
     * @param keyWidth elements of a query or key head
     * @param valueWidth elements of a value head
     * @param inputBias whether query, key and value projections have a bias
     * @param outputBias whether the output projection has a bias
     * @param norm how queries and keys are normalised
     */
    public GroupedQuery(
            long heads,
            long keyValueHeads,
            long keyWidth,
            long valueWidth,
            boolean inputBias,
            boolean outputBias,
            QueryKeyNorm norm) {
        this(heads, keyValueHeads, keyWidth, valueWidth, inputBias, outputBias, norm, Set.of());
    }

    /**
     * Without biases and norms, keys as wide as values.
     *
     * @param heads query heads
     * @param keyValueHeads key-value heads
     * @param headWidth elements of a head
     * @return the mechanism
     */
    public static GroupedQuery of(long heads, long keyValueHeads, long headWidth) {
        return new GroupedQuery(heads, keyValueHeads, headWidth, headWidth, false, false, QueryKeyNorm.NONE);
    }

    /**
     * The same with one more feature.
     *
     * @param feature which
     * @return the changed mechanism
     */
    public GroupedQuery with(Feature feature) {
        return new GroupedQuery(
                heads,
                keyValueHeads,
                keyWidth,
                valueWidth,
                inputBias,
                outputBias,
                norm,
                Sets.union(features, Set.of(feature)));
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        ShardRule keys = ShardRule.heads(keyWidth);
        ShardRule valueHeads = ShardRule.heads(valueWidth);
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        boolean values = !features.contains(Feature.KEYS_AS_VALUES);
        long queryRows = (features.contains(Feature.OUTPUT_GATE) ? 2 : 1) * heads * keyWidth;
        long input = features.contains(Feature.TWO_STREAMS) ? 2 * hidden : hidden;
        tensors.add(projection("q_proj.weight", "qkv_proj.weight", queryRows, input, ShardRule.ROWS));
        tensors.add(projection("k_proj.weight", "qkv_proj.weight", keyValueHeads * keyWidth, input, keys));
        if (values) {
            tensors.add(projection("v_proj.weight", "qkv_proj.weight", keyValueHeads * valueWidth, input, valueHeads));
        }
        if (inputBias) {
            tensors.add(bias("q_proj.bias", "qkv_proj.bias", queryRows, ShardRule.ROWS));
            tensors.add(bias("k_proj.bias", "qkv_proj.bias", keyValueHeads * keyWidth, keys));
            if (values) {
                tensors.add(bias("v_proj.bias", "qkv_proj.bias", keyValueHeads * valueWidth, valueHeads));
            }
        }
        tensors.add(projection("o_proj.weight", "o_proj.weight", hidden, heads * valueWidth, ShardRule.COLUMNS));
        if (outputBias) {
            tensors.add(bias("o_proj.bias", "o_proj.bias", hidden, ShardRule.REPLICATED));
        }
        if (norm != QueryKeyNorm.NONE) {
            boolean full = norm == QueryKeyNorm.FULL_WIDTH;
            tensors.add(WeightTensor.vector(
                    "self_attn.q_norm.weight", TensorRole.NORM, full ? heads * keyWidth : keyWidth));
            tensors.add(WeightTensor.vector(
                    "self_attn.k_norm.weight", TensorRole.NORM, full ? keyValueHeads * keyWidth : keyWidth));
        }
        if (features.contains(Feature.SINKS)) {
            tensors.add(WeightTensor.matrix("self_attn.sinks", TensorRole.BIAS, heads, 1, ShardRule.ROWS));
        }
        return tensors.build();
    }

    private static WeightTensor projection(String name, String fused, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix("self_attn." + name, TensorRole.ATTENTION, rows, columns, rule)
                .fusedInto("self_attn." + fused);
    }

    private static WeightTensor bias(String name, String fused, long length, ShardRule rule) {
        return WeightTensor.matrix("self_attn." + name, TensorRole.BIAS, length, 1, rule)
                .fusedInto("self_attn." + fused);
    }

    @Override
    public String label() {
        return "attention";
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return ImmutableList.of(cacheRow(tensorRanks));
    }

    /**
     * The one row that a token takes.
     *
     * @param tensorRanks tensor-parallel ranks, 1 or more
     * @return the row on each rank
     */
    public CacheRow cacheRow(long tensorRanks) {
        return new CacheRow(Exact.ceilDiv(keyValueHeads, tensorRanks), keyWidth, valueWidth);
    }
}
