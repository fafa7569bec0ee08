package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.GgmlFormats;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufReaderTest {
    private static final GgufWriter WRITER = new GgufWriter(3, ByteOrder.LITTLE_ENDIAN);

    private static GgufWriter writer() {
        return GgufWriter.ofArchitecture("llama");
    }

    @Test
    void aHeaderSaysWhereEachTensorLiesAndHowManyBytesItTakes() throws IOException {
        GgufFile file = GgufReader.read(writer().whole("llama.block_count", 32)
                .tensor("token_embd.weight", GgmlFormats.named("q4_k").orElseThrow(), 128_256, 4_096)
                .tensor("output_norm.weight", Formats.FP32, 4_096)
                .tensor("blk.0.ffn_up_exps.weight", GgmlFormats.named("q6_k").orElseThrow(), 8, 14_336, 4_096)
                .file());
        assertThat(file.tensors()).extracting(StoredTensor::bytes).containsExactly(295_501_824L, 16_384L, 385_351_680L);
        assertThat(file.tensors().get(2).shape()).containsExactly(8L, 14_336L, 4_096L);
        assertThat(file.tensors().get(0).offset()).isEqualTo(file.dataStart());
        assertThat(file.tensors().get(1).offset()).isEqualTo(file.dataStart() + 295_501_824L);
        assertThat(file.dataStart() % 32).isZero();
        assertThat(file.tensorBytes()).isEqualTo(295_501_824L + 16_384 + 385_351_680);
        assertThat(file.elements()).isEqualTo(525_336_576L + 4_096 + 469_762_048);
        assertThat(file.bitsPerWeight().toDisplay(4)).isEqualTo("5.4738");
        assertThat(file.metadata().wholeOf("block_count", 1, 100)).isEqualTo(32);
    }

    @Test
    void everyTypeOfGgmlIsRead() throws IOException {
        GgufWriter all = writer();
        GgmlFormats.all().forEach((id, type) -> all.tensor("tensor." + id, type, 3, 512));
        GgufFile file = GgufReader.read(all.file());
        assertThat(file.tensors())
                .hasSize(GgmlFormats.all().size())
                .allSatisfy(tensor ->
                        assertThat(tensor.bytes()).isEqualTo(tensor.type().bytes(3, 512)));
    }

    @Test
    void allKindsOfValuesAreRead() throws IOException {
        GgufMetadata metadata = GgufReader.read(writer().raw("uint8", 0, WRITER.number(1, 255))
                        .raw("int8", 1, WRITER.number(1, -1))
                        .raw("uint16", 2, WRITER.number(2, 65_535))
                        .raw("int16", 3, WRITER.number(2, -2))
                        .raw("uint32", 4, WRITER.number(4, 0xffff_ffffL))
                        .raw("int32", 5, WRITER.number(4, -3))
                        .decimal("float32", 0.1f)
                        .flag("bool", true)
                        .text("string", "größer")
                        .wholes("array", List.of(1, -2, 3))
                        .raw("uint64", 10, WRITER.number(8, -1))
                        .raw("int64", 11, WRITER.number(8, -4))
                        .raw("float64", 12, WRITER.number(8, Double.doubleToLongBits(1e6)))
                        .flags("flags", List.of(true, false))
                        .file())
                .metadata();
        assertThat(metadata.whole("uint8", 0, 255)).isEqualTo(255);
        assertThat(metadata.whole("int8", -1, 0)).isEqualTo(-1);
        assertThat(metadata.whole("uint16", 0, 1 << 20)).isEqualTo(65_535);
        assertThat(metadata.whole("int16", -9, 0)).isEqualTo(-2);
        assertThat(metadata.whole("uint32", 0, 1L << 32)).isEqualTo(4_294_967_295L);
        assertThat(metadata.whole("int32", -9, 0)).isEqualTo(-3);
        assertThat(metadata.decimal("float32")).contains("0.1");
        assertThat(metadata.flag("bool", false)).isTrue();
        assertThat(metadata.text("string")).contains("größer");
        assertThat(metadata.wholes("array", -9, 9)).containsExactly(1L, -2L, 3L);
        assertThat(metadata.shown("uint64")).isEqualTo("18446744073709551615");
        assertThat(metadata.whole("int64", -9, 0)).isEqualTo(-4);
        assertThat(metadata.decimal("float64")).contains("1000000");
        assertThat(metadata.wholes("flags", 0, 1)).containsExactly(1L, 0L);
        assertThat(metadata.keys()).hasSize(15);
    }

    @Test
    void valuesThatAreNotWhatIsAskedForAreNamedWithTheirPlace() throws IOException {
        GgufMetadata metadata = GgufReader.read(
                        writer().whole("llama.block_count", 0).tokens(4).file())
                .metadata();
        assertThatThrownBy(() -> metadata.wholeOf("block_count", 1, 100))
                .isInstanceOf(MalformedFileException.class)
                .hasMessage("some.gguf: byte 98, llama.block_count: 0; expected a whole number from 1 to 100");
        assertThatThrownBy(() -> metadata.wholeOf("head_count", 1, 100))
                .hasMessage("some.gguf: llama.head_count: absent; expected a whole number from 1 to 100");
        assertThatThrownBy(() -> metadata.text("llama.block_count")).hasMessageContaining("expected a text");
        assertThatThrownBy(() -> metadata.flag("llama.block_count", true)).hasMessageContaining("true or false");
        assertThatThrownBy(() -> metadata.decimal("general.architecture")).hasMessageContaining("expected a number");
        assertThatThrownBy(() -> metadata.wholes("tokenizer.ggml.tokens", 0, 9))
                .hasMessageContaining("a list of texts of 4 (72 B)");
        assertThatThrownBy(() -> metadata.length("llama.block_count")).hasMessageContaining("expected a list");
        assertThat(metadata.length("tokenizer.ggml.tokens")).contains(4L);
    }

    @Test
    void aFileOfHundredsOfGigabytesCostsNoMoreThanItsHeader(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("large.gguf");
        BytesInMemory large = writer().tensor("blk.0.ffn_up_exps.weight", Formats.BF16, 3_000, 8_192, 8_192)
                .file();
        Files.write(path, large.bytes());
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength(large.length());
        }
        try (ByteSource source = LocalFolder.of(folder).open("large.gguf")) {
            assertThat(GgufReader.read(source).tensorBytes()).isEqualTo(402_653_184_000L);
        }
    }

    @Test
    void aVocabularyOfAQuarterMillionTokensIsPassedOverWithoutBeingHeld() throws IOException {
        BytesInMemory file = writer().tokens(262_144).file();
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        GgufReader.read(file);
        long before = thread.getCurrentThreadAllocatedBytes();
        GgufFile read = GgufReader.read(file);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 18);
        assertThat(read.metadata().length("tokenizer.ggml.tokens")).contains(262_144L);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void bothOrdersOfBytesAreSeenFromTheVersion(int version) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            GgufFile file = GgufReader.read(new GgufWriter(version, order)
                    .text("general.architecture", "gpt2")
                    .tensor("output.weight", Formats.FP16, 10, 20)
                    .file());
            assertThat(file.version()).isEqualTo(version);
            assertThat(file.bigEndian()).isEqualTo(order == ByteOrder.BIG_ENDIAN);
            assertThat(file.tensorBytes()).isEqualTo(400);
        }
    }

    @Test
    void tensorsMayBeListedInAnyOrder() throws IOException {
        GgufWriter unsorted = writer().tensorAt("second", 0, 64, 16).tensorAt("first", 0, 0, 16);
        byte[] header = unsorted.header();
        GgufFile file = GgufReader.read(new BytesInMemory("some.gguf", header, header.length + 256));
        assertThat(file.tensors()).extracting(StoredTensor::name).containsExactly("second", "first");
        assertThat(file.tensors().get(0).offset()).isEqualTo(file.dataStart() + 64);
    }

    @Test
    void aLargerAlignmentMovesTheData() throws IOException {
        GgufFile file = GgufReader.read(writer().alignment(4_096)
                .tensor("a", Formats.FP32, 3)
                .tensor("b", Formats.FP32, 3)
                .file());
        assertThat(file.dataStart()).isEqualTo(4_096);
        assertThat(file.tensors().get(1).offset()).isEqualTo(8_192);
    }

    private static byte[] of(GgufWriter writer) {
        byte[] header = writer.header();
        return Arrays.copyOf(header, header.length + 256);
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        copy[at] = (byte) value;
        return copy;
    }

    /** The tensor's entry begins behind 24 bytes and the architecture's 45. */
    static Stream<Arguments> malformed() {
        byte[] one = of(writer().tensor("t", Formats.FP32, 16));
        GgufWriter deep = writer();
        byte[] nested = WRITER.number(4, 0);
        for (int i = 0; i < 6; i++) {
            nested = GgufWriter.concat(WRITER.number(4, 9), WRITER.number(8, 1), nested);
        }
        return Stream.of(
                arguments("nothing", new byte[0], "byte 0: truncated: the magic number takes 4 B"),
                arguments(
                        "a text",
                        "version https://git-lfs".getBytes(StandardCharsets.UTF_8),
                        "byte 0: begins like a text"),
                arguments("old", new byte[] {0x74, 0x6a, 0x67, 0x67}, "byte 0: a ggml file from before GGUF"),
                arguments("another", "PK\3\4....".getBytes(StandardCharsets.UTF_8), "begins with the bytes 504b0304"),
                arguments("version 1", changed(one, 4, 1), "byte 4: version 1, which was in use"),
                arguments("version 4", changed(one, 4, 4), "byte 4: version 4; expected 2 or 3"),
                arguments("cut in the version", Arrays.copyOf(one, 6), "byte 4: truncated: the version takes 4 B"),
                arguments("cut in a key", Arrays.copyOf(one, 50), "byte 24: the name of key 0 is 20 B long"),
                arguments(
                        "too many tensors", changed(one, 15, 1), "byte 8: the number of tensors is 72057594037927937"),
                arguments(
                        "negative tensors",
                        changed(one, 15, 0xff),
                        "byte 8: the number of tensors is 18374686479671623681"),
                arguments(
                        "more tensors than bytes", changed(one, 9, 1), "byte 8: truncated: 257 tensors are announced"),
                arguments("too many keys", changed(one, 18, 1), "byte 16: the number of keys is 65537"),
                arguments(
                        "a long key",
                        of(writer().whole("k".repeat(257), 1)),
                        "byte 69: the name of key 1 is 257 B long"),
                arguments("a key twice", of(writer().whole("a", 1).whole("a", 1)), "byte 86: key a stands there twice"),
                arguments(
                        "a type of 13",
                        of(writer().raw("a", 13, new byte[0])),
                        "byte 78: type 13 of a; expected 0 to 12"),
                arguments(
                        "an endless text",
                        changed(of(writer().text("a", "b")), 89, 0x7f),
                        "byte 82: a is 9151314442816847873 B long"),
                arguments(
                        "no UTF-8",
                        of(writer().raw("a", 8, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, -1})),
                        "byte 82: a is not UTF-8"),
                arguments(
                        "neither true nor false",
                        of(writer().raw("a", 7, new byte[] {2})),
                        "byte 82: 2 for a; expected 0 or 1"),
                arguments(
                        "an endless list",
                        of(writer().list("a", 10, 1 << 20, new byte[0])),
                        "byte 86: the length of a is 1048576"),
                arguments(
                        "a list beyond the end",
                        of(writer().list("a", 12, 200, new byte[0])),
                        "byte 82: a has 200 elements of 8 B"),
                arguments("lists in lists", of(deep.raw("a", 9, nested)), "a holds lists in lists, deeper than 4"),
                arguments(
                        "an odd alignment", of(writer().whole("general.alignment", 48)), "48; expected a power of two"),
                arguments(
                        "no alignment",
                        of(writer().whole("general.alignment", 0)),
                        "0; expected a whole number from 1"),
                arguments(
                        "a tensor twice",
                        of(writer().tensor("t", Formats.FP32, 8).tensor("t", Formats.FP32, 8)),
                        "byte 102: tensor t stands there twice"),
                arguments(
                        "a long name",
                        of(writer().tensor("t".repeat(257), Formats.FP32, 8)),
                        "byte 69: the name of tensor 0 is 257 B long"),
                arguments(
                        "five dimensions",
                        of(writer().tensor("t", Formats.FP32, 1, 1, 1, 1, 1)),
                        "byte 78: t has 5 dimensions"),
                arguments("an empty dimension", of(writer().tensorAt("t", 0, 0, 0)), "byte 82: a dimension of t is 0"),
                arguments(
                        "a negative dimension",
                        of(writer().tensorAt("t", 0, 0, -1)),
                        "byte 82: a dimension of t is 18446744073709551615"),
                arguments(
                        "a type withdrawn", of(writer().tensorAt("t", 4, 0, 32)), "byte 90: type 4 of t is not known"),
                arguments(
                        "half a block",
                        of(writer().tensorAt("t", 12, 0, 128)),
                        "byte 78: rows of t have 128 elements; expected whole blocks of 256, as q4_k"),
                arguments(
                        "too many elements",
                        of(writer().tensorAt("t", 0, 0, 1L << 40, 1L << 40)),
                        "byte 78: t of the shape [1099511627776, 1099511627776] takes more"),
                arguments(
                        "a negative offset",
                        of(writer().tensorAt("t", 0, -32, 8)),
                        "byte 94: the offset of t is 18446744073709551584"),
                arguments(
                        "an offset beyond",
                        of(writer().tensorAt("t", 0, 4_096, 8)),
                        "byte 94: the offset of t is 4096"),
                arguments(
                        "an offset between",
                        of(writer().tensorAt("t", 0, 16, 8)),
                        "byte 69: t lies at 16 of the data; expected a multiple of 32"),
                arguments(
                        "one over another",
                        of(writer().tensorAt("t", 0, 0, 16).tensorAt("u", 0, 32, 8)),
                        "byte 102: u begins at 32 of the data, inside t, which ends at 64"),
                arguments(
                        "a tensor cut",
                        of(writer().tensorAt("t", 0, 224, 32)),
                        "byte 69: truncated: t takes 128 B from byte 352 on, and the file ends at byte 358"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void whatIsMalformedIsNamedWithItsByte(String what, byte[] bytes, String expected) {
        assertThatThrownBy(() -> GgufReader.read(BytesInMemory.of(bytes)))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith("some.gguf: byte ")
                .hasMessageContaining(expected);
    }

    @Test
    void aLongListIsShownByItsBeginning() throws IOException {
        GgufMetadata metadata = GgufReader.read(
                        writer().wholes("a", Collections.nCopies(1_024, 7)).file())
                .metadata();
        assertThat(metadata.problem("a", "expected another"))
                .hasMessageContaining("7, 7...; expected another")
                .message()
                .hasSizeLessThan(200);
    }

    @Test
    void aListThatNeverEndsIsGivenUp() {
        byte[] header = writer().list("a", 8, 1L << 34, new byte[0]).header();
        assertThatThrownBy(() -> GgufReader.read(new BytesInMemory("some.gguf", header, 1L << 40)))
                .hasMessageContaining("hold more than 4,194,304 texts or lists");
    }
}
