package io.llmsizing.checkpoint;

import static io.llmsizing.checkpoint.SafetensorsWriter.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A header is read to the byte, and one that is wrong is refused with its place. */
class SafetensorsReaderTest {
    @TempDir
    private Path folder;

    private List<StoredTensor> read(Path file) throws IOException {
        try (ByteSource source = new LocalFile(file)) {
            return SafetensorsReader.read(source);
        }
    }

    private List<StoredTensor> read(String header, long data) throws IOException {
        return read(SafetensorsWriter.file(folder.resolve("a.safetensors"), header, data));
    }

    @Test
    void tensorsComeInTheOrderOfTheirBytes() throws IOException {
        List<StoredTensor> tensors = read(
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[12,16]},"
                        + "\"a\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[0,12]},"
                        + "\"empty\":{\"dtype\":\"F16\",\"shape\":[0,3],\"data_offsets\":[12,12]}}",
                16);
        assertThat(tensors).extracting(StoredTensor::name).containsExactly("a", "empty", "b");
        assertThat(tensors).extracting(StoredTensor::bytes).containsExactly(12L, 0L, 4L);
        assertThat(tensors).extracting(StoredTensor::elements).containsExactly(6L, 0L, 1L);
        assertThat(tensors.get(2).offset()).isEqualTo(tensors.get(0).offset() + 12);
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, 4, 4",
        "U8, 4, 4",
        "I8, 4, 4",
        "F8_E5M2, 4, 4",
        "F8_E4M3, 4, 4",
        "F8_E8M0, 4, 4",
        "F8_E4M3FNUZ, 4, 4",
        "F8_E5M2FNUZ, 4, 4",
        "F4, 4, 2",
        "F6_E2M3, 4, 3",
        "F6_E3M2, 4, 3",
        "I16, 4, 8",
        "U16, 4, 8",
        "F16, 4, 8",
        "BF16, 4, 8",
        "I32, 4, 16",
        "U32, 4, 16",
        "F32, 4, 16",
        "C64, 4, 32",
        "F64, 4, 32",
        "I64, 4, 32",
        "U64, 4, 32"
    })
    void everyTypeOfTheFormatHasItsBytes(String dtype, long elements, long bytes) throws IOException {
        String header =
                "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + elements + "],\"data_offsets\":[0," + bytes + "]}}";
        assertThat(read(header, bytes)).extracting(StoredTensor::bytes).containsExactly(bytes);
        assertThatThrownBy(() -> read(header.replace("[0," + bytes, "[0," + (bytes + 1)), bytes + 1))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("a.data_offsets: [0, " + (bytes + 1) + "], " + (bytes + 1) + " B; the shape [4]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"a":{"dtype":"BF17","shape":[1],"data_offsets":[0,2]}}                        | 2  | a.dtype: "BF17"; known: F32
            {"a":{"dtype":"BF16","data_offsets":[0,2]}}                                    | 2  | a.shape: absent
            {"a":{"dtype":"BF16","shape":[1]}}                                             | 2  | a.data_offsets: []; expected begin and end
            {"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2],"x":1}}                  | 2  | a.x: unknown key
            {"a":{"dtype":"BF16","shape":[-1],"data_offsets":[0,2]}}                       | 2  | a.shape: -1; expected a whole number from 0
            {"a":{"dtype":"BF16","shape":[1],"data_offsets":[2,0]}}                        | 2  | a.data_offsets: [2, 0]; expected begin and end
            {"a":{"dtype":"BF16","shape":[1],"data_offsets":[-2,0]}}                       | 2  | a.data_offsets: -2; expected a whole number
            {"a":{"dtype":"BF16","shape":[281474976710656,281474976710656],"data_offsets":[0,2]}} | 2 | a.shape: [281474976710656, 281474976710656]; more elements than 2^63
            {"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}                        | 1  | the file is 64 B long and its tensors end at byte 65; it is cut off
            {"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}                        | 3  | byte 65: the file is 66 B long and its tensors end at byte 65
            {"a":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]}}                        | 4  | a begins at byte 65; expected byte 63
            {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}} | 3 | inside the tensor before it
            {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}} | 4 | byte 64: Duplicate field 'a'
            {"a":[1]}                                                                      | 0  | a: a list of 1; expected an object
            {"a":{"dtype":{"x":{}},"shape":[1],"data_offsets":[0,2]}}                      | 2  | a.dtype: an object; expected a text
            {"a":                                                                          | 0  | byte 13: the text ends before its JSON does
            {} {}                                                                          | 0  | something follows the end of the object
            """)
    void aHeaderThatIsWrongIsRefusedWithItsPlace(String header, long data, String fragment) {
        assertThatThrownBy(() -> read(header, data))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("a.safetensors: ")
                .hasMessageContaining(fragment);
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("nesting depth");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1%s],\"data_offsets\":[0,1]}}",
                "{\"a\":{\"shape\":[[]%s]}}",
                "{\"a\":[0%s]}"
            })
    void aListWithoutEndIsGivenUpBeforeItIsHeld(String header) {
        String endless = ",1".repeat(20_000_000);
        assertThatThrownBy(() -> read(String.format(header, endless), 1))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("a.safetensors: a: holds more than 2^18 names and values");
    }

    @Test
    void whatIsSaidOfAnErrorIsAboutTheFile() {
        assertThatThrownBy(() -> read("{\"a\":[1", 0))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("the text ends before its JSON does")
                .hasMessageNotContaining("Source");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "empty", textBlock = """
            empty                                        | byte 0: the file ends here
            1234567                                      | byte 7: the file ends here
            GGUF12345678                                 | a GGUF file
            version https://git-lfs.github.com/spec/v1   | a Git LFS pointer
            <!DOCTYPE html><html>                        | a web page
            0123456789abcdef                             | byte 0: not safetensors: a header of 3978425819141910832 B
            """)
    void aFileOfAnotherKindIsToldFromOne(String content, String fragment) throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.write(file, content == null ? new byte[0] : content.getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(fragment);
    }

    @Test
    void aHeaderBeyondTheFileIsRefusedBeforeItIsRead() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.write(file, new byte[] {0, 0, 0, 5, 0, 0, 0, 0, '{', '}', ' '});
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("byte 11: the file ends here; its header alone takes 83886088 B");
    }

    @Test
    void manySmallAndOneLargeTensorAreReadAlike() throws IOException {
        Path file = SafetensorsWriter.file(
                folder.resolve("a.safetensors"),
                List.of(tensor("experts", "F4", 256, 1 << 20, 1 << 12), tensor("scale", "F32")));
        assertThat(read(file)).extracting(StoredTensor::bytes).containsExactly(1L << 39, 4L);
    }
}
