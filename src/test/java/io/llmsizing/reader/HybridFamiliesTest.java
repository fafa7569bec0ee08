package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmsizing.attention.RecurrentState;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.ParameterCount;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.TensorRole;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models with recurrences: what the tables of counts and caches do not show. */
class HybridFamiliesTest {
    private static final String NEMOTRON = """
            {"model_type": "nemotron_h", "hidden_size": 64, "vocab_size": 100, "tie_word_embeddings": false,
             "torch_dtype": "bfloat16", "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
             "mamba_num_heads": 8, "mamba_head_dim": 16, "n_routed_experts": 4, "intermediate_size": 128,
             "moe_intermediate_size": 32, "moe_shared_expert_intermediate_size": 48, %s}""";

    private static final String KIMI = """
            {"model_type": "kimi_linear", "hidden_size": 64, "vocab_size": 100, "torch_dtype": "bfloat16",
             "num_hidden_layers": 4, "num_attention_heads": 4, "kv_lora_rank": 32, "q_lora_rank": null,
             "qk_nope_head_dim": 16, "qk_rope_head_dim": 8, "v_head_dim": 16, "intermediate_size": 128,
             "moe_intermediate_size": 32, "num_experts": 4, "num_experts_per_token": 2, %s}""";

    private static Model read(String json) {
        return HuggingFaceReader.read(json, "m").model();
    }

    private static Model published(String name) throws Exception {
        JsonObject row = ArchitecturesTest.architectures()
                .filter(candidate -> candidate.requiredText("model").equals(name))
                .findFirst()
                .orElseThrow();
        return read(row.requiredText("config"));
    }

    /** By the three definitions: with both embeddings, without the one in front, without both. Blocks that predict apart. */
    static Stream<Arguments> actives() {
        return Stream.of(
                arguments("Qwen/Qwen3-Next-80B-A3B-Instruct", 3_874_929_408L, 3_563_764_480L, 3_252_599_552L, 0L),
                arguments("ai21labs/AI21-Jamba-1.5-Mini", 12_110_311_296L, 11_841_875_840L, 11_573_440_384L, 0L),
                arguments("moonshotai/Kimi-K3", 105_364_017_760L, 104_189_612_640L, 103_015_207_520L, 0L),
                arguments(
                        "nvidia/Qwen3.5-397B-A17B-NVFP4",
                        17_349_040_896L,
                        16_331_922_176L,
                        15_314_803_456L,
                        6_595_568_128L),
                arguments("Qwen/Qwen3.5-27B", 26_895_998_464L, 25_624_600_064L, 24_353_201_664L, 424_699_392L),
                arguments(
                        "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16",
                        12_770_237_440L,
                        12_233_366_528L,
                        11_696_495_616L,
                        2_942_325_248L));
    }

    @ParameterizedTest
    @MethodSource("actives")
    void aTokenTouchesThePublishedParameters(String name, long both, long one, long none, long speculative)
            throws Exception {
        ParameterCount count = published(name).parameters();
        assertThat(count.active()).isEqualTo(both);
        assertThat(count.activeWithoutInputEmbedding()).isEqualTo(one);
        assertThat(count.activeWithoutEmbeddings()).isEqualTo(none);
        assertThat(count.speculative()).isEqualTo(speculative);
    }

    /** One sequence of no tokens, on one of so many ranks, where convolutions keep all taps but the newest. */
    @ParameterizedTest
    @CsvSource({
        "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16, 1, 49082368",
        "nvidia/Qwen3.5-397B-A17B-NVFP4, 8, 24007680",
        "moonshotai/Kimi-K3, 1, 449372160",
        "moonshotai/Kimi-K3, 8, 56171520"
    })
    void enginesThatSpareATapKeepThePublishedState(String name, int ranks, long bytes) throws Exception {
        Rank rank = Rank.of(published(name), ParallelLayout.tensor(ranks), 0, false, 64);
        TotalLedger cache = new TotalLedger();
        KvCacheMemory.account(cache, rank, CacheFormats.BF16, new CachePaging(16, 0, 0, 1), 1, 0);
        assertThat(cache.bytes()).isEqualTo(bytes);
    }

    @Test
    void lettersAndNamesSayTheSameOrder() {
        Model letters = read(NEMOTRON.formatted("\"hybrid_override_pattern\": \"M-*E\""));
        Model names = read(NEMOTRON.formatted(
                "\"layers_block_type\": [\"mamba\", \"mlp\", \"attention\", \"moe\"], \"num_hidden_layers\": 9"));
        assertThat(letters.layers()).isEqualTo(names.layers());
        assertThat(letters.layers().size()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"hybrid_override_pattern\": \"MX\"; known letters are M, *, E and -",
                "\"num_hidden_layers\": 2; the order of layers",
                "\"layers_block_type\": [\"conv2\"]; conv2 is not known",
                "\"hybrid_override_pattern\": \"E\", \"mlp_bias\": true; experts with biases",
                "\"hybrid_override_pattern\": \"*\", \"attention_bias\": true; no biases in its attention",
                "\"hybrid_override_pattern\": \"M\", \"num_nextn_predict_layers\": 65; 0 to 64 blocks"
            })
    void anOrderThatIsNotKnownIsRefused(String keys, String reason) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> read(NEMOTRON.formatted(keys)))
                .withMessageContaining(reason);
    }

    @Test
    void predictionsFollowTheirOwnPattern() {
        String one = "\"hybrid_override_pattern\": \"M\", \"num_nextn_predict_layers\": 1";
        Model usual = read(NEMOTRON.formatted(one));
        Model stated = read(NEMOTRON.formatted(one + ", \"mtp_hybrid_override_pattern\": \"*E\""));
        assertThat(stated.speculativeHead()).isEqualTo(usual.speculativeHead());
        Model longer = read(NEMOTRON.formatted(one + ", \"mtp_hybrid_override_pattern\": \"M*E-\""));
        assertThat(longer.speculativeHead().orElseThrow().layer().normVectors()).isEqualTo(4);
        assertThat(longer.parameters().speculative())
                .isGreaterThan(stated.parameters().speculative());
    }

    @Test
    void layersOfKimiAreCountedFromOne() {
        String two = "\"linear_attn_config\": {\"num_heads\": 4, \"head_dim\": 16, \"short_conv_kernel_size\": 4,"
                + " \"full_attn_layers\": [%s], \"kda_layers\": [%s]}";
        Model model = read(KIMI.formatted(two.formatted("4", "1, 2, 3")));
        assertThat(model.layers()
                        .runs()
                        .get(model.layers().runs().size() - 1)
                        .attention()
                        .label())
                .isEqualTo("latent attention");
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> read(KIMI.formatted(two.formatted("4", "1, 2"))))
                .withMessageContaining("each layer from 1 to 4 here or in kda_layers");
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(KIMI.formatted(
                        two.formatted("4", "1, 2, 3").replace("\"num_heads\"", "\"key_heads\": 2, \"num_heads\""))))
                .withMessageContaining("key_heads");
    }

    @Test
    void theSharedBlockOfZambaIsOneBlockWithManyCaches() throws Exception {
        Model zamba = published("Zyphra/Zamba-7B-v1");
        assertThat(zamba.layers().size()).isEqualTo(76);
        assertThat(zamba.layers().groups().stream()
                        .flatMap(group -> group.attention().states().stream())
                        .filter(RecurrentState::convolution))
                .hasSize(3);
        Model second = published("Zyphra/Zamba2-2.7B");
        assertThat(second.layers().groups().stream()
                        .filter(group -> !group.attention().cacheRows(1).isEmpty())
                        .map(group -> group.attention().cacheRows(1).size()))
                .as("two blocks that take turns in nine layers")
                .containsExactly(5, 4);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        new RepeatedAttention(zamba.layers().groups().get(0).attention(), 0));
    }

    @Test
    void tablesOfGramsAreLookedUpAndCountAsNoWork() throws Exception {
        Model model = published("Qwen/Qwen3.8-Flash-Next");
        long table = model.blocks().stream()
                .flatMap(block -> block.tensors().stream())
                .filter(tensor ->
                        tensor.role() == TensorRole.EMBEDDING && tensor.name().startsWith("ple."))
                .mapToLong(tensor -> {
                    assertThat(tensor.activeElements()).isZero();
                    return tensor.elements();
                })
                .sum();
        assertThat(table).as("51B, its authors say").isEqualTo(51_200_245_760L);
        assertThat(model.parameters().total() - table).as("125B").isEqualTo(125_822_296_960L);
        assertThat(model.parameters().activeWithoutEmbeddings()).as("6B").isEqualTo(6_114_239_360L);
    }

    @Test
    void whatIsAbsentIsTheClassesDefaultAndSaid() {
        ModelReading reading = HuggingFaceReader.read(
                "{\"model_type\": \"mamba\", \"hidden_size\": 100, \"num_hidden_layers\": 2, \"vocab_size\": 10,"
                        + " \"time_step_rank\": \"auto\", \"torch_dtype\": \"bfloat16\"}",
                "m");
        assertThat(reading.assumptions())
                .extracting(Assumption::about)
                .contains("expand", "state_size", "conv_kernel", "use_bias", "use_conv_bias", "tie_word_embeddings")
                .doesNotContain("time_step_rank");
        assertThat(reading.model().layers().groups().get(0).tensors(100))
                .anyMatch(tensor -> tensor.name().equals("mamba.dt_proj.weight") && tensor.columns() == 7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"model_type\": \"mamba2\", \"hidden_size\": 64, \"num_heads\": 3}; heads of head_dim 64",
                "{\"model_type\": \"lfm2_moe\", \"hidden_size\": 64, \"num_attention_heads\": 8}; one entry for each",
                "{\"model_type\": \"rwkv7\", \"hidden_size\": 64, \"decay_low_rank_dim\": null}; expected a width",
                "{\"model_type\": \"minimax_m1\", \"hidden_size\": 64, \"num_attention_heads\": 8, \"num_local_experts\": 4,"
                        + " \"intermediate_size\": 64}; one entry for each",
                "{\"model_type\": \"qwen3_5_text\", \"hidden_size\": 64, \"num_attention_heads\": 8,"
                        + " \"attn_output_gate\": false}; without a gate",
                "{\"model_type\": \"bailing_hybrid\", \"value_norm\": true}; not known",
                "{\"model_type\": \"recurrent_gemma\", \"hidden_size\": 64, \"num_attention_heads\": 5}; a divisor of",
                "{\"model_type\": \"xlstm\", \"hidden_size\": 64, \"embedding_dim\": 32}; known is the width 64"
            })
    void variantsThatAreNotKnownAreRefused(String json, String reason) {
        String config =
                json.replace("}", ", \"num_hidden_layers\": 4, \"vocab_size\": 100, \"torch_dtype\": \"bfloat16\"}");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> read(config))
                .withMessageContaining(reason);
    }
}
