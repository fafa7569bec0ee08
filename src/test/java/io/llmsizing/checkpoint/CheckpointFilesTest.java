package io.llmsizing.checkpoint;

import static io.llmsizing.checkpoint.SafetensorsWriter.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.checkpoint.SafetensorsWriter.Tensor;
import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy beside the checkpoint is named and not counted, and what can't be told apart is refused. */
class CheckpointFilesTest {
    private static final List<Tensor> TENSORS =
            List.of(tensor("a", "BF16", 8), tensor("b", "BF16", 8), tensor("c", "BF16", 8), tensor("d", "BF16", 8));

    @TempDir
    private Path folder;

    private void touch(String... files) throws IOException {
        for (String file : files) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            SafetensorsWriter.file(path, TENSORS);
        }
    }

    private Checkpoint read() throws IOException {
        return Checkpoint.read(folder);
    }

    @Test
    void copiesInTheVendorsLayoutAreNotCounted() throws IOException {
        SafetensorsWriter.shards(folder, TENSORS, 2);
        touch(
                "original/consolidated.00.pth",
                "consolidated.safetensors",
                "metal/model.bin",
                "adapter_model.safetensors");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThat(read().files())
                .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        assertThat(read().bytes()).isEqualTo(64);
        assertThat(read().leftOut().keySet())
                .containsExactly(
                        "adapter_model.safetensors",
                        "consolidated.safetensors",
                        "metal/model.bin",
                        "original/consolidated.00.pth");
    }

    @Test
    void anIndexSaysWhichFilesBelong() throws IOException {
        SafetensorsWriter.shards(folder, TENSORS, 2);
        touch("model-00003-of-00003.safetensors", "model.safetensors");
        assertThat(read().files()).hasSize(2);
        assertThat(Checkpoint.read(folder.resolve("model.safetensors.index.json"))
                        .files())
                .isEqualTo(read().files());
        assertThat(read().leftOut()).hasSize(2);
    }

    @Test
    void aDownloadThatIsNotCompleteIsRefused() throws IOException {
        SafetensorsWriter.shards(folder, TENSORS, 1);
        Files.delete(folder.resolve("model-00003-of-00004.safetensors"));
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(
                        "weight_map: 1 of 4 files are not there, such as model-00003-of-00004.safetensors");
        Files.delete(folder.resolve("model.safetensors.index.json"));
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("model-00003-of-00004.safetensors: not there; part 3 of 4 is missing");
    }

    @Test
    void aPartBringsTheOthersWithIt() throws IOException {
        SafetensorsWriter.shards(folder, TENSORS, 1);
        Checkpoint parts = Checkpoint.read(folder.resolve("model-00002-of-00004.safetensors"));
        assertThat(parts.files()).hasSize(4);
        assertThat(parts.bytes()).isEqualTo(64);
    }

    @Test
    void severalCheckpointsInAFolderAreRefusedUnlessOneIsNamed() throws IOException {
        touch("one.safetensors", "two.safetensors");
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("2 checkpoints: one.safetensors, two.safetensors; name one of the files");
        assertThat(Checkpoint.read(folder.resolve("two.safetensors")).bytes()).isEqualTo(64);
    }

    @Test
    void partsOfTwoDownloadsUnderOneNameAreTwoCheckpoints() throws IOException {
        touch(
                "model-00001-of-00001.safetensors",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors");
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("2 checkpoints: model-00001-of-00001.safetensors, model-00001-of-00002");
        assertThat(Checkpoint.read(folder.resolve("model-00001-of-00001.safetensors"))
                        .files())
                .hasSize(1);
        assertThatThrownBy(() -> Checkpoint.read(folder.resolve("model-00003-of-00002.safetensors")))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("model-00003-of-00002.safetensors: part 3 of 2; expected a part of 1 to 4096");
    }

    @Test
    void keysBesideTheIndexAreNotHeld() throws IOException {
        touch("model.safetensors");
        StringBuilder index = new StringBuilder("{\"metadata\":{\"0\":0");
        for (int key = 1; key < 1 << 18; key++) {
            index.append(",\"").append(key).append("\":0");
        }
        index.append("},\"weight_map\":{\"a\":\"model.safetensors\"}}");
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("metadata: holds more than 2^18 names and values");
    }

    @Test
    void linksInACircleAreNamed() throws IOException {
        touch("model.safetensors");
        Files.createSymbolicLink(folder.resolve("again"), folder);
        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("again is a link to a folder around it");
    }

    @Test
    void whatIsNoFileIsNotWaitedFor() throws IOException {
        Path folderOfThatName = Files.createDirectory(folder.resolve("a.gguf"));
        assertThatThrownBy(() -> new LocalFile(folderOfThatName))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("a.gguf: file: no regular file");
    }

    @Test
    void theVendorsOwnLayoutIsTakenWhereItIsTheOnlyOne() throws IOException {
        touch("consolidated.safetensors");
        assertThat(read().files()).containsExactly("consolidated.safetensors");
    }

    @Test
    void picklesAreNotRead() throws IOException {
        touch("pytorch_model.bin");
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("no safetensors and no GGUF among 1 files; pickled weights are not read");
    }

    @Test
    void aTensorThatStandsInTwoFilesIsRefused() throws IOException {
        touch("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("a: stands in model-00001-of-00002.safetensors too");
    }

    @Test
    void withoutAConfigTensorsAreReadAndAModelIsNot() throws IOException {
        touch("model.safetensors");
        assertThat(read().bytes()).isEqualTo(64);
        Checkpoint checkpoint = read();
        assertThatThrownBy(checkpoint::reading)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("config.json: not there; it says what the tensors mean");
    }
}
