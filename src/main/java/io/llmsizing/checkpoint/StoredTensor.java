package io.llmsizing.checkpoint;

import com.google.common.collect.ImmutableList;
import io.llmsizing.quantization.BlockFormat;
import java.util.List;

/**
 * A tensor as a file holds it.
 *
 * @param name as the file calls it
 * @param type what its elements are stored in, blocks along the last dimension: BF16, Q4_K
 * @param shape the dimensions, the slowest first as safetensors writes them; empty for a single number
 * @param bytes of all elements
 * @param file which of the checkpoint's files holds it
 * @param offset of its first byte in that file
 */
public record StoredTensor(String name, BlockFormat type, List<Long> shape, long bytes, String file, long offset) {
    /**
     * Copies the shape.
     *
     * @param name as documented above
     * @param type as documented above
     * @param shape as documented above
     * @param bytes as documented above
     * @param file as documented above
     * @param offset as documented above
     */
    public StoredTensor {
        shape = ImmutableList.copyOf(shape);
    }

    /**
     * The elements that are stored; a packed word counts as one.
     *
     * @return the product of the dimensions
     * @throws ArithmeticException beyond a {@code long}
     */
    public long elements() {
        long elements = 1;
        for (long side : shape) {
            elements = Math.multiplyExact(elements, side);
        }
        return elements;
    }
}
