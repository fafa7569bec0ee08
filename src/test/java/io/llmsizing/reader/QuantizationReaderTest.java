package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.weights.WeightMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizationReaderTest {
    private static final long LINEAR_MATRICES = 32L * 7;
    private static final long PARAMETERS = 8_030_261_248L;
    private static final long EMBEDDINGS_AND_NORMS = 2L * 128_256 * 4_096 + 65L * 4_096;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"bfloat16, 2", "float16, 2", "float32, 4"})
    void withoutQuantisationTheTypeDecides(String type, long bytes) {
        String config = Configs.LLAMA_3_1_8B.replace("\"bfloat16\"", "\"" + type + "\"");
        Model model = HuggingFaceReader.read(config, "m").model();
        assertThat(WeightMemory.bytes(model, model.weights(), false)).isEqualTo(PARAMETERS * bytes);
    }

    @Test
    void dynamicFp8HasAScaleForEachMatrixAndStaticFp8OneMoreForWhatFlowsIn() {
        long fp8 = PARAMETERS - EMBEDDINGS_AND_NORMS + 2 * EMBEDDINGS_AND_NORMS;
        assertThat(quantised("\"quant_method\": \"fp8\", \"activation_scheme\": \"dynamic\""))
                .isEqualTo(fp8 + 4 * LINEAR_MATRICES);
        assertThat(quantised("\"quant_method\": \"fp8\", \"activation_scheme\": \"static\""))
                .isEqualTo(fp8 + 8 * LINEAR_MATRICES);
    }

    private static long quantised(String quantisation) {
        Model model = HuggingFaceReader.read(
                        Configs.plus(Configs.LLAMA_3_1_8B, "\"quantization_config\": {" + quantisation + "}"), "m")
                .model();
        return WeightMemory.bytes(model, model.weights(), false);
    }

    @Test
    void aFileBesideTheConfigurationSaysHowWeightsAreStored() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), Configs.LLAMA_3_1_8B);
        Files.writeString(
                directory.resolve("hf_quant_config.json"),
                "{\"producer\": {\"name\": \"modelopt\"}, \"quantization\": {\"quant_algo\": \"FP8\","
                        + " \"kv_cache_quant_algo\": \"FP8\", \"exclude_modules\": [\"lm_head\"]}}");
        ModelReading reading = HuggingFaceReader.read(config);
        assertThat(reading.model().weights().name()).startsWith("fp8");
        assertThat(reading.assumptions())
                .singleElement()
                .satisfies(assumption -> assertThat(assumption.taken()).contains("16 bit"));
    }

    @Test
    void whatTheConfigurationItselfSaysGoesFirst() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), Configs.DEEPSEEK_V3);
        Files.writeString(directory.resolve("hf_quant_config.json"), "{\"quantization\": {\"quant_algo\": \"NVFP4\"}}");
        assertThat(HuggingFaceReader.read(config).model().weights().name()).contains("fp8-block-128");
    }

    @Test
    void aFileBesideTheConfigurationThatIsMalformedIsNamed() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), Configs.LLAMA_3_1_8B);
        Files.writeString(directory.resolve("hf_quant_config.json"), "{\"quant_algo\": \"FP8\"}");
        assertThatThrownBy(() -> HuggingFaceReader.read(config))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("hf_quant_config.json: quantization: absent");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "quant_method": "fp8", "smoothing": true          | smoothing: unknown key; known here: activation_scheme, config_groups
            "quant_method": "awq", "zero_point": false        | zero_point: false; expected true
            """)
    void aKeyThatMayChangeWhatIsStoredIsRefused(String quantisation, String fragment) {
        assertThatThrownBy(() -> quantised(quantisation.strip()))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("quantization_config." + fragment);
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/llmsizing/reader/quantization-methods.csv",
            numLinesToSkip = 1,
            delimiter = '|',
            quoteCharacter = '\0')
    void eachMethodsConfigurationIsAScheme(String quantisation, String scheme) {
        Model model = HuggingFaceReader.read(
                        Configs.plus(Configs.QWEN3_30B_A3B, "\"quantization_config\": {" + quantisation + "}"), "m")
                .model();
        assertThat(model.weights().name()).isEqualTo(scheme);
        assertThat(model.weights().exceptions()).isEmpty();
        assertThat(WeightSchemes.named(scheme)).isEqualTo(model.weights());
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/llmsizing/reader/quantization-refusals.csv",
            numLinesToSkip = 1,
            delimiter = '|',
            quoteCharacter = '\0')
    void whatIsNotKnownIsRefusedWithItsPlace(String quantisation, String fragment) {
        assertThatThrownBy(() -> quantised(quantisation))
                .isInstanceOfAny(MalformedFileException.class, UnsupportedArchitectureException.class)
                .hasMessageContaining("quantization_config." + fragment);
    }

    @Test
    void theRestKeepsTheTypeOfTheConfiguration() {
        String config = Configs.QWEN3_8B.replace("\"bfloat16\"", "\"float16\"");
        String nf4 = "\"quantization_config\": {\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true,"
                + " \"bnb_4bit_quant_type\": \"nf4\"}";
        Model model = HuggingFaceReader.read(Configs.plus(config, nf4), "m").model();
        assertThat(model.weights().name()).isEqualTo("nf4/fp16");
        assertThat(model.weights().formatOf(TensorRole.EMBEDDING)).isEqualTo(Formats.FP16);
    }

    @Test
    void aHeadThatGptqQuantisesIsStoredLikeTheLayers() {
        Model model = HuggingFaceReader.read(
                        Configs.plus(
                                Configs.QWEN3_8B,
                                "\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4, \"lm_head\": true}"),
                        "m")
                .model();
        assertThat(model.weights().formatOf(TensorRole.OUTPUT_HEAD)).isEqualTo(Formats.gptq(128));
    }

    @Test
    void powersOfTwoAreScalesInFp32BeforeTheFourthDeepSeek() {
        String config = Configs.DEEPSEEK_V3.replace("\"fmt\": \"e4m3\"", "\"scale_fmt\": \"ue8m0\"");
        ModelReading reading = HuggingFaceReader.read(config, "m");
        assertThat(reading.model().weights().name()).isEqualTo("fp8-block-128");
        assertThat(reading.assumptions())
                .anySatisfy(assumption -> assertThat(assumption.taken()).contains("stored in FP32"));
    }

    @Test
    void listsOfMorePatternsThanAnybodyWritesAreRefused() {
        String patterns = "\"layers.7.*\", ".repeat(1_001);
        assertThatThrownBy(() -> quantised("\"quant_method\": \"fp8\", \"ignore\": [" + patterns + "\"lm_head\"]"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("quantization_config.ignore: \"layers.7.*\": one of more than 1000 patterns");
    }

    @Test
    void manyHostilePatternsAreRefusedSoon() {
        StringBuilder patterns = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            patterns.append(i == 0 ? "" : ",").append("\"re:.*(a|.)*").append(i).append("x\"");
        }
        String config = Configs.plus(
                Configs.QWEN3_8B,
                "\"quantization_config\": {\"quant_method\": \"fp8\", \"ignore\": [" + patterns + "]}");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> HuggingFaceReader.read(config, "m"))
                        .isInstanceOf(MalformedFileException.class)
                        .hasMessageContaining("too many steps"));
    }
}
