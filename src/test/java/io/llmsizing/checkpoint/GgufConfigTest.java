package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.Formats;
import io.llmsizing.reader.ModelReading;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufConfigTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static Stream<PublishedMetadata> published() throws IOException {
        return PublishedMetadata.all();
    }

    /** The same layers mean the same parameters, caches and states. The files of encoders have no head. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("published")
    void aFilesMetadataMakeTheModelThatWasPublished(PublishedMetadata line) throws IOException {
        ModelReading reading = GgufConfig.of(line.file()).read(line.model());
        Model model = reading.model();
        Model known = CATALOG.model(line.model());
        assertThat(model.layers()).isEqualTo(known.layers());
        assertThat(model.hidden()).isEqualTo(known.hidden());
        if (line.architecture().equals("bert")) {
            assertThat(model.embedding().vocabulary())
                    .isEqualTo(known.embedding().vocabulary());
        } else {
            assertThat(model.embedding()).isEqualTo(known.embedding());
            assertThat(model.parameters().total()).isEqualTo(known.parameters().total());
        }
    }

    @Test
    void everyArchitectureOfTheTableIsHeldToAPublishedModelOrNamedHere() throws IOException {
        Set<String> held = published().map(PublishedMetadata::architecture).collect(Collectors.toSet());
        assertThat(GgufConfig.architectureNames())
                .containsAll(held)
                .allSatisfy(name -> assertThat(held.contains(name) || GgufUncataloguedTest.ARCHITECTURES.contains(name))
                        .as(name)
                        .isTrue());
    }

    /** Llama-3.1-8B without what each case changes. */
    private static GgufWriter llama() {
        return GgufWriter.ofArchitecture("llama")
                .whole("llama.context_length", 131_072)
                .whole("llama.embedding_length", 4_096)
                .whole("llama.block_count", 32)
                .whole("llama.feed_forward_length", 14_336)
                .whole("llama.attention.head_count", 32)
                .whole("llama.attention.head_count_kv", 8)
                .whole("llama.rope.dimension_count", 128)
                .decimal("llama.rope.freq_base", 500_000)
                .tensor("token_embd.weight", Formats.BF16, 128_256, 4_096);
    }

    private static Model read(GgufWriter writer) throws IOException {
        return GgufConfig.of(GgufReader.read(writer.file())).read("some/model").model();
    }

    @Test
    void whatMetadataDoNotSayTensorsSay() throws IOException {
        assertThat(read(llama()).embedding().tied()).isTrue();
        assertThat(read(llama().tensor("output.weight", Formats.BF16, 128_256, 4_096))
                        .parameters()
                        .total())
                .isEqualTo(8_030_261_248L);
        Model biased = read(llama().tensor("blk.31.attn_q.bias", Formats.FP32, 4_096));
        assertThat(biased.parameters().total() - read(llama()).parameters().total())
                .isEqualTo(32L * (4_096 + 1_024 + 1_024 + 4_096));
    }

    @Test
    void llamaWithExpertsIsMixtral() throws IOException {
        GgufConfig config = GgufConfig.of(GgufReader.read(llama().whole("llama.expert_count", 8)
                .whole("llama.expert_used_count", 2)
                .file()));
        assertThat(config.modelType()).isEqualTo("mixtral");
        assertThat(config.json()).contains("\"num_local_experts\" : 8");
    }

    @Test
    void aKeyThatNobodyKnowsIsSaidOneThatOthersTakeSizesFromIsRefused() throws IOException {
        GgufConfig config = GgufConfig.of(GgufReader.read(llama().whole("llama.novel.width", 64)
                .whole("llama.attention.shared_kv_layers", 0)
                .whole("other.width", 3)
                .file()));
        assertThat(config.assumptions())
                .extracting(Object::toString)
                .containsExactly("llama.novel.width: 64 is not known, taken to change no size");
        assertThat(config.read("some/model").model().assumptions()).containsAll(config.assumptions());
        assertThatThrownBy(() -> read(llama().whole("llama.attention.shared_kv_layers", 4)))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessage("some.gguf: llama.attention.shared_kv_layers: 4: not understood for this architecture and"
                        + " changes sizes in others");
        assertThatThrownBy(() -> read(
                        llama().whole("llama.attention.key_length", 128).whole("llama.attention.value_length", 64)))
                .hasMessageContaining("llama.attention.value_length: 64: values as wide as keys are known");
    }

    @Test
    void layersThatDifferAreRefusedWhereTheArchitectureHasOneValue() {
        List<Integer> heads = Stream.iterate(1, i -> 9 - i).limit(32).toList();
        assertThatThrownBy(() -> read(GgufWriter.ofArchitecture("llama")
                        .whole("llama.embedding_length", 4_096)
                        .whole("llama.block_count", 32)
                        .whole("llama.attention.head_count", 32)
                        .wholes("llama.attention.head_count_kv", heads)
                        .whole("llama.feed_forward_length", 14_336)
                        .tensor("token_embd.weight", Formats.BF16, 128, 4_096)))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining("llama.attention.head_count_kv")
                .hasMessageContaining("one value for all layers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedding_length", "block_count", "feed_forward_length", "attention.head_count"})
    void aKeyThatIsMissingIsNamed(String missing) {
        GgufWriter writer = GgufWriter.ofArchitecture("llama").tensor("token_embd.weight", Formats.BF16, 128, 4_096);
        for (String key : List.of("embedding_length", "block_count", "feed_forward_length", "attention.head_count")) {
            if (!key.equals(missing)) {
                writer.whole("llama." + key, 32);
            }
        }
        assertThatThrownBy(() -> read(writer))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith("some.gguf: llama." + missing + ": absent");
    }

    @Test
    void aFileWithoutAVocabularyIsNoModel() {
        GgufWriter writer = GgufWriter.ofArchitecture("llama")
                .whole("llama.embedding_length", 64)
                .whole("llama.block_count", 1)
                .whole("llama.feed_forward_length", 64)
                .whole("llama.attention.head_count", 1);
        assertThatThrownBy(() -> read(writer))
                .hasMessage(
                        "some.gguf: tensor token_embd.weight: absent; vocab_size of this architecture follows from it");
    }

    @Test
    void whatIsNoLanguageModelOrNotKnownIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> read(GgufWriter.ofArchitecture("llama5")))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining("\"llama5\": not known; of")
                .hasMessageContaining("known architectures the nearest are llama, llama4");
        assertThatThrownBy(() -> read(GgufWriter.ofArchitecture("clip"))).hasMessageContaining("a file of its own");
        assertThatThrownBy(() -> read(GgufWriter.ofArchitecture("llama").text("general.type", "adapter")))
                .hasMessageContaining("adapter of llama; expected a language model");
        assertThatThrownBy(() -> read(new GgufWriter(3, ByteOrder.LITTLE_ENDIAN)))
                .hasMessageContaining("general.architecture: absent");
    }

    @Test
    void blocksThatPredictAreNoLayers() {
        assertThatThrownBy(() -> read(llama().whole("llama.nextn_predict_layers", 32)))
                .hasMessageContaining("llama.nextn_predict_layers: 32; expected fewer than the 32 of block_count");
    }

    @Test
    void blocksThatPredictAndAreNotCountedAreSaid() throws IOException {
        assertThat(GgufConfig.of(
                                PublishedMetadata.of("XiaomiMiMo/MiMo-V2-Flash").file())
                        .assumptions())
                .extracting(Object::toString)
                .containsExactly("mimo2.nextn_predict_layers: 3, which is not counted for this architecture");
    }
}
