package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogOverlayTest {
    private static final Catalog BUNDLED = Catalog.bundled();
    private static final String SMALL = """
            {"id": "me/Small", "hidden": 64, "vocabulary": 100, "layers": [{"count": 2, "attention":
            {"kind": "grouped_query", "heads": 4, "key_value_heads": 2, "key_width": 16, "value_width": 16},
            "feed_forward": {"kind": "dense", "width": 128}, "norm_vectors": 2}],
            "weights": "bf16", "context_tokens": 50, "source": "a test"}""";

    @TempDir
    private Path directory;

    @Test
    void anEntryWithANewIdIsAddedAndTheRestStays() throws IOException {
        models("me/Small,small;tiny one,mine.json", SMALL);
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThat(mine.model("Tiny One").name()).isEqualTo("me/Small");
        assertThat(mine.model("deepseek-r1").name()).isEqualTo("deepseek-ai/DeepSeek-R1");
        assertThat(mine.modelIds().iterator().next()).isEqualTo("me/Small");
        assertThat(mine.modelIds())
                .containsAll(BUNDLED.modelIds())
                .hasSize(BUNDLED.modelIds().size() + 1);
        assertThat(mine.aliases("me/Small")).containsExactly("small", "tiny one");
        assertThat(mine.accelerators()).isEqualTo(BUNDLED.accelerators());
    }

    @Test
    void aSharedNameStandsOnce() throws IOException {
        Files.writeString(directory.resolve("nodes.csv"), String.join(",", NodeTable.COLUMNS) + "\n");
        Files.writeString(directory.resolve("shared-names.csv"), """
                name,usual,others
                our card,nvidia-l4,nvidia-l40s
                Our-Card,nvidia-l40s,nvidia-l4
                """);
        assertThatThrownBy(() -> BUNDLED.overlaidBy(directory))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("shared-names.csv: line 3, column name: \"Our-Card\" stands twice");
    }

    @Test
    void anEntryWithAKnownIdReplacesThatOneAndTheBundledCatalogueStaysAsItWas() throws IOException {
        models("Qwen/Qwen3-8B,qwen3-8b,mine.json", SMALL.replace("me/Small", "Qwen/Qwen3-8B"));
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThat(mine.model("qwen3-8b").hidden()).isEqualTo(64);
        assertThat(mine.modelIds()).hasSameSizeAs(BUNDLED.modelIds());
        assertThat(BUNDLED.model("qwen3-8b").hidden()).isEqualTo(4_096);
    }

    @Test
    void anOwnEntryMayBorrowTheShapeOfABundledOne() throws IOException {
        models(
                "me/R1,,mine.json",
                "{\"id\": \"me/R1\", \"shape_of\": \"deepseek-ai/DeepSeek-R1\", \"weights\": \"int4\","
                        + " \"context_tokens\": 1000, \"source\": \"a test\"}");
        Model borrowed = BUNDLED.overlaidBy(directory).model("me/r1");
        assertThat(borrowed.parameters()).isEqualTo(BUNDLED.model("r1").parameters());
        assertThat(borrowed.contextTokens()).isEqualTo(1_000);
        assertThat(borrowed.weights().name())
                .isNotEqualTo(BUNDLED.model("r1").weights().name());
        assertThat(borrowed.source()).isEqualTo("a test");
    }

    @Test
    void shapesBorrowedInACircleAreRefused() throws IOException {
        models(
                "me/A,,mine.json\nme/B,,mine.json",
                "{\"id\": \"me/A\", \"shape_of\": \"me/B\", \"source\": \"a test\"}, "
                        + "{\"id\": \"me/B\", \"shape_of\": \"me/A\", \"source\": \"a test\"}");
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThatThrownBy(() -> mine.model("me/A"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("mine.json")
                .hasMessageContaining("shape_of")
                .hasMessageContaining("circle");
    }

    @Test
    void aShapeThatNobodyHasIsNamed() throws IOException {
        models("me/A,,mine.json", "{\"id\": \"me/A\", \"shape_of\": \"me/Gone\", \"source\": \"a test\"}");
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThatThrownBy(() -> mine.model("me/A"))
                .isInstanceOf(UnknownNameException.class)
                .hasMessageContaining("'me/Gone'");
    }

    @Test
    void aBorrowedShapeTakesNoKeysThatChangeTheShape() throws IOException {
        models(
                "me/A,,mine.json",
                "{\"id\": \"me/A\", \"shape_of\": \"Qwen/Qwen3-8B\", \"hidden\": 5, \"source\": \"a test\"}");
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThatThrownBy(() -> mine.model("me/A"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("hidden: unknown key");
    }

    @Test
    void anEntryThatTheIndexPromisesAndTheFileLacksIsNamed() throws IOException {
        models("me/Small,,mine.json\nme/Other,,mine.json", SMALL);
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThatThrownBy(() -> mine.model("me/Other"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("me/Other")
                .hasMessageContaining("mine.json");
    }

    @Test
    void anIdThatStandsTwiceIsRefusedInTheIndexAndInTheFile() throws IOException {
        models("me/Small,,mine.json", SMALL + ", " + SMALL);
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThatThrownBy(() -> mine.model("me/Small"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("stands twice");
        models("me/Small,,mine.json\nme/Small,,mine.json", SMALL);
        assertThatThrownBy(() -> BUNDLED.overlaidBy(directory))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("index.csv: line 3, column id")
                .hasMessageContaining("stands twice");
    }

    @Test
    void ownAcceleratorsReplaceAndAdd() throws IOException {
        String row = "%s,%s,%s,,Maker,Arch,desktop,released,1,24 GB,GDDR6,false,25769803776,25318916096,25318916096,"
                + "25318916096,observed,936000000000,bf16,,PCIe 4,32000000000,1,,,,,,,,vllm,a test,2026-11-23";
        Files.writeString(
                directory.resolve("accelerators.csv"),
                String.join(",", AcceleratorTable.COLUMNS)
                        + "\n" + String.format(row, "my-card", "My Card", "mine")
                        + "\n" + String.format(row, "nvidia-l4", "Other L4", "L4") + "\n");
        Catalog mine = BUNDLED.overlaidBy(directory);
        assertThat(mine.accelerators()).hasSize(BUNDLED.accelerators().size() + 1);
        assertThat(mine.accelerator("mine").name()).isEqualTo("My Card");
        assertThat(mine.accelerator("L4").name()).isEqualTo("Other L4");
        assertThat(BUNDLED.accelerator("L4").name()).isEqualTo("NVIDIA L4");
        assertThat(mine.modelIds()).isEqualTo(BUNDLED.modelIds());
    }

    @Test
    void aMalformedOwnTableIsNamedWithItsPath() throws IOException {
        Files.writeString(directory.resolve("accelerators.csv"), "id,name\nx,y\n");
        assertThatThrownBy(() -> BUNDLED.overlaidBy(directory))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(directory.resolve("accelerators.csv").toString());
    }

    @Test
    void aDirectoryWithNeitherTableIsRefused() {
        assertThatThrownBy(() -> BUNDLED.overlaidBy(directory))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining(
                        "holds none of accelerators.csv, nodes.csv, mig-profiles.csv and models/index.csv");
        assertThatThrownBy(() -> BUNDLED.overlaidBy(directory.resolve("absent")))
                .isInstanceOf(MalformedFileException.class);
    }

    private void models(String index, String entries) throws IOException {
        Path models = Files.createDirectories(directory.resolve("models"));
        Files.writeString(models.resolve("index.csv"), "id,aliases,file\n" + index + "\n");
        Files.writeString(models.resolve("mine.json"), "{\"models\": [" + entries + "]}");
    }
}
