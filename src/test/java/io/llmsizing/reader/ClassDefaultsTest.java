package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.Deployment;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.WeightSchemes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a config leaves out is what its architecture's own configuration class takes, and that is said. */
class ClassDefaultsTest {
    private static final String SHAPE = "\"vocab_size\": 32000, \"hidden_size\": 1024, \"intermediate_size\": 4096,"
            + " \"num_hidden_layers\": 4, \"num_attention_heads\": 16, \"num_key_value_heads\": 8,"
            + " \"max_position_embeddings\": 2048, \"torch_dtype\": \"bfloat16\"";

    private static ModelReading read(String type, String more) {
        return HuggingFaceReader.read(
                "{\"model_type\": \"" + type + "\", " + SHAPE + (more.isEmpty() ? "" : ", " + more) + "}", "a model");
    }

    private static long total(String type, String more) {
        return read(type, more).model().parameters().total();
    }

    @Test
    void headsAreAsWideAsTheClassSays() {
        assertThat(total("gemma", "")).isEqualTo(total("gemma", "\"head_dim\": 256"));
        assertThat(total("glm4", "")).isEqualTo(total("glm4", "\"head_dim\": 128"));
        assertThat(total("llama", "")).isEqualTo(total("llama", "\"head_dim\": 64"));
        assertThat(read("gemma", "").assumptions().toString()).contains("head_dim: absent, taken as 256");
    }

    @Test
    void tablesAreTiedOnlyWhereTheClassSays() {
        long table = 32_000L * 1_024;
        assertThat(total("hunyuan_v1_dense", "") - total("hunyuan_v1_dense", "\"tie_word_embeddings\": true"))
                .isEqualTo(table);
        assertThat(total("gemma", "")).isEqualTo(total("gemma", "\"tie_word_embeddings\": true"));
    }

    @Test
    void biasesAreThereWhereTheClassSays() {
        assertThat(total("starcoder2", "")).isEqualTo(total("starcoder2", "\"use_bias\": true"));
        assertThat(total("starcoder2", "\"use_bias\": false")).isLessThan(total("starcoder2", ""));
        assertThat(total("qwen2", "") - total("qwen2", "\"qkv_bias\": false")).isEqualTo(4 * 2 * 1_024);
        assertThat(total("glm", "")).isEqualTo(total("glm", "\"attention_bias\": true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "phi3; \"mlp_bias\": true; mlp_bias",
                "qwen3; \"mlp_bias\": true; mlp_bias",
                "phi3; \"attention_bias\": true; attention_bias",
                "qwen2_moe; \"use_sliding_window\": true; use_sliding_window",
                "llama; \"layer_types\": [\"sliding_attention\", \"full_attention\", \"full_attention\", \"full_attention\"]; sliding_window",
                "gpt_neox; \"qk_norm\": true; qk_norm"
            })
    void aKeyThatTheArchitectureDoesNotReadIsRefused(String type, String more, String named) {
        String experts = type.equals("qwen2_moe")
                ? ", \"num_experts\": 8, \"num_experts_per_tok\": 2, \"moe_intermediate_size\": 64,"
                        + " \"shared_expert_intermediate_size\": 64"
                : "";
        assertThatThrownBy(() -> read(type, more + experts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void aRotaryShareUnderAnyOfItsNamesNarrowsTheTable() {
        for (String share : new String[] {
            "\"partial_rotary_factor\": 0.25",
            "\"rotary_pct\": 0.25",
            "\"rope_parameters\": {\"partial_rotary_factor\": 0.25}"
        }) {
            assertThat(read("gpt_neox", share)
                            .model()
                            .rotaryTable()
                            .orElseThrow()
                            .width())
                    .as(share)
                    .isEqualTo(16);
        }
    }

    @Test
    void vllmHoldsAnFp32CheckpointInSixteenBitsUnlessAsked() {
        Model model = HuggingFaceReader.read(
                        "{\"model_type\": \"olmo\", " + SHAPE.replace("bfloat16", "float32") + "}", "a model")
                .model();
        Cluster cluster = Cluster.of(Catalog.bundled().accelerator("H100"), 1);
        Deployment served =
                Deployment.builder(model, cluster).engine(Engines.vllm()).build();
        assertThat(served.weights()).isEqualTo(WeightSchemes.BF16);
        assertThat(served.assumptions().toString()).contains("holds a checkpoint in fp32 as bf16");
        assertThat(Deployment.builder(model, cluster)
                        .engine(Engines.vllm())
                        .weights(WeightSchemes.FP32)
                        .build()
                        .weights())
                .isEqualTo(WeightSchemes.FP32);
        assertThat(Deployment.builder(model, cluster)
                        .engine(Engines.NONE)
                        .build()
                        .weights())
                .isEqualTo(WeightSchemes.FP32);
    }
}
