package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Exact;

/**
 * How packed pages of compressed attention are cut, and how its rows are stored: in FP8, a byte of scale for some elements,
 * the rotary part in 16 bits.
 *
 * @param pageTokens tokens of a page of entries and of their index keys
 * @param windowPageTokens tokens of a page of the window
 * @param overlappingPageTokens tokens of a page of what a compressor of overlapping groups has not made an entry of yet
 * @param pendingPageTokens the same of a compressor of groups that do not overlap
 * @param alignmentBytes to which a page is rounded up
 * @param rotaryElements elements of a row in 16 bits
 * @param scaledElements elements of a row for each byte of scale
 */
public record PackedLayout(
        long pageTokens,
        long windowPageTokens,
        long overlappingPageTokens,
        long pendingPageTokens,
        long alignmentBytes,
        long rotaryElements,
        long scaledElements) {
    /**
     * Checks the ranges.
     *
     * @param pageTokens as documented above
     * @param windowPageTokens as documented above
     * @param overlappingPageTokens as documented above
     * @param pendingPageTokens as documented above
     * @param alignmentBytes as documented above
     * @param rotaryElements as documented above
     * @param scaledElements as documented above
     * @throws IllegalArgumentException if a size is not positive, or a page of entries is not a whole number of the others
     */
    public PackedLayout {
        for (long size : new long[] {
            pageTokens, windowPageTokens, overlappingPageTokens, pendingPageTokens, alignmentBytes, scaledElements
        }) {
            checkArgument(size >= 1 && size <= 1 << 20, "a size of %s in a layout of packed pages; 1 to 2^20", size);
        }
        checkArgument(
                rotaryElements >= 0 && rotaryElements <= 1 << 20,
                "%s rotary elements of a packed row; 0 to 2^20",
                rotaryElements);
    }

    /**
     * Bytes of a row of the window or of the entries.
     *
     * @param width its elements
     * @return 584 for 512 elements of which 64 are rotary: 448 in FP8, 128, and 8 of scales
     */
    public long rowBytes(long width) {
        long rotary = Math.min(rotaryElements, width);
        return Math.addExact(Math.addExact(width, rotary), Exact.ceilDiv(width, scaledElements));
    }

    /**
     * Bytes of a page.
     *
     * @param rows of it
     * @param rowBytes of each
     * @return rounded up to the alignment: 37,440 for 64 rows of 584
     */
    public long pageBytes(long rows, long rowBytes) {
        return Exact.padTo(Math.multiplyExact(rows, rowBytes), alignmentBytes);
    }
}
