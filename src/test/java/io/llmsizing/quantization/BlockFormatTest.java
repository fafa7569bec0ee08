package io.llmsizing.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockFormatTest {
    @ParameterizedTest
    @CsvSource({
        // Sizes of blocks as ggml and the OCP microscaling formats define them.
        "q4_K, 256, 144, 4.5000",
        "q6_K, 256, 210, 6.5625",
        "q8_0, 32, 34, 8.5000",
        "mxfp4, 32, 17, 4.2500",
        "nvfp4, 16, 9, 4.5000"
    })
    void aBlockAlongARowIsABitCount(String name, long elements, long bytes, String bits) {
        BlockFormat format = BlockFormat.of(name, elements, bytes);
        assertThat(format.name()).isEqualTo(name);
        assertThat(format.bitsPerWeight(4096, 4096).toDisplay(4)).isEqualTo(bits);
        assertThat(format.bytes(3, elements + 1)).isEqualTo(3 * 2 * bytes);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "127, 1", "128, 1", "129, 2", "576, 5", "640, 5", "641, 6"})
    void tilesAreCountedUpwardOnBothSides(long side, long tiles) {
        BlockFormat.Part scale = new BlockFormat.Part("scale", 128, 128, 4);
        assertThat(scale.rowTiles(side)).isEqualTo(tiles);
        assertThat(scale.columnTiles(1, side)).isEqualTo(tiles);
    }

    @Test
    void theSidesOfATileAreNotMixedUp() {
        BlockFormat.Part part = new BlockFormat.Part("part", 2, 8, 3);
        assertThat(part.rowTiles(16)).isEqualTo(8);
        assertThat(part.columnTiles(16, 16)).isEqualTo(2);
        assertThat(new BlockFormat("f", List.of(part)).bytes(16, 32)).isEqualTo(8 * 4 * 3);
    }

    @Test
    void aTileThatSpansAllIsOneTile() {
        BlockFormat.Part whole = new BlockFormat.Part("g_idx", BlockFormat.WHOLE, BlockFormat.WHOLE, 4);
        assertThat(whole.rowTiles(1L << 32)).isEqualTo(1);
        assertThat(whole.columnTiles(1, 1)).isEqualTo(1);
    }

    @Test
    void tilesThatRunOnCountTheWholeMatrix() {
        BlockFormat.Part maxima = new BlockFormat.Part("absmax", BlockFormat.CONTINUED, 64, 4);
        assertThat(maxima.rowTiles(100)).isEqualTo(1);
        assertThat(maxima.columnTiles(100, 100)).isEqualTo(157);
        assertThat(new BlockFormat("f", List.of(maxima)).bytes(100, 100)).isEqualTo(157 * 4);
        assertThat(new BlockFormat("f", List.of(maxima)).isPacked()).isTrue();
    }

    @Test
    void anotherNameChangesNoBytes() {
        assertThat(Formats.FP8_TENSOR.named("other").name()).isEqualTo("other");
        assertThat(Formats.FP8_TENSOR.named("other").parts()).isEqualTo(Formats.FP8_TENSOR.parts());
    }

    @Test
    void partsAddUp() {
        BlockFormat format = BlockFormat.of("f", 1, 1).with("a", 1, 4, 2).with("b", 4, 1, 8);
        assertThat(format.parts()).extracting(BlockFormat.Part::name).containsExactly("weight", "a", "b");
        assertThat(format.bytes(8, 8)).isEqualTo(64 + 8 * 2 * 2 + 2 * 8 * 8);
        assertThat(format.bitsPerWeight(8, 8)).isEqualTo(Ratio.of(8 * (64 + 32 + 128), 64));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 0, 1", "-1, 1, 1", "1, -1, 1", "1, 1, -1"})
    void sidesArePositiveAndBytesNotNegative(long rows, long columns, long bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockFormat.Part("scale", rows, columns, bytes))
                .withMessageContaining("scale: " + rows + " x " + columns + ", " + bytes + " B");
    }

    @Test
    void aFormatStoresSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockFormat("air", List.of()))
                .withMessageContaining("air");
    }

    @Test
    void theListOfPartsIsACopy() {
        List<BlockFormat.Part> parts = new ArrayList<>(List.of(new BlockFormat.Part("weight", 1, 1, 1)));
        BlockFormat format = new BlockFormat("f", parts);
        parts.clear();
        assertThat(format.parts()).hasSize(1);
    }

    @Test
    void bytesBeyondALongAreAnOverflow() {
        BlockFormat wide = BlockFormat.of("wide", 1, 1L << 40);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> wide.bytes(1L << 12, 1L << 12));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> wide.bytes(1L << 32, 1L << 32));
        BlockFormat two = BlockFormat.of("two", 1, 1L << 62).with("more", 1, 1, 1L << 62);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> two.bytes(1, 1));
        BlockFormat bits = BlockFormat.of("bits", 1, 1L << 61);
        assertThat(bits.bytes(1, 1)).isEqualTo(1L << 61);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> bits.bitsPerWeight(1, 1));
    }

    @Test
    void aFormatIsPackedWhereElementsShareATile() {
        assertThat(Formats.awq(128).isPacked()).isTrue();
        assertThat(Formats.gptq(128).isPacked()).isTrue();
        assertThat(Formats.int4(32).isPacked()).isTrue();
        assertThat(BlockFormat.of("q8_0", 32, 34).isPacked()).isTrue();
        assertThat(Formats.BF16.isPacked()).isFalse();
        assertThat(Formats.FP8_BLOCK_128.isPacked()).isFalse();
        assertThat(Formats.INT8_CHANNEL.isPacked()).isFalse();
    }
}
