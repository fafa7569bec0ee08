package io.llmsizing.quantization;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.List;

/**
 * How a matrix is stored: one or more parts (elements, scales, zero points), each a grid of tiles of whole bytes. A
 * tile that hangs over the edge of the matrix is stored whole. Bits per weight is derived, never stored.
 *
 * @param name as users write it
 * @param parts what is stored, the elements first
 */
public record BlockFormat(String name, List<Part> parts) {
    /** A tile side that spans the whole matrix. */
    public static final long WHOLE = Long.MAX_VALUE;

    /** The row count of tiles that run on from one row into the next, as if the matrix were one long row. */
    public static final long CONTINUED = WHOLE - 1;

    /**
     * One stored part of a matrix.
     *
     * @param name the suffix that checkpoints give it, such as {@code weight} or {@code weight_scale_inv}
     * @param rows output channels that share a tile, or {@link #WHOLE} or {@link #CONTINUED}
     * @param columns input channels that share a tile, or {@link #WHOLE}
     * @param bytes of one tile, 0 where nothing is stored
     */
    public record Part(String name, long rows, long columns, long bytes) {
        /**
         * Checks the ranges.
         *
         * @param name as documented above
         * @param rows as documented above
         * @param columns as documented above
         * @param bytes as documented above
         * @throws IllegalArgumentException if a side is not positive or the bytes are negative
         */
        public Part {
            checkArgument(
                    rows >= 1 && columns >= 1 && bytes >= 0, "part %s: %s x %s, %s B", name, rows, columns, bytes);
        }

        /**
         * Tiles one above the other.
         *
         * @param matrixRows rows of the matrix
         * @return their number, rounded up: 576 rows make 5 tiles of 128; 1 where tiles run on
         */
        public long rowTiles(long matrixRows) {
            if (rows == 1) {
                return matrixRows;
            }
            return rows == CONTINUED ? 1 : Exact.ceilDiv(matrixRows, rows);
        }

        /**
         * Tiles side by side.
         *
         * @param matrixRows rows of the matrix
         * @param matrixColumns columns of the matrix
         * @return their number, rounded up; that of the whole matrix where tiles run on
         * @throws ArithmeticException beyond a {@code long}
         */
        public long columnTiles(long matrixRows, long matrixColumns) {
            long side = rows == CONTINUED ? Math.multiplyExact(matrixRows, matrixColumns) : matrixColumns;
            return columns == 1 ? side : Exact.ceilDiv(side, columns);
        }
    }

    /**
     * Copies the parts.
     *
     * @param name as documented above
     * @param parts as documented above
     * @throws IllegalArgumentException if there is no part
     */
    public BlockFormat {
        checkArgument(!parts.isEmpty(), "format %s stores nothing", name);
        parts = ImmutableList.copyOf(parts);
    }

    /**
     * A format whose elements and scales lie together in blocks along a row.
     *
     * @param name as users write it
     * @param elements of one block, 1 or more
     * @param bytes of one block, 1 or more
     * @return the format: {@code of("mxfp4", 32, 17)}
     */
    public static BlockFormat of(String name, long elements, long bytes) {
        return new BlockFormat(name, ImmutableList.of(new Part("weight", 1, elements, bytes)));
    }

    /**
     * This format with one more stored part.
     *
     * @param part the suffix of its name
     * @param rows output channels that share a tile, or {@link #WHOLE} or {@link #CONTINUED}
     * @param columns input channels that share a tile, or {@link #WHOLE}
     * @param bytes of one tile
     * @return the larger format
     */
    public BlockFormat with(String part, long rows, long columns, long bytes) {
        return new BlockFormat(
                name,
                ImmutableList.<Part>builder()
                        .addAll(parts)
                        .add(new Part(part, rows, columns, bytes))
                        .build());
    }

    /**
     * This format under another name.
     *
     * @param other the name
     * @return the same parts
     */
    public BlockFormat named(String other) {
        return new BlockFormat(other, parts);
    }

    /**
     * Whether several elements share a tile, so that engines may repack them for their kernels.
     *
     * @return whether; false for FP8 and INT8, true for AWQ
     */
    public boolean isPacked() {
        Part elements = parts.get(0);
        return elements.rows() > 1 || elements.columns() > 1;
    }

    /**
     * Bytes of one matrix.
     *
     * @param rows output channels, 1 or more
     * @param columns input channels, 1 or more
     * @return bytes of all parts: a 7168 x 2048 matrix in FP8 with 128 x 128 blocks is 14,680,064 + 3,584 B
     * @throws IllegalArgumentException if a side is not positive
     * @throws ArithmeticException beyond a {@code long}
     */
    public long bytes(long rows, long columns) {
        checkArgument(rows >= 1 && columns >= 1, "a matrix of %s x %s; 1 or more each", rows, columns);
        long sum = 0;
        for (Part part : parts) {
            sum = Math.addExact(
                    sum,
                    Math.multiplyExact(
                            Math.multiplyExact(part.rowTiles(rows), part.columnTiles(rows, columns)), part.bytes()));
        }
        return sum;
    }

    /**
     * Bits per weight of one matrix, scales and zero points included.
     *
     * @param rows output channels, 1 or more
     * @param columns input channels, 1 or more
     * @return the exact ratio: 133/32 = 4.15625 for AWQ with groups of 128
     */
    public Ratio bitsPerWeight(long rows, long columns) {
        return Ratio.of(Math.multiplyExact(8, bytes(rows, columns)), Math.multiplyExact(rows, columns));
    }
}
