package io.llmsizing.quantization;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Exact;

/**
 * How one key or value vector of one head is stored in the cache.
 *
 * @param name as users write it
 * @param blockElements elements of a block, 1 or more
 * @param blockBytes bytes of a block, 1 or more
 * @param vectorBytes bytes stored once for each vector, such as its scale; 0 or more
 */
public record CacheFormat(String name, long blockElements, long blockBytes, long vectorBytes) {
    /**
     * Checks the ranges.
     *
     * @param name as documented above
     * @param blockElements as documented above
     * @param blockBytes as documented above
     * @param vectorBytes as documented above
     * @throws IllegalArgumentException if a block is empty or a size negative
     */
    public CacheFormat {
        checkArgument(
                blockElements >= 1 && blockBytes >= 1 && vectorBytes >= 0,
                "cache format %s: %s elements, %s + %s B",
                name,
                blockElements,
                blockBytes,
                vectorBytes);
    }

    /**
     * Bytes of one vector.
     *
     * @param width its elements, 0 for a vector that is not stored
     * @return whole blocks, rounded up, and what is stored once; 0 for width 0
     */
    public long bytes(long width) {
        checkArgument(width >= 0, "a vector of %s elements; 0 or more", width);
        return width == 0
                ? 0
                : Math.addExact(Math.multiplyExact(Exact.ceilDiv(width, blockElements), blockBytes), vectorBytes);
    }
}
