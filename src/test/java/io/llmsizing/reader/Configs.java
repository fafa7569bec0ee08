package io.llmsizing.reader;

import java.util.regex.Matcher;

/** Configurations of published models, a key to a line, without the keys that say nothing about sizes. */
final class Configs {
    /** 8,030,261,248 parameters. */
    static final String LLAMA_3_1_8B = """
            {
              "model_type": "llama",
              "architectures": ["LlamaForCausalLM"],
              "hidden_size": 4096,
              "intermediate_size": 14336,
              "num_hidden_layers": 32,
              "num_attention_heads": 32,
              "num_key_value_heads": 8,
              "head_dim": 128,
              "vocab_size": 128256,
              "tie_word_embeddings": false,
              "attention_bias": false,
              "mlp_bias": false,
              "max_position_embeddings": 131072,
              "rope_scaling": {"factor": 8.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"},
              "torch_dtype": "bfloat16"
            }
            """;

    /** 1,235,814,400 parameters: the head is the embedding. */
    static final String LLAMA_3_2_1B = """
            {
              "model_type": "llama",
              "hidden_size": 2048,
              "intermediate_size": 8192,
              "num_hidden_layers": 16,
              "num_attention_heads": 32,
              "num_key_value_heads": 8,
              "head_dim": 64,
              "vocab_size": 128256,
              "tie_word_embeddings": true,
              "max_position_embeddings": 131072,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 7,241,732,096 parameters. */
    static final String MISTRAL_7B = """
            {
              "model_type": "mistral",
              "hidden_size": 4096,
              "intermediate_size": 14336,
              "num_hidden_layers": 32,
              "num_attention_heads": 32,
              "num_key_value_heads": 8,
              "vocab_size": 32000,
              "sliding_window": 4096,
              "tie_word_embeddings": false,
              "max_position_embeddings": 32768,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 46,702,792,704 parameters. */
    static final String MIXTRAL_8X7B = """
            {
              "model_type": "mixtral",
              "hidden_size": 4096,
              "intermediate_size": 14336,
              "num_hidden_layers": 32,
              "num_attention_heads": 32,
              "num_key_value_heads": 8,
              "num_local_experts": 8,
              "num_experts_per_tok": 2,
              "vocab_size": 32000,
              "sliding_window": null,
              "tie_word_embeddings": false,
              "max_position_embeddings": 32768,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 7,615,616,512 parameters. */
    static final String QWEN2_7B = """
            {
              "model_type": "qwen2",
              "hidden_size": 3584,
              "intermediate_size": 18944,
              "num_hidden_layers": 28,
              "num_attention_heads": 28,
              "num_key_value_heads": 4,
              "vocab_size": 152064,
              "sliding_window": 131072,
              "use_sliding_window": false,
              "max_window_layers": 28,
              "tie_word_embeddings": false,
              "max_position_embeddings": 131072,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 8,190,735,360 parameters. */
    static final String QWEN3_8B = """
            {
              "model_type": "qwen3",
              "hidden_size": 4096,
              "intermediate_size": 12288,
              "num_hidden_layers": 36,
              "num_attention_heads": 32,
              "num_key_value_heads": 8,
              "head_dim": 128,
              "vocab_size": 151936,
              "tie_word_embeddings": false,
              "max_position_embeddings": 40960,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 30,532,122,624 parameters, 3,353,032,704 of them active. */
    static final String QWEN3_30B_A3B = """
            {
              "model_type": "qwen3_moe",
              "hidden_size": 2048,
              "intermediate_size": 6144,
              "moe_intermediate_size": 768,
              "num_hidden_layers": 48,
              "num_attention_heads": 32,
              "num_key_value_heads": 4,
              "num_experts": 128,
              "num_experts_per_tok": 8,
              "decoder_sparse_step": 1,
              "mlp_only_layers": [],
              "head_dim": 128,
              "vocab_size": 151936,
              "tie_word_embeddings": false,
              "max_position_embeddings": 40960,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 16,375,728,128 parameters. */
    static final String DEEPSEEK_MOE_16B = """
            {
              "model_type": "deepseek",
              "hidden_size": 2048,
              "intermediate_size": 10944,
              "moe_intermediate_size": 1408,
              "num_hidden_layers": 28,
              "num_attention_heads": 16,
              "num_key_value_heads": 16,
              "n_routed_experts": 64,
              "n_shared_experts": 2,
              "num_experts_per_tok": 6,
              "first_k_dense_replace": 1,
              "moe_layer_freq": 1,
              "vocab_size": 102400,
              "tie_word_embeddings": false,
              "max_position_embeddings": 4096,
              "torch_dtype": "bfloat16"
            }
            """;

    /** 15,706,484,224 parameters. */
    static final String DEEPSEEK_V2_LITE = """
            {
              "model_type": "deepseek_v2",
              "hidden_size": 2048,
              "intermediate_size": 10944,
              "moe_intermediate_size": 1408,
              "num_hidden_layers": 27,
              "num_attention_heads": 16,
              "num_key_value_heads": 16,
              "n_routed_experts": 64,
              "n_shared_experts": 2,
              "num_experts_per_tok": 6,
              "first_k_dense_replace": 1,
              "moe_layer_freq": 1,
              "q_lora_rank": null,
              "kv_lora_rank": 512,
              "qk_nope_head_dim": 128,
              "qk_rope_head_dim": 64,
              "v_head_dim": 128,
              "topk_method": "greedy",
              "vocab_size": 102400,
              "tie_word_embeddings": false,
              "max_position_embeddings": 163840,
              "rope_scaling": {"factor": 40, "original_max_position_embeddings": 4096, "type": "yarn"},
              "torch_dtype": "bfloat16"
            }
            """;

    /** 671,026,419,200 parameters and a block of multi-token prediction of 11,610,068,224. */
    static final String DEEPSEEK_V3 = """
            {
              "model_type": "deepseek_v3",
              "hidden_size": 7168,
              "intermediate_size": 18432,
              "moe_intermediate_size": 2048,
              "num_hidden_layers": 61,
              "num_attention_heads": 128,
              "num_key_value_heads": 128,
              "num_nextn_predict_layers": 1,
              "n_routed_experts": 256,
              "n_shared_experts": 1,
              "num_experts_per_tok": 8,
              "first_k_dense_replace": 3,
              "moe_layer_freq": 1,
              "q_lora_rank": 1536,
              "kv_lora_rank": 512,
              "qk_nope_head_dim": 128,
              "qk_rope_head_dim": 64,
              "v_head_dim": 128,
              "topk_method": "noaux_tc",
              "vocab_size": 129280,
              "tie_word_embeddings": false,
              "max_position_embeddings": 163840,
              "rope_scaling": {"factor": 40, "original_max_position_embeddings": 4096, "type": "yarn"},
              "quantization_config": {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128]},
              "torch_dtype": "bfloat16"
            }
            """;

    /** 1,026,408,232,448 parameters. */
    static final String KIMI_K2 = DEEPSEEK_V3
            .replace("\"deepseek_v3\"", "\"kimi_k2\"")
            .replace("\"num_attention_heads\": 128", "\"num_attention_heads\": 64")
            .replace("\"num_key_value_heads\": 128", "\"num_key_value_heads\": 64")
            .replace("\"num_nextn_predict_layers\": 1", "\"num_nextn_predict_layers\": 0")
            .replace("\"n_routed_experts\": 256", "\"n_routed_experts\": 384")
            .replace("\"first_k_dense_replace\": 3", "\"first_k_dense_replace\": 1")
            .replace("\"vocab_size\": 129280", "\"vocab_size\": 163840")
            .replace("\"max_position_embeddings\": 163840", "\"max_position_embeddings\": 131072")
            .replace("\"factor\": 40", "\"factor\": 32.0");

    private Configs() {}

    /** The configuration with another line for a key: empty to leave the key out. */
    static String with(String config, String key, String line) {
        String from = "(?m)^ *\"" + key + "\": .*\\n";
        String changed = config.replaceFirst(from, Matcher.quoteReplacement(line.isEmpty() ? "" : line + ",\n"));
        if (changed.equals(config)) {
            throw new IllegalArgumentException("no line for " + key + ", or the same");
        }
        return changed;
    }

    /** The configuration with one more line. */
    static String plus(String config, String line) {
        return config.replaceFirst("\\{", Matcher.quoteReplacement("{" + line + ","));
    }
}
