package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.model.ParameterCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Language model and the blocks that predict further tokens together are what the models' repositories store, by the Hub's
 * own totals. EXAONE 4.5 stores 1,286,482,944 more for its vision tower, LongCat-Flash one more embedding.
 */
class PredictionsTest {
    private static ParameterCount read(String config) {
        return HuggingFaceReader.read("{" + config.replace('\'', '"') + "}", "a model")
                .model()
                .parameters();
    }

    private static long stored(String config) {
        ParameterCount count = read(config);
        return count.total() + count.speculative() + count.speculativeCopies();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            237099669632 | 'model_type': 'exaone_moe', 'hidden_size': 6144, 'num_hidden_layers': 48, 'num_attention_heads': 64, 'num_key_value_heads': 8, 'head_dim': 128, 'intermediate_size': 18432, 'moe_intermediate_size': 2048, 'num_experts': 128, 'num_experts_per_tok': 8, 'num_shared_experts': 1, 'first_k_dense_replace': 1, 'vocab_size': 153600, 'num_nextn_predict_layers': 1
            33063614720  | 'model_type': 'exaone4', 'hidden_size': 5120, 'num_hidden_layers': 64, 'num_attention_heads': 40, 'num_key_value_heads': 8, 'intermediate_size': 27392, 'vocab_size': 153600, 'num_nextn_predict_layers': 1, '_num_mtp_layers': 1
            298786155776 | 'model_type': 'hy_v3', 'hidden_size': 4096, 'num_hidden_layers': 80, 'num_attention_heads': 64, 'num_key_value_heads': 8, 'head_dim': 128, 'intermediate_size': 13312, 'moe_intermediate_size': 1536, 'num_experts': 192, 'num_experts_per_tok': 8, 'num_shared_experts': 1, 'first_k_dense_replace': 1, 'vocab_size': 120832, 'num_nextn_predict_layers': 1
            561862880256 | 'model_type': 'longcat_flash', 'hidden_size': 6144, 'num_layers': 28, 'num_attention_heads': 64, 'q_lora_rank': 1536, 'kv_lora_rank': 512, 'qk_nope_head_dim': 128, 'qk_rope_head_dim': 64, 'v_head_dim': 128, 'ffn_hidden_size': 12288, 'moe_topk': 12, 'n_routed_experts': 512, 'zero_expert_num': 256, 'expert_ffn_hidden_size': 2048, 'vocab_size': 131072, 'num_nextn_predict_layers': 1
            358337791296 | 'model_type': 'glm4_moe', 'hidden_size': 5120, 'num_hidden_layers': 92, 'num_attention_heads': 96, 'num_key_value_heads': 8, 'head_dim': 128, 'attention_bias': true, 'use_qk_norm': true, 'intermediate_size': 12288, 'moe_intermediate_size': 1536, 'n_routed_experts': 160, 'n_shared_experts': 1, 'num_experts_per_tok': 8, 'first_k_dense_replace': 3, 'vocab_size': 151552, 'num_nextn_predict_layers': 1
            """)
    void whatIsCountedIsWhatIsStored(long total, String config) {
        assertThat(stored(config)).isEqualTo(total);
    }

    /** Three blocks with heads of their own behind 45 layers, of which each fourth has no window and fewer query heads. */
    @Test
    void theBlocksOfStepHaveLayersAndHeadsOfTheirOwn() {
        StringBuilder types = new StringBuilder();
        for (int layer = 0; layer < 48; layer++) {
            types.append(layer == 0 ? "" : ", ").append(layer % 4 == 0 ? "'full_attention'" : "'sliding_attention'");
        }
        String config =
                "'model_type': 'step3p5', 'hidden_size': 4096, 'num_hidden_layers': 45, 'num_attention_heads': 64,"
                        + " 'num_attention_groups': 8, 'head_dim': 128, 'intermediate_size': 11264, 'moe_num_experts': 288,"
                        + " 'moe_top_k': 8, 'moe_intermediate_size': 1280, 'share_expert_dim': 1280, 'vocab_size': 128896,"
                        + " 'sliding_window': 512, 'num_nextn_predict_layers': 3,"
                        + " 'attention_other_setting': {'num_attention_heads': 96}, 'layer_types': [" + types + "]";
        assertThat(stored(config)).isEqualTo(199_384_301_376L);
        assertThat(read(config).speculative()).isEqualTo(2_428_171_008L);
    }

    @Test
    void whereCheckpointsHoldNoneNoneAreCounted() {
        String minimax = "'model_type': 'minimax_m2', 'hidden_size': 3072, 'num_hidden_layers': 62,"
                + " 'num_attention_heads': 48, 'num_key_value_heads': 8, 'head_dim': 128, 'intermediate_size': 1536,"
                + " 'num_local_experts': 256, 'num_experts_per_tok': 8, 'vocab_size': 200064";
        assertThat(read(minimax + ", 'use_mtp': true, 'num_mtp_modules': 3")).isEqualTo(read(minimax));
    }

    @Test
    void moreBlocksThanAnyModelHasAreRefused() {
        assertThatThrownBy(() -> read("'model_type': 'exaone4', 'hidden_size': 64, 'num_hidden_layers': 2,"
                        + " 'num_attention_heads': 4, 'num_key_value_heads': 4, 'intermediate_size': 64,"
                        + " 'vocab_size': 100, 'num_nextn_predict_layers': 65"))
                .hasMessageContaining("num_nextn_predict_layers: 65; expected 0 to 64 blocks");
    }
}
