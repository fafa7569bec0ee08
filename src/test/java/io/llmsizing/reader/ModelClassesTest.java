package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The class that a config names decides about heads, poolers and encoders. Counts are those of the class built by the
 * transformers library 5.17, or of the repository where one is named.
 */
class ModelClassesTest {
    private static final String BERT = "'hidden_size': 768, 'num_hidden_layers': 12, 'num_attention_heads': 12,"
            + " 'intermediate_size': 3072, 'vocab_size': 30522, 'max_position_embeddings': 512, 'type_vocab_size': 2";
    private static final String JINA = "'hidden_size': 768, 'num_hidden_layers': 12, 'num_attention_heads': 12,"
            + " 'intermediate_size': 3072, 'vocab_size': 30528, 'max_position_embeddings': 8192, 'type_vocab_size': 2,"
            + " 'position_embedding_type': 'alibi', 'feed_forward_type': 'geglu', 'emb_pooler': 'mean'";
    private static final String LARGE = "'hidden_size': 1024, 'num_hidden_layers': 24, 'num_attention_heads': 16,"
            + " 'intermediate_size': 4096, 'vocab_size': 250002, 'type_vocab_size': 1";
    private static final String NOMIC =
            "'n_embd': 768, 'n_layer': 12, 'n_head': 12, 'n_inner': 3072, 'n_positions': 2048,"
                    + " 'vocab_size': 250048, 'type_vocab_size': 1, 'activation_function': 'gelu', 'qkv_proj_bias': true,"
                    + " 'mlp_fc1_bias': true, 'mlp_fc2_bias': true, 'num_experts': 8, 'moe_every_n_layers': 2, 'moe_top_k': 2";
    private static final String BART = "'d_model': 1024, 'encoder_layers': 12, 'decoder_layers': 12,"
            + " 'encoder_attention_heads': 16, 'decoder_attention_heads': 16, 'encoder_ffn_dim': 4096,"
            + " 'decoder_ffn_dim': 4096, 'vocab_size': 50265, 'max_position_embeddings': 1024";
    private static final String T5 =
            "'d_model': 512, 'd_kv': 64, 'd_ff': 2048, 'num_layers': 6, 'num_decoder_layers': 6,"
                    + " 'num_heads': 8, 'vocab_size': 32128";
    private static final String WHISPER = "'d_model': 512, 'encoder_layers': 6, 'decoder_layers': 6,"
            + " 'encoder_attention_heads': 8, 'decoder_attention_heads': 8, 'encoder_ffn_dim': 2048,"
            + " 'decoder_ffn_dim': 2048, 'vocab_size': 51865, 'num_mel_bins': 80";
    private static final String NEO = "'hidden_size': 768, 'num_layers': 12, 'num_heads': 12, 'vocab_size': 50257,"
            + " 'max_position_embeddings': 2048, 'attention_types': [[['global', 'local'], 6]]";
    private static final String LLAMA = "'hidden_size': 4096, 'num_hidden_layers': 32, 'num_attention_heads': 32,"
            + " 'num_key_value_heads': 8, 'intermediate_size': 14336, 'vocab_size': 128256,"
            + " 'max_position_embeddings': 8192";
    private static final String LOOPED = "'hidden_size': 3072, 'num_hidden_layers': 22, 'num_attention_heads': 48,"
            + " 'num_key_value_heads': 8, 'head_dim': 128, 'intermediate_size': 10752, 'vocab_size': 166144,"
            + " 'max_position_embeddings': 262144, 'num_loops': 2";

    private static Model read(String type, String shape, String architecture) {
        String classes = architecture.isEmpty() ? "" : ", 'architectures': ['" + architecture + "']";
        return HuggingFaceReader.read(
                        ("{'model_type': '" + type + "', " + shape + classes + "}").replace('\'', '"'), "test")
                .model();
    }

    private static String shape(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "BERT" -> BERT;
            case "JINA" -> JINA;
            case "LARGE" -> LARGE + ", 'max_position_embeddings': 514";
            case "TASKS" ->
                LARGE + ", 'max_position_embeddings': 8194, 'position_embedding_type': 'rotary', 'lora_rank': 4,"
                        + " 'lora_adaptations': ['a', 'b', 'c', 'd', 'e']";
            case "NOMIC" -> NOMIC;
            case "BART" -> BART;
            case "T5" -> T5;
            case "WHISPER" -> WHISPER;
            case "NEO" -> NEO;
            case "LLAMA" -> LLAMA;
            case "LOOPED" -> LOOPED;
            default -> throw new AssertionError(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BERT, '', 109514298",
        "bert, BERT, BertModel, 109482240",
        "bert, BERT, BertForMaskedLM, 109514298",
        "bert, BERT, BertForSequenceClassification, 109483778",
        "bert, JINA, JinaBertModel, 137368320",
        "xlm-roberta, LARGE, XLMRobertaModel, 559890432",
        "xlm-roberta, LARGE, XLMRobertaForSequenceClassification, 559892482",
        "xlm-roberta, TASKS, XLMRobertaLoRA, 572310396",
        "nomic_bert, NOMIC, NomicBertModel, 475292928",
        "bart, BART, '', 254084096",
        "bart, BART, BartForConditionalGeneration, 406291456",
        "bart, BART, BartModel, 406291456",
        "bart, BART, BartForCausalLM, 254084096",
        "t5, T5, T5ForConditionalGeneration, 60506624",
        "t5, T5, T5EncoderModel, 35330816",
        "whisper, WHISPER, WhisperForConditionalGeneration, 72593920",
        "llama, LLAMA, LlamaForCausalLM, 8030261248",
        "llama, LLAMA, LlamaForSequenceClassification, 7504932864",
        "llama, LLAMA, LlamaModel, 7504924672",
    })
    void theClassDecidesWhatStandsAroundTheLayers(String type, String shape, String architecture, long parameters) {
        assertThat(read(type, shape(shape), architecture).parameters().total()).isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BERT, BertModel, 0",
        "t5, T5, T5EncoderModel, 0",
        // 6 layers of 8 heads of 64, keys and values, of the sequence and of the source
        "t5, T5, T5ForConditionalGeneration, 15728640",
        // the sequence and 1,500 tokens of sound
        "whisper, WHISPER, WhisperForConditionalGeneration, 26296320",
        // a decoder alone keeps nothing of an encoder
        "bart, BART, BartForCausalLM, 31457280",
        "bart, BART, BartForConditionalGeneration, 62914560",
        // 6 layers of all tokens, 6 of the last 256
        "gpt_neo, NEO, GPTNeoForCausalLM, 16515072",
        // 22 layers that a token passes twice
        "nanbeige, LOOPED, NanbeigeForCausalLM, 115343360",
    })
    void theCacheOfOneSequenceOf640Tokens(String type, String shape, String architecture, long bytes) {
        Rank whole = Rank.of(read(type, shape(shape), architecture), ParallelLayout.SINGLE, 0, false, 1);
        TotalLedger cache = new TotalLedger();
        KvCacheMemory.account(cache, whole, CacheFormats.BF16, CachePaging.NONE, 1, 640);
        assertThat(cache.bytes()).isEqualTo(bytes);
    }

    @Test
    void aClassThatIsNotStatedIsSaidToBeAssumed() {
        assertThat(read("bert", BERT, "").assumptions())
                .anySatisfy(taken -> assertThat(taken.toString()).contains("architectures"));
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BERT, BertForQuestionAnswering",
        "bart, BART, BartForSequenceClassification",
        "t5, T5, T5ForTokenClassification",
        "llama, LLAMA, LlamaForTokenClassification"
    })
    void anotherTaskIsRefusedByName(String type, String shape, String architecture) {
        assertThatThrownBy(() -> read(type, shape(shape), architecture))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining("architectures")
                .hasMessageContaining(architecture);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BERT, position_embedding_type, '\"relative_key\"'",
        "bert, BERT, add_cross_attention, true",
        "bert, BERT, feed_forward_type, '\"other\"'",
        "gpt_neo, NEO, attention_layers, '[\"local\"]'",
        "m2m_100, BART, num_hidden_layers, 6",
        "t5, T5, is_gated_act, true",
        "t5, T5, is_decoder, true"
    })
    void aVariantThatIsNotKnownIsRefused(String type, String shape, String key, String value) {
        String variant = shape(shape) + ", '" + key + "': " + value.replace('"', '\'');
        assertThatThrownBy(() -> read(type, variant, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key.equals("attention_layers") ? "attention_types" : key);
    }

    @Test
    void aKeyUnderTwoNamesSaysTheSameTwice() {
        assertThat(read("t5", T5 + ", 'hidden_size': 512", "").hidden()).isEqualTo(512);
        assertThatThrownBy(() -> read("t5", T5 + ", 'hidden_size': 768", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("d_model")
                .hasMessageContaining("hidden_size");
    }

    @Test
    void gitIsGrokOnlyByItsClass() {
        assertThatThrownBy(() -> read("git", LLAMA, "GitForCausalLM"))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining("Grok1ForCausalLM");
    }
}
