package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.attention.CacheRow;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ParameterCount;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mixtures of experts state in their several ways, and what a token uses of them. */
class MixturesTest {
    private static final String SMALL = "'hidden_size': 64, 'num_hidden_layers': 6, 'num_attention_heads': 4,"
            + " 'num_key_value_heads': 2, 'head_dim': 16, 'intermediate_size': 96, 'vocab_size': 100";

    private static Model read(String config) {
        return HuggingFaceReader.read("{" + config.replace('\'', '"') + "}", "a model")
                .model();
    }

    private static Model small(String type, String more) {
        return read("'model_type': '" + type + "', " + SMALL + (more.isEmpty() ? "" : ", " + more));
    }

    /** One letter a layer from the bottom up: the tokens that it keeps are limited, or not. */
    private static String windows(Model model) {
        return model.layers().runs().stream()
                .map(run -> letter(run).repeat(run.count()))
                .collect(Collectors.joining());
    }

    private static String letter(LayerGroup run) {
        return run.attention().cacheRows(1).stream().anyMatch(row -> row.limit() instanceof CacheRow.Window)
                ? "L"
                : "G";
    }

    /** One letter a layer: with experts, or dense. */
    private static String experts(Model model) {
        return model.layers().runs().stream()
                .map(run -> (run.feedForward().mixtures().isEmpty() ? "D" : "E").repeat(run.count()))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            exaone4           ; ''                                                       ; LLLGLL
            exaone4           ; 'sliding_window_pattern': 3                              ; LLGLLG
            exaone4           ; 'sliding_window_pattern': 'LG'                           ; LGLGLG
            exaone4           ; 'sliding_window_pattern': 'LLLLL'                        ; LLLLLG
            exaone4           ; 'sliding_window': null                                   ; GGGGGG
            cohere2_moe       ; 'first_k_dense_replace': 1                               ; GLLLGL
            gpt_oss           ; 'num_local_experts': 8                                   ; LGLGLG
            granitemoe_swa    ; 'num_local_experts': 8                                   ; GLLLGL
            afmoe             ; 'global_attn_every_n_layers': 3                          ; LLGLLG
            muse_glimmer_text ; ''                                                       ; LGLLLG
            laguna            ; 'sliding_window': 8                                      ; GGGGGG
            gemma4_text       ; ''                                                       ; LLLLLG
            llama4_text       ; ''                                                       ; LLLGLL
            llama4_text       ; 'no_rope_layers': [1, 0, 1, 0, 1, 0]                     ; LGLGLG
            llama4_text       ; 'attention_chunk_size': null                             ; GGGGGG
            mimo_v2           ; 'hybrid_layer_pattern': [0, 1, 1, 0, 1, 1]               ; GLLGLL
            mimo_v2_flash     ; ''                                                       ; GLLLLG
            """)
    void layersHaveWindowsByTheRuleOfTheirArchitecture(String type, String more, String expected) {
        assertThat(windows(small(type, more.equals("''") ? "" : more))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            afmoe         ; 'num_dense_layers': 2                                                      ; DDEEEE
            exaone_moe    ; ''                                                                         ; DEEEEE
            exaone_moe    ; 'mlp_layer_types': ['sparse', 'dense', 'dense', 'sparse', 'sparse', 'dense']; EDDEED
            ernie4_5_moe  ; 'moe_layer_start_index': 2, 'moe_layer_end_index': 4                       ; DDEEED
            ernie4_5_moe  ; 'moe_layer_interval': 2, 'moe_layer_end_index': -1                         ; DEDEDE
            llama4_text   ; 'interleave_moe_layer_step': 2                                             ; DEDEDE
            llama4_text   ; 'moe_layers': [0, 5]                                                       ; EDDDDE
            mimo_v2       ; 'moe_layer_freq': [0, 1, 0, 1, 1, 1]                                       ; DEDEEE
            step3p5       ; 'moe_layers_enum': '1, 3,4'                                                ; DEDEED
            step3p5       ; ''                                                                         ; DDDEEE
            solar_open    ; ''                                                                         ; EEEEEE
            """)
    void layersHaveExpertsByTheRuleOfTheirArchitecture(String type, String more, String expected) {
        assertThat(experts(small(type, more.equals("''") ? "" : more))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            hy_v3      ; 'moe_intermediate_size': 32, 'expert_hidden_dim': 48 ; expert_hidden_dim
            hy_v3      ; 'qk_norm': false                                     ; qk_norm
            hy_v3      ; 'mlp_bias': true                                     ; mlp_bias
            minimax_m2 ; 'qk_norm_type': 'per_head'                           ; qk_norm_type
            minimax_m2 ; 'attn_type_list': [1, 1, 0, 1, 1, 1]                 ; attn_type_list
            cohere2    ; 'use_parallel_block': false                          ; use_parallel_block
            exaone4    ; 'sliding_window_pattern': 'LX'                       ; sliding_window_pattern
            exaone_moe ; 'mlp_layer_types': ['dense', 'sparse']               ; mlp_layer_types
            exaone_moe ; 'mlp_layer_types': ['dense', 'wide']                 ; mlp_layer_types
            step3p5    ; 'moe_layers_enum': 'all'                             ; moe_layers_enum
            step3p5    ; 'use_head_wise_attn_gate': false                     ; use_head_wise_attn_gate
            step3p7    ; ''                                                   ; text_config
            mimo_v2    ; 'attention_chunk_size': 64                           ; attention_chunk_size
            gemma4_text; 'num_kv_shared_layers': 6                            ; num_kv_shared_layers
            hunyuan    ; 'use_mla': true                                      ; use_mla
            """)
    void aContradictionOrAnUnknownWayIsRefusedByItsKey(String type, String more, String key) {
        assertThatThrownBy(() -> small(type, more.equals("''") ? "" : more))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aConfigThatNamesNothingButItsClassIsReadByIt() {
        String lite = "'architectures': ['LongcatFlashNgramForCausalLM'], 'vocab_size': 131072, 'hidden_size': 3072,"
                + " 'ffn_hidden_size': 6144, 'expert_ffn_hidden_size': 1024, 'num_layers': 14, 'num_attention_heads': 32,"
                + " 'n_routed_experts': 256, 'zero_expert_num': 128, 'zero_expert_type': 'identity', 'moe_topk': 12,"
                + " 'ngram_vocab_size_ratio': 78, 'emb_neighbor_num': 4, 'emb_split_num': 4";
        ParameterCount count = read(lite).parameters();
        assertThat(count.total()).isEqualTo(68_562_465_024L);
        assertThat(count.active()).as("tables are only looked up").isLessThan(count.total() - 12L * 78 * 131_072 * 256);
    }

    /** OpenAI publishes 3.6 and 5.1 billion, MiniMax 10, Meta 17. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            3608307264  | 'model_type': 'gpt_oss', 'hidden_size': 2880, 'num_hidden_layers': 24, 'num_attention_heads': 64, 'intermediate_size': 2880, 'vocab_size': 201088, 'num_local_experts': 32, 'num_experts_per_tok': 4
            5132849472  | 'model_type': 'gpt_oss', 'hidden_size': 2880, 'num_hidden_layers': 36, 'num_attention_heads': 64, 'intermediate_size': 2880, 'vocab_size': 201088, 'num_local_experts': 128, 'num_experts_per_tok': 4
            10415956480 | 'model_type': 'minimax_m2', 'hidden_size': 3072, 'num_hidden_layers': 62, 'num_attention_heads': 48, 'intermediate_size': 1536, 'vocab_size': 200064
            """)
    void whatATokenUsesWithoutTheInputTableIsThePublishedFigure(long active, String config) {
        assertThat(read(config).parameters().activeWithoutInputEmbedding()).isEqualTo(active);
    }

    @Test
    void tablesOfPerLayerVectorsAreOnlyLookedUp() {
        Model with = small("gemma4_text", "'hidden_size_per_layer_input': 8, 'vocab_size_per_layer_input': 100");
        Model without = small("gemma4_text", "'hidden_size_per_layer_input': 0");
        long table = 100L * 6 * 8;
        long projections = 6L * 8 * 64 + 8 + 6L * (2 * 8 * 64 + 64);
        assertThat(with.parameters().total() - without.parameters().total()).isEqualTo(table + projections);
        assertThat(with.parameters().active() - without.parameters().active()).isEqualTo(projections);
    }

    @Test
    void expertsForImagesStayAsideForText() {
        Model model =
                small("ernie4_5_vl_moe_text", "'moe_num_experts': 4, 'moe_k': 2, 'moe_intermediate_size': [32, 16]");
        long perLayer = 4L * 3 * 64 * 16 + 4 * 64 + 4;
        long unused = model.parameters().total() - model.parameters().active();
        assertThat(unused).isEqualTo(5 * (perLayer + 2L * 3 * 64 * 32));
    }
}
