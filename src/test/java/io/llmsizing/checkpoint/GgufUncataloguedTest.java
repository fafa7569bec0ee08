package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.model.Model;
import io.llmsizing.quantization.Formats;
import io.llmsizing.reader.HuggingFaceReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Architectures of which the catalogue has no model: the metadata and the config that they are made from give the same. */
class GgufUncataloguedTest {
    static final List<String> ARCHITECTURES = List.of(
            "stablelm",
            "openelm",
            "jais2",
            "rwkv6",
            "rwkv7",
            "bailingmoe",
            "arcee",
            "smollm3",
            "seed_oss",
            "apertus",
            "mellum");

    private static GgufWriter of(String architecture, Map<String, Integer> keys, String... tensors) {
        GgufWriter writer = GgufWriter.ofArchitecture(architecture);
        Map<String, Integer> all = new HashMap<>(Map.of(
                "context_length", 4_096,
                "embedding_length", 512,
                "block_count", 4,
                "feed_forward_length", 1_536,
                "attention.head_count", 8,
                "attention.head_count_kv", 4));
        all.putAll(keys);
        all.forEach((key, value) -> writer.whole(architecture + "." + key, value));
        writer.tensor("token_embd.weight", Formats.BF16, 1_000, 512).tensor("output.weight", Formats.BF16, 1_000, 512);
        for (String tensor : tensors) {
            writer.tensor(tensor, Formats.FP32, 512);
        }
        return writer;
    }

    private static String config(String type, String others) {
        return """
                {"model_type": "%s", "torch_dtype": "bfloat16", "vocab_size": 1000, "hidden_size": 512, "num_hidden_layers": 4,
                 "intermediate_size": 1536, "num_attention_heads": 8, "num_key_value_heads": 4,
                 "max_position_embeddings": 4096, "tie_word_embeddings": false, "head_dim": 64%s}""".formatted(type, others);
    }

    static Stream<Arguments> pairs() {
        String[] biases = {"blk.0.attn_q.bias", "blk.0.attn_output.bias", "blk.0.ffn_up.bias"};
        return Stream.of(
                Arguments.of(of("stablelm", Map.of(), "blk.0.ffn_norm.weight"), config("stablelm", "")),
                Arguments.of(
                        of("stablelm", Map.of(), "blk.0.attn_q.bias", "blk.0.attn_q_norm.weight"),
                        config("stablelm", """
                                , "use_qkv_bias": true, "qk_layernorm": true, "use_parallel_residual": true""")),
                Arguments.of(
                        of("jais2", Map.of(), biases),
                        config("jais2", ", \"attention_bias\": true, \"mlp_bias\": true")),
                Arguments.of(of("arcee", Map.of()), config("arcee", "")),
                Arguments.of(of("smollm3", Map.of()), config("smollm3", "")),
                Arguments.of(
                        of("seed_oss", Map.of("attention.key_length", 64), "blk.0.attn_q.bias"),
                        config("seed_oss", ", \"attention_bias\": true, \"attention_out_bias\": false")),
                Arguments.of(of("apertus", Map.of(), "blk.0.attn_q_norm.weight"), config("apertus", "")),
                Arguments.of(
                        of("mellum", experts())
                                .whole("mellum.attention.sliding_window", 1_024)
                                .flags("mellum.attention.sliding_window_pattern", List.of(true, true, true, false)),
                        config("mellum", """
                                , "num_experts": 16, "num_experts_per_tok": 2, "moe_intermediate_size": 256, "sliding_window": 1024,
                                "layer_types": ["sliding_attention", "sliding_attention", "sliding_attention", "full_attention"]""")),
                Arguments.of(
                        of("bailingmoe", experts())
                                .whole("bailingmoe.expert_shared_count", 2)
                                .whole("bailingmoe.leading_dense_block_count", 1),
                        config("bailing_moe", """
                                , "num_experts": 16, "num_experts_per_tok": 2, "moe_intermediate_size": 256,
                                "num_shared_experts": 2, "first_k_dense_replace": 1""")),
                Arguments.of(
                        of("rwkv6", Map.of("wkv.head_size", 64, "attention.head_count", 0, "time_mix_extra_dim", 32)),
                        """
                        {"model_type": "rwkv6", "torch_dtype": "bfloat16", "vocab_size": 1000, "hidden_size": 512, "num_hidden_layers": 4,
                         "intermediate_size": 1536, "head_size": 64, "context_length": 4096}"""),
                Arguments.of(
                        of(
                                "rwkv7",
                                Map.of(
                                        "wkv.head_size", 64,
                                        "attention.decay_lora_rank", 48,
                                        "attention.iclr_lora_rank", 40,
                                        "attention.value_residual_mix_lora_rank", 24,
                                        "attention.gate_lora_rank", 96)),
                        """
                        {"model_type": "rwkv7", "torch_dtype": "bfloat16", "vocab_size": 1000, "hidden_size": 512, "num_hidden_layers": 4,
                         "intermediate_size": 1536, "head_dim": 64, "max_position_embeddings": 4096, "decay_low_rank_dim": 48,
                         "a_low_rank_dim": 40, "v_low_rank_dim": 24, "gate_low_rank_dim": 96}"""),
                Arguments.of(
                        GgufWriter.ofArchitecture("openelm")
                                .whole("openelm.embedding_length", 1_280)
                                .whole("openelm.block_count", 3)
                                .whole("openelm.context_length", 2_048)
                                .whole("openelm.attention.key_length", 64)
                                .whole("openelm.attention.value_length", 64)
                                .wholes("openelm.attention.head_count", List.of(12, 12, 20))
                                .wholes("openelm.attention.head_count_kv", List.of(3, 3, 5))
                                .wholes("openelm.feed_forward_length", List.of(768, 1_792, 5_120))
                                .tensor("token_embd.weight", Formats.BF16, 32_000, 1_280)
                                .tensor("blk.0.attn_q_norm.weight", Formats.FP32, 64),
                        """
                        {"model_type": "openelm", "torch_dtype": "bfloat16", "vocab_size": 32000, "model_dim": 1280,
                         "num_transformer_layers": 3, "head_dim": 64, "num_query_heads": [12, 12, 20], "num_kv_heads": [3, 3, 5],
                         "ffn_multipliers": [0.5, 1.4, 4.0], "ffn_dim_divisor": 256, "normalize_qk_projections": true,
                         "share_input_output_layers": true, "max_context_length": 2048}"""));
    }

    private static Map<String, Integer> experts() {
        return Map.of("expert_count", 16, "expert_used_count", 2, "expert_feed_forward_length", 256);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void metadataGiveWhatTheConfigGives(GgufWriter writer, String config) throws IOException {
        Model model =
                GgufConfig.of(GgufReader.read(writer.file())).read("some/model").model();
        Model published = HuggingFaceReader.read(config, "some/model").model();
        assertThat(model.layers()).isEqualTo(published.layers());
        assertThat(model.embedding()).isEqualTo(published.embedding());
        assertThat(model.parameters()).isEqualTo(published.parameters());
    }
}
