package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.quantization.Formats;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class GgufSplitTest {
    private static BytesInMemory part(int number, int count, int tensors, String... names) {
        GgufWriter writer = number == 0
                ? GgufWriter.ofArchitecture("llama").whole("llama.block_count", 2)
                : new GgufWriter(3, ByteOrder.LITTLE_ENDIAN);
        writer.whole("split.no", number).whole("split.count", count).whole("split.tensors.count", tensors);
        for (String name : names) {
            writer.tensor(name, Formats.BF16, 4, 8);
        }
        return writer.file(String.format("m-%05d-of-%05d.gguf", number + 1, count));
    }

    @Test
    void partsTogetherAreOneFile() throws IOException {
        GgufFile file = GgufSplit.read(List.of(part(0, 3, 3), part(1, 3, 3, "a", "b"), part(2, 3, 3, "c")));
        assertThat(file.metadata().wholeOf("block_count", 1, 9)).isEqualTo(2);
        assertThat(file.tensors()).extracting(StoredTensor::name).containsExactly("a", "b", "c");
        assertThat(file.tensors())
                .extracting(StoredTensor::file)
                .containsExactly("m-00002-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf");
        assertThat(file.tensorBytes()).isEqualTo(3 * 64);
    }

    @Test
    void aWholeFileIsItsOnlyPart() throws IOException {
        BytesInMemory whole =
                GgufWriter.ofArchitecture("llama").tensor("a", Formats.BF16, 8).file();
        assertThat(GgufSplit.read(List.of(whole)).tensors())
                .isEqualTo(GgufReader.read(whole).tensors());
    }

    @Test
    void partsThatAreMissingDoubledOrOutOfPlaceAreRefused() {
        assertThatThrownBy(() -> GgufSplit.read(List.of(part(0, 2, 1, "a"))))
                .hasMessageContaining("split.count: 2; expected 1, as many files as are given");
        assertThatThrownBy(() -> GgufSplit.read(List.of(part(1, 2, 2, "b"), part(0, 2, 2, "a"))))
                .hasMessageContaining("split.no: 1; expected 0");
        assertThatThrownBy(() -> GgufSplit.read(List.of(part(0, 2, 2, "a"), part(1, 2, 2, "a"))))
                .hasMessage("m-00002-of-00002.gguf: tensor a: stands in an earlier part too");
        assertThatThrownBy(() -> GgufSplit.read(List.of(part(0, 2, 3, "a"), part(1, 2, 3, "b"))))
                .hasMessageContaining("split.tensors.count: 3; expected 2");
        BytesInMemory renamed = new BytesInMemory(
                "m-00002-of-00002.gguf",
                part(0, 2, 2, "a").bytes(),
                part(0, 2, 2, "a").length());
        assertThatThrownBy(() -> GgufSplit.read(List.of(renamed, part(1, 2, 2, "b"))))
                .hasMessageContaining("split.no: 0; the file's name says part 2");
    }

    @Test
    void theNameOfOnePartNamesAll() {
        assertThat(GgufSplit.partsOf("q/m-00002-of-00003.gguf"))
                .containsExactly("q/m-00001-of-00003.gguf", "q/m-00002-of-00003.gguf", "q/m-00003-of-00003.gguf");
        assertThat(GgufSplit.partsOf("m.gguf")).containsExactly("m.gguf");
        assertThatThrownBy(() -> GgufSplit.partsOf("m-00004-of-00003.gguf")).hasMessageContaining("part 4 of 3");
        assertThatThrownBy(() -> GgufSplit.partsOf("m-00004-of-99999.gguf")).hasMessageContaining("at most 10000");
    }
}
