package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.quantization.CacheFormat;
import java.util.OptionalLong;

/**
 * What one layer keeps in the cache of one rank for its tokens.
 *
 * @param heads key-value heads on the rank
 * @param keyWidth elements of a head's key
 * @param valueWidth elements of a head's value, 0 where the value is not stored
 * @param limit what bounds the rows kept
 * @param stride tokens that share a row: 1 for ordinary attention, 4 or 128 for the compressed layers of DeepSeek-V4
 */
public record CacheRow(long heads, long keyWidth, long valueWidth, Limit limit, long stride) {
    /** What bounds the rows that are kept of a sequence. */
    public sealed interface Limit permits Unlimited, Window, Source {}

    /** Every token is kept. */
    public record Unlimited() implements Limit {}

    /**
     * The last tokens are kept.
     *
     * @param tokens how many, the newest included
     */
    public record Window(long tokens) implements Limit {}

    /**
     * Another sequence is kept, that of an encoder, whatever the length of this one.
     *
     * @param tokens of the encoder
     */
    public record Source(long tokens) implements Limit {}

    /** Every token is kept. */
    public static final Limit UNLIMITED = new Unlimited();

    /**
     * Checks the ranges.
     *
     * @param heads as documented above
     * @param keyWidth as documented above
     * @param valueWidth as documented above
     * @param limit as documented above
     * @param stride as documented above
     * @throws IllegalArgumentException if the stride is not positive, or a row that several tokens share is limited
     */
    public CacheRow {
        checkArgument(stride >= 1, "%s tokens share a cached row; 1 or more", stride);
        checkArgument(stride == 1 || limit.equals(UNLIMITED), "rows that tokens share are not limited as well");
    }

    /**
     * A row for every token.
     *
     * @param heads key-value heads on the rank
     * @param keyWidth elements of a head's key
     * @param valueWidth elements of a head's value
     */
    public CacheRow(long heads, long keyWidth, long valueWidth) {
        this(heads, keyWidth, valueWidth, UNLIMITED, 1);
    }

    /**
     * The same row under a limit.
     *
     * @param bound what bounds it
     * @return the limited row
     */
    public CacheRow within(Limit bound) {
        return new CacheRow(heads, keyWidth, valueWidth, bound, stride);
    }

    /**
     * The tokens of a window.
     *
     * @return how many, or nothing where all are kept
     */
    public OptionalLong window() {
        return limit instanceof Window window ? OptionalLong.of(window.tokens()) : OptionalLong.empty();
    }

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
