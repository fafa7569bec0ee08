package io.llmsizing.benchmarks;

import io.llmsizing.reader.HuggingFaceReader;
import io.llmsizing.reader.ModelReading;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What reading one config.json costs. Methods named {@code read...} may allocate 100 kB.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar ReadBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {
    private static final String DENSE = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16", "hidden_size": 4096,
             "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
             "intermediate_size": 14336, "vocab_size": 128256, "tie_word_embeddings": false,
             "max_position_embeddings": 131072, "attention_bias": false, "mlp_bias": false}
            """;

    private static final String MIXTURE = """
            {"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "torch_dtype": "bfloat16",
             "hidden_size": 7168, "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
             "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
             "intermediate_size": 18432, "moe_intermediate_size": 2048, "n_routed_experts": 256, "n_shared_experts": 1,
             "num_experts_per_tok": 8, "first_k_dense_replace": 3, "moe_layer_freq": 1, "topk_method": "noaux_tc",
             "num_nextn_predict_layers": 1, "vocab_size": 129280, "tie_word_embeddings": false,
             "max_position_embeddings": 163840, "rope_theta": 10000,
             "rope_scaling": {"type": "yarn", "factor": 40, "original_max_position_embeddings": 4096},
             "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic",
             "weight_block_size": [128, 128]}}
            """;

    private static final String HYBRID = """
            {"architectures": ["Qwen3NextForCausalLM"], "model_type": "qwen3_next", "torch_dtype": "bfloat16",
             "hidden_size": 2048, "num_hidden_layers": 48, "num_attention_heads": 16, "num_key_value_heads": 2,
             "head_dim": 256, "intermediate_size": 5120, "moe_intermediate_size": 512, "num_experts": 512,
             "num_experts_per_tok": 10, "shared_expert_intermediate_size": 512, "decoder_sparse_step": 1,
             "mlp_only_layers": [], "full_attention_interval": 4, "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128,
             "linear_num_key_heads": 16, "linear_num_value_heads": 32, "linear_value_head_dim": 128,
             "attention_bias": false, "partial_rotary_factor": 0.25, "vocab_size": 151936, "tie_word_embeddings": false,
             "max_position_embeddings": 262144}
            """;

    private static final String WINDOWED =
            """
            {"architectures": ["Gemma3ForCausalLM"], "model_type": "gemma3_text", "torch_dtype": "bfloat16",
             "hidden_size": 5376, "num_hidden_layers": 62, "num_attention_heads": 32, "num_key_value_heads": 16,
             "head_dim": 128, "intermediate_size": 21504, "vocab_size": 262208, "sliding_window": 1024,
             "max_position_embeddings": 131072, "layer_types": [""" + String.join(", ", Collections.nCopies(62, "\"sliding_attention\"")) + "]}\n";

    private static final Map<String, String> CONFIGS =
            Map.of("dense", DENSE, "mixture", MIXTURE, "hybrid", HYBRID, "windowed", WINDOWED);

    /** A dense model, experts under latent attention, a hybrid of two kinds of layers, and one whose layers are listed. */
    @Param({"dense", "mixture", "hybrid", "windowed"})
    public String config = "";

    private String text = "";

    /** Chooses the text. */
    @Setup
    public void setUp() {
        text = CONFIGS.get(config);
    }

    /**
     * A text, read into a model.
     *
     * @return the model and what was assumed
     */
    @Benchmark
    public ModelReading readConfig() {
        return HuggingFaceReader.read(text, "some/model");
    }
}
