package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.GgmlFormats;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GgufReaderProperties {
    record Stored(BlockFormat type, List<Long> shape) {}

    @Provide
    Arbitrary<Stored> stored() {
        Arbitrary<BlockFormat> types =
                Arbitraries.of(List.copyOf(GgmlFormats.all().values()));
        Arbitrary<List<Long>> outer = Arbitraries.longs().between(1, 300).list().ofMaxSize(3);
        Arbitrary<Long> blocks = Arbitraries.longs().between(1, 40);
        return Combinators.combine(types, outer, blocks).as((type, sides, count) -> {
            List<Long> shape = new ArrayList<>(sides);
            shape.add(count * GgmlFormats.blockElements(type));
            return new Stored(type, shape);
        });
    }

    private static GgufWriter written(
            boolean bigEndian, boolean third, int shift, List<Stored> tensors, List<Integer> numbers) {
        GgufWriter writer = new GgufWriter(third ? 3 : 2, bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .alignment(1L << shift);
        for (int i = 0; i < numbers.size(); i++) {
            writer.raw("number." + i, 5, writer.number(4, numbers.get(i)));
        }
        writer.wholes("numbers", numbers).text("general.architecture", "llama").tokens(numbers.size());
        for (int i = 0; i < tensors.size(); i++) {
            long[] shape =
                    tensors.get(i).shape().stream().mapToLong(side -> side).toArray();
            writer.tensor("tensor." + i, tensors.get(i).type(), shape);
        }
        return writer;
    }

    @Property(tries = 300)
    void whatIsWrittenIsRead(
            @ForAll boolean bigEndian,
            @ForAll boolean third,
            @ForAll @IntRange(max = 14) int shift,
            @ForAll("stored") Stored first,
            @ForAll("stored") Stored second,
            @ForAll @Size(max = 20) List<Integer> numbers)
            throws IOException {
        List<Stored> tensors = List.of(first, second, first);
        GgufFile file = GgufReader.read(
                written(bigEndian, third, shift, tensors, numbers).file());
        assertThat(file.bigEndian()).isEqualTo(bigEndian);
        assertThat(file.version()).isEqualTo(third ? 3 : 2);
        assertThat(file.metadata().wholes("numbers", Integer.MIN_VALUE, Integer.MAX_VALUE))
                .containsExactlyElementsOf(
                        numbers.stream().map(Integer::longValue).toList());
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(file.metadata().whole("number." + i, Integer.MIN_VALUE, Integer.MAX_VALUE))
                    .isEqualTo(numbers.get(i).longValue());
        }
        assertThat(file.metadata().length("tokenizer.ggml.tokens")).contains((long) numbers.size());
        for (int i = 0; i < tensors.size(); i++) {
            StoredTensor tensor = file.tensors().get(i);
            long row = tensors.get(i).shape().get(tensors.get(i).shape().size() - 1);
            assertThat(tensor.type()).isEqualTo(tensors.get(i).type());
            assertThat(tensor.shape()).isEqualTo(tensors.get(i).shape());
            assertThat(tensor.bytes()).isEqualTo(tensor.type().bytes(tensor.elements() / row, row));
            assertThat(tensor.offset() % (1L << shift)).isZero();
        }
    }

    /** A header cut anywhere is malformed, and the error names a byte that is there. */
    @Property(tries = 300)
    void aFileThatEndsTooSoonIsRefused(
            @ForAll boolean bigEndian,
            @ForAll("stored") Stored only,
            @ForAll @Size(max = 5) List<Integer> numbers,
            @ForAll @IntRange(max = 1 << 20) int cut) {
        byte[] header = written(bigEndian, true, 5, List.of(only), numbers).header();
        byte[] shorter = Arrays.copyOf(header, cut % header.length);
        assertThatThrownBy(() -> GgufReader.read(BytesInMemory.of(shorter)))
                .isInstanceOfSatisfying(MalformedFileException.class, refused -> {
                    assertThat(refused.at()).matches("byte \\d+");
                    assertThat(Long.parseLong(refused.at().substring("byte ".length())))
                            .isLessThanOrEqualTo(shorter.length);
                });
    }

    /** Whatever byte of a header is another one, the file is read or refused. */
    @Property(tries = 1_000)
    void aByteThatIsChangedIsReadOrRefused(
            @ForAll("stored") Stored only, @ForAll @IntRange(max = 1 << 20) int at, @ForAll byte value)
            throws IOException {
        BytesInMemory file =
                written(false, true, 5, List.of(only), List.of(1, 2)).file();
        byte[] changed = file.bytes();
        changed[at % changed.length] = value;
        try {
            assertThat(GgufReader.read(new BytesInMemory("some.gguf", changed, file.length()))
                            .tensors())
                    .hasSizeLessThanOrEqualTo(1);
        } catch (MalformedFileException refused) {
            assertThat(refused).hasMessageStartingWith("some.gguf: ");
        }
    }
}
