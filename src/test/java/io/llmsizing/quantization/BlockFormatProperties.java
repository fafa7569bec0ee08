package io.llmsizing.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Ratio;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class BlockFormatProperties {
    @Provide
    Arbitrary<BlockFormat> formats() {
        return Arbitraries.of(List.copyOf(WeightSchemes.names()))
                .map(name -> WeightSchemes.named(name).formatOf(TensorRole.EXPERT));
    }

    @Provide
    Arbitrary<BlockFormat> formatsByRow() {
        return formats().filter(format -> format.parts().get(0).rows() != BlockFormat.CONTINUED);
    }

    /** Rows after which every tile of the format that does not span the matrix begins anew. */
    private static long tileRows(BlockFormat format) {
        return format.parts().stream()
                .mapToLong(BlockFormat.Part::rows)
                .filter(rows -> rows != BlockFormat.WHOLE)
                .max()
                .orElse(1);
    }

    private static long spanningBytes(BlockFormat format, long columns) {
        return format.parts().stream()
                .filter(part -> part.rows() == BlockFormat.WHOLE)
                .mapToLong(part -> part.columnTiles(1, columns) * part.bytes())
                .sum();
    }

    @Property
    void bytesAddUpOverRowsCutAtWholeTiles(
            @ForAll("formatsByRow") BlockFormat format,
            @ForAll @LongRange(min = 1, max = 400) long upperTiles,
            @ForAll @LongRange(min = 1, max = 100_000) long lowerRows,
            @ForAll @LongRange(min = 1, max = 100_000) long columns) {
        long upperRows = upperTiles * tileRows(format);
        assertThat(format.bytes(upperRows + lowerRows, columns) + spanningBytes(format, columns))
                .isEqualTo(format.bytes(upperRows, columns) + format.bytes(lowerRows, columns));
    }

    @Property
    void moreRowsOrColumnsNeverTakeFewerBytes(
            @ForAll("formats") BlockFormat format,
            @ForAll @LongRange(min = 1, max = 100_000) long rows,
            @ForAll @LongRange(min = 1, max = 100_000) long columns) {
        long bytes = format.bytes(rows, columns);
        assertThat(format.bytes(rows + 1, columns)).isGreaterThanOrEqualTo(bytes);
        assertThat(format.bytes(rows, columns + 1)).isGreaterThanOrEqualTo(bytes);
        assertThat(format.bytes(rows + 128, columns + 128)).isGreaterThan(bytes);
    }

    @Property
    void bitsPerWeightAreEightTimesTheBytesOverTheElements(
            @ForAll("formats") BlockFormat format,
            @ForAll @LongRange(min = 1, max = 100_000) long rows,
            @ForAll @LongRange(min = 1, max = 100_000) long columns) {
        Ratio bits = format.bitsPerWeight(rows, columns);
        assertThat(bits.floorOf(rows * columns)).isEqualTo(8 * format.bytes(rows, columns));
        assertThat(bits.ceilOf(rows * columns)).isEqualTo(8 * format.bytes(rows, columns));
    }

    @Property
    void aRaggedEdgeCostsAsMuchAsTheWholeTile(
            @ForAll @LongRange(min = 1, max = 100_000) long rows,
            @ForAll @LongRange(min = 1, max = 100_000) long columns) {
        long scales = Formats.FP8_BLOCK_128.bytes(rows, columns) - rows * columns;
        assertThat(scales).isEqualTo((rows + 127) / 128 * ((columns + 127) / 128) * 4);
    }
}
