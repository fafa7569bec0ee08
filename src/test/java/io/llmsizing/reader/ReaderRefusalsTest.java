package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderRefusalsTest {
    @Test
    void anUnknownArchitectureIsRefusedWithTheKnownOnes() {
        UnsupportedArchitectureException refused =
                unsupported(Configs.with(Configs.LLAMA_3_1_8B, "model_type", "\"model_type\": \"llama5\""));
        assertThat(refused.at()).isEqualTo("config.json: model_type");
        assertThat(refused).hasMessageContaining("llama5").hasMessageContaining("the nearest are llama, llama4");
    }

    @Test
    void aConfigurationWithoutAnArchitectureIsRefused() {
        assertThat(unsupported(Configs.with(Configs.LLAMA_3_1_8B, "model_type", "")))
                .hasMessageContaining("model_type")
                .hasMessageContaining("llama");
    }

    @Test
    void onlyCausalLanguageModelsAreRead() {
        String config = Configs.with(
                Configs.LLAMA_3_1_8B, "architectures", "\"architectures\": [\"LlamaForMaskedImageModeling\"]");
        assertThat(unsupported(config)).hasMessageContaining("LlamaForMaskedImageModeling");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            index_topk           | "index_topk": 2048
            index_head_dim       | "index_head_dim": 128
            num_kv_shared_layers | "num_kv_shared_layers": 4
            moe_latent_size      | "moe_latent_size": 1024
            attention_sinks      | "attention_sinks": true
            compress_ratios      | "compress_ratios": [1, 4]
            """)
    void aKeyThatMayChangeSizesAndIsNotUnderstoodIsRefusedByName(String key, String line) {
        UnsupportedArchitectureException refused = unsupported(Configs.plus(Configs.DEEPSEEK_V3, line));
        assertThat(refused.at()).isEqualTo("config.json: " + key);
        assertThat(refused).hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"index_topk\": null", "\"index_topk\": 0", "\"index_topk\": false", "\"index_topk\": []"})
    void suchAKeyThatIsSwitchedOffIsPassedOver(String line) {
        assertThat(assumptions(Configs.plus(Configs.DEEPSEEK_V3, line))).isEmpty();
    }

    @Test
    void anUnknownKeyThatSpeaksOfNoSizeBecomesAnAssumption() {
        assertThat(assumptions(Configs.plus(Configs.QWEN3_8B, "\"favourite_colour\": \"red\"")))
                .singleElement()
                .satisfies(assumption -> assertThat(assumption.toString())
                        .startsWith("favourite_colour: ")
                        .contains("not known"));
    }

    @ParameterizedTest
    @CsvSource({
        "head_dim, 64, hidden_size / num_attention_heads",
        "max_position_embeddings, 1048576, no limit is known",
        "tie_word_embeddings, false, default"
    })
    void anAbsentKeyThatDecidesAboutSizesIsTakenAndSaid(String key, String taken, String why) {
        ModelReading reading = HuggingFaceReader.read(Configs.with(Configs.LLAMA_3_2_1B, key, ""), "m");
        assertThat(reading.assumptions()).singleElement().satisfies(assumption -> {
            assertThat(assumption.about()).isEqualTo(key);
            assertThat(assumption.taken()).contains("absent").contains(taken).contains(why);
        });
        assertThat(reading.model().assumptions()).isEqualTo(reading.assumptions());
    }

    @Test
    void keyValueHeadsAreTakenToBeAsManyAsHeads() {
        assertThat(assumptions(Configs.with(Configs.LLAMA_3_1_8B, "num_key_value_heads", "")))
                .singleElement()
                .satisfies(assumption -> assertThat(assumption.taken()).contains("32"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            hidden_size          | 1e308         | config.json: hidden_size: 1e308; expected a whole number from 1 to 4,294,967,296
            hidden_size          | 1e2147483647  | config.json: hidden_size: 1e2147483647; expected a whole number
            hidden_size          | -4096         | config.json: hidden_size: -4096; expected a whole number from 1
            hidden_size          | 0             | config.json: hidden_size: 0; expected
            hidden_size          | 4096.5        | config.json: hidden_size: 4096.5; expected
            hidden_size          | "4096"        | config.json: hidden_size: "4096"; expected
            hidden_size          | true          | config.json: hidden_size: true; expected
            hidden_size          | [4096]        | config.json: hidden_size: a list of 1; expected
            hidden_size          | {}            | config.json: hidden_size: an object; expected
            hidden_size          | null          | config.json: hidden_size: absent; expected
            hidden_size          | 4294967296    | 1 to 2^20 allowed
            num_hidden_layers    | 1000000000    | config.json: num_hidden_layers: 1000000000; expected 1 to
            num_hidden_layers    | -1            | config.json: num_hidden_layers: -1; expected
            num_attention_heads  | 33            | config.json
            num_key_value_heads  | 5             | config.json
            vocab_size           | 99999999999999999999 | config.json: vocab_size: 99999999999999999999; expected
            tie_word_embeddings  | "no"          | config.json: tie_word_embeddings: "no"; expected
            rope_scaling         | 8.0           | config.json: rope_scaling: 8.0; expected an object
            torch_dtype          | "float8"      | config.json: torch_dtype: "float8"; expected bfloat16, float16 or float32
            architectures        | "Llama"       | config.json: architectures: "Llama"; expected a list of texts
            """)
    void aHostileValueIsRefusedNamingFileKeyValueAndRange(String key, String value, String fragment) {
        String config = Configs.with(Configs.LLAMA_3_1_8B, key, "\"" + key + "\": " + value)
                .replace(",\n}", "\n}");
        MalformedFileException refused = malformed(config.replace("\"head_dim\": 128,", ""));
        assertThat(refused).hasMessageContaining(fragment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "7", "null", "{", "{\"a\": }", "{} {}", "{\"model_type\": \"llama\",}"})
    void whatIsNoJsonObjectIsRefusedWithItsPlace(String text) {
        assertThat(malformed(text)).hasMessageStartingWith("config.json: line ");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertThat(malformed(Configs.plus(Configs.LLAMA_3_1_8B, "\"hidden_size\": 1")))
                .hasMessageContaining("hidden_size");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "modules_to_not_convert": "lm_head"     | expected a list of texts
            "ignored_layers": ["re:.*mlp("]         | no regular expression
            "ignore": ["re:(([a-z.]+)+)+$!"]        | too many steps
            "exclude_modules": [["lm_head"]]        | expected a list of texts
            """)
    void aListOfModulesThatCannotBeReadIsRefused(String line, String fragment) {
        assertThat(malformed(quantised("\"quant_method\": \"fp8\", " + line)))
                .hasMessageContaining("quantization_config.")
                .hasMessageContaining(fragment);
    }

    @Test
    void modulesThatNoSchemeTouchesMayBeListed() {
        String kept = "\"modules_to_not_convert\": [\"lm_head\", \"model.layers.0.mlp.gate\", \"model.norm\"]";
        assertThat(HuggingFaceReader.read(quantised("\"quant_method\": \"fp8\", " + kept), "m")
                        .model()
                        .weights()
                        .name())
                .startsWith("fp8");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]', fp8-block-128",
        "'\"quant_method\": \"fp8\", \"activation_scheme\": \"dynamic\"', fp8-tensor",
        "'\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 64', awq-g64",
        "'\"quant_method\": \"awq\", \"w_bit\": 4, \"q_group_size\": 128', awq-g128",
        "'\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 128', gptq-g128"
    })
    void aKnownQuantisationIsTheCheckpointsScheme(String quantisation, String scheme) {
        assertThat(HuggingFaceReader.read(quantised(quantisation), "m")
                        .model()
                        .weights()
                        .name())
                .contains(scheme);
    }

    @Test
    void anUnknownQuantisationIsRefusedWithTheKnownOnes() {
        assertThat(unsupported(quantised("\"quant_method\": \"exl3\"")))
                .hasMessageContaining("quantization_config.quant_method")
                .hasMessageContaining("exl3")
                .hasMessageContaining("awq, bitsandbytes, compressed-tensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"bits\": 4",
                "\"quant_method\": 8",
                "\"quant_method\": \"fp8\", \"weight_block_size\": [64, 64, 64]",
                "\"quant_method\": \"fp8\", \"weight_block_size\": [128, -1]",
                "\"quant_method\": \"awq\", \"bits\": 5",
                "\"quant_method\": \"gptq\", \"group_size\": 100",
                "\"quant_method\": \"gptq\", \"group_size\": 99999999999999"
            })
    void aQuantisationOutOfRangeIsRefused(String quantisation) {
        assertThat(malformed(quantised(quantisation))).hasMessageContaining("quantization_config.");
    }

    private static String quantised(String quantisation) {
        return Configs.plus(Configs.LLAMA_3_1_8B, "\"quantization_config\": {" + quantisation + "}");
    }

    private static List<Assumption> assumptions(String config) {
        return HuggingFaceReader.read(config, "m").assumptions();
    }

    private static MalformedFileException malformed(String config) {
        return catchThrowableOfType(MalformedFileException.class, () -> HuggingFaceReader.read(config, "m"));
    }

    private static UnsupportedArchitectureException unsupported(String config) {
        return catchThrowableOfType(UnsupportedArchitectureException.class, () -> HuggingFaceReader.read(config, "m"));
    }
}
