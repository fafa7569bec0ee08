package io.llmsizing.tensor;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * One weight matrix or vector of a layer, or several equal ones (one for each expert).
 *
 * @param name as published checkpoints name it, {@code N} standing for a running number
 * @param fusedInto the parameter into which engines fuse it with its neighbours, such as {@code qkv_proj}; its own
 *     name where it stays alone
 * @param role what it does
 * @param rows output channels of a matrix; the length of a vector
 * @param columns input channels of a matrix; 1 for a vector
 * @param count how many equal tensors of this kind a layer has, 1 or more
 * @param activeCount how many of them one token uses, 0 to {@code count}
 * @param shardRule how tensor parallelism cuts it
 */
public record WeightTensor(
        String name,
        String fusedInto,
        TensorRole role,
        long rows,
        long columns,
        long count,
        long activeCount,
        ShardRule shardRule) {
    /** The largest dimension taken for real: 2^32. */
    public static final long LARGEST_DIMENSION = 1L << 32;

    /**
     * Checks the ranges.
     *
     * @param name as documented above
     * @param fusedInto as documented above
     * @param role as documented above
     * @param rows as documented above
     * @param columns as documented above
     * @param count as documented above
     * @param activeCount as documented above
     * @param shardRule as documented above
     * @throws IllegalArgumentException naming the tensor and the value out of range
     */
    public WeightTensor {
        checkArgument(
                rows >= 1 && rows <= LARGEST_DIMENSION && columns >= 1 && columns <= LARGEST_DIMENSION,
                "tensor %s has the shape %s x %s; each side is 1 to 2^32",
                name,
                rows,
                columns);
        checkArgument(
                count >= 1 && count <= 1 << 20, "tensor %s stands %s times in a layer; 1 to 2^20 allowed", name, count);
        checkArgument(activeCount >= 0 && activeCount <= count, "tensor %s: %s of %s active", name, activeCount, count);
    }

    /**
     * A single matrix.
     *
     * @param name its name
     * @param role what it does
     * @param rows output channels
     * @param columns input channels
     * @param shardRule how it is cut
     * @return the tensor, fused with nothing, used by every token
     */
    public static WeightTensor matrix(String name, TensorRole role, long rows, long columns, ShardRule shardRule) {
        return new WeightTensor(name, name, role, rows, columns, 1, 1, shardRule);
    }

    /**
     * A single vector that every rank holds whole.
     *
     * @param name its name
     * @param role what it does
     * @param length its length
     * @return the tensor
     */
    public static WeightTensor vector(String name, TensorRole role, long length) {
        return matrix(name, role, length, 1, ShardRule.REPLICATED);
    }

    /**
     * The same tensor as part of a larger parameter.
     *
     * @param parameter the name of the fused parameter
     * @return the tensor, known to be fused
     */
    public WeightTensor fusedInto(String parameter) {
        return new WeightTensor(name, parameter, role, rows, columns, count, activeCount, shardRule);
    }

    /**
     * The same tensor in another block of its layer.
     *
     * @param block what its names begin with now, such as {@code self_attn}
     * @param other what they shall begin with
     * @return the tensor under other names
     */
    public WeightTensor inPlaceOf(String block, String other) {
        return new WeightTensor(
                name.replaceFirst("^" + block, other),
                fusedInto.replaceFirst("^" + block, other),
                role,
                rows,
                columns,
                count,
                activeCount,
                shardRule);
    }

    /**
     * The same tensor several times.
     *
     * @param copies how many stand in a layer
     * @param active how many of them a token uses
     * @return the tensors
     */
    public WeightTensor times(long copies, long active) {
        return new WeightTensor(name, fusedInto, role, rows, columns, copies, active, shardRule);
    }

    /**
     * Elements of all tensors of this kind in one layer.
     *
     * @return count x rows x columns
     * @throws ArithmeticException beyond a {@code long}
     */
    public long elements() {
        return Math.multiplyExact(count, Math.multiplyExact(rows, columns));
    }

    /**
     * Elements that one token uses in one layer.
     *
     * @return active count x rows x columns
     * @throws ArithmeticException beyond a {@code long}
     */
    public long activeElements() {
        return Math.multiplyExact(activeCount, Math.multiplyExact(rows, columns));
    }
}
