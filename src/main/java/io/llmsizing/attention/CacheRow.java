package io.llmsizing.attention;

import io.llmsizing.quantization.CacheFormat;
import java.util.OptionalLong;

/**
 * What one layer keeps in the cache of one rank for one token.
 *
 * @param heads key-value heads on the rank
 * @param keyWidth elements of a head's key
 * @param valueWidth elements of a head's value, 0 where the value is not stored
 * @param window tokens kept at most, or nothing where all are kept
 */
public record CacheRow(long heads, long keyWidth, long valueWidth, OptionalLong window) {
    /**
     * Bytes of one head.
     *
     * @param format how vectors are stored
     * @return bytes of its key and value: 1,152 for a latent of 512 + 64 in BF16
     */
    public long headBytes(CacheFormat format) {
        return Math.addExact(format.bytes(keyWidth), format.bytes(valueWidth));
    }
}
