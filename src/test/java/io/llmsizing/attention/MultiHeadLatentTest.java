package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Ratio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiHeadLatentTest {
    private static final MultiHeadLatent DEEPSEEK_V3 = new MultiHeadLatent(128, 1536, 512, 128, 64, 128);

    @ParameterizedTest
    @CsvSource({
        // heads, query rank, latent, plain, rotary, value, hidden, elements, source
        "128, 1536, 512, 128, 64, 128, 7168, 187107328, DeepSeek-V3 config",
        "16, 0, 512, 128, 64, 128, 2048, 13763072, DeepSeek-V2-Lite config: queries not compressed",
        "128, 1536, 512, 128, 64, 128, 5120, 149227520, DeepSeek-V2 config"
    })
    void elementsAreThoseOfThePublishedShape(
            long heads,
            long queryRank,
            long latent,
            long plain,
            long rotary,
            long value,
            long hidden,
            long elements,
            String source) {
        assertThat(new MultiHeadLatent(heads, queryRank, latent, plain, rotary, value)
                        .tensors(hidden).stream()
                                .mapToLong(WeightTensor::elements)
                                .sum())
                .as(source)
                .isEqualTo(elements);
    }

    @Test
    void downProjectionsAreOnEveryRankAndHeadsAreCut() {
        assertThat(new MultiHeadLatent(4, 24, 16, 8, 2, 6).tensors(100))
                .containsExactlyInAnyOrder(
                        matrix("q_a_proj", 24, 100, ShardRule.REPLICATED)
                                .fusedInto("self_attn.fused_qkv_a_proj.weight"),
                        matrix("kv_a_proj_with_mqa", 18, 100, ShardRule.REPLICATED)
                                .fusedInto("self_attn.fused_qkv_a_proj.weight"),
                        WeightTensor.vector("self_attn.q_a_layernorm.weight", TensorRole.NORM, 24),
                        WeightTensor.vector("self_attn.kv_a_layernorm.weight", TensorRole.NORM, 16),
                        matrix("q_b_proj", 40, 24, ShardRule.ROWS),
                        matrix("kv_b_proj", 56, 16, ShardRule.ROWS),
                        matrix("o_proj", 100, 24, ShardRule.COLUMNS));
    }

    @Test
    void uncompressedQueriesHaveOneProjectionAndNoNorm() {
        assertThat(new MultiHeadLatent(4, 0, 16, 8, 2, 6).tensors(100))
                .containsExactlyInAnyOrder(
                        matrix("q_proj", 40, 100, ShardRule.ROWS),
                        matrix("kv_a_proj_with_mqa", 18, 100, ShardRule.REPLICATED),
                        WeightTensor.vector("self_attn.kv_a_layernorm.weight", TensorRole.NORM, 16),
                        matrix("kv_b_proj", 56, 16, ShardRule.ROWS),
                        matrix("o_proj", 100, 24, ShardRule.COLUMNS));
    }

    private static WeightTensor matrix(String name, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix("self_attn." + name + ".weight", TensorRole.ATTENTION, rows, columns, rule);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 8, 128})
    void theLatentStandsWholeOnEveryRank(long ranks) {
        CacheRow row = DEEPSEEK_V3.cacheRow(ranks);
        assertThat(row.heads()).isEqualTo(1);
        assertThat(row.headBytes(CacheFormats.BF16)).isEqualTo(1152);
        assertThat(row.headBytes(CacheFormats.FP8_E4M3)).isEqualTo(576);
        assertThat(row.window()).isEmpty();
    }

    @Test
    void theLatentTakesTwoHundredthsOfWhatOrdinaryHeadsWould() {
        // DeepSeek-V3: 512 + 64 elements against 128 heads of 192 and 128.
        CacheRow ordinary = DEEPSEEK_V3.decompressed().cacheRow(1);
        long ordinaryBytes = ordinary.heads() * ordinary.headBytes(CacheFormats.BF16);
        assertThat(ordinaryBytes).isEqualTo(81_920);
        assertThat(Ratio.of(ordinaryBytes, 1152)).isEqualTo(Ratio.of(640, 9));
        assertThat(Ratio.of(ordinaryBytes, 1152).toDisplay(1)).isEqualTo("71.1");
    }

    @Test
    void tensorParallelismCutsTheHeadsAndCopiesTheLatent() {
        assertThat(DEEPSEEK_V3.keyValueHeads()).isEqualTo(1);
        assertThat(DEEPSEEK_V3.cutsInto(128)).isTrue();
        assertThat(DEEPSEEK_V3.cutsInto(24)).isFalse();
        assertThat(DEEPSEEK_V3.cutsInto(256)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, 1, 1, 0 heads",
        "1048577, 1, 1, 1, 1, 1, 1048577 heads",
        "1, -1, 1, 1, 1, 1, query rank -1",
        "1, 1048577, 1, 1, 1, 1, query rank 1048577",
        "1, 1, 0, 1, 1, 1, width 0",
        "1, 1, 1, 1048577, 1, 1, width 1048577",
        "1, 1, 1, 1, -2, 1, width -2",
        "1, 1, 1, 1, 1, 0, width 0"
    })
    void whatIsOutOfRangeIsNamed(
            long heads, long queryRank, long latent, long plain, long rotary, long value, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiHeadLatent(heads, queryRank, latent, plain, rotary, value))
                .withMessageContaining(said);
    }

    @Test
    void theEndsOfTheRangesAreTaken() {
        long most = Attention.LARGEST_WIDTH;
        assertThat(new MultiHeadLatent(1, 0, 1, 1, 1, 1).heads()).isEqualTo(1);
        assertThat(new MultiHeadLatent(most, most, most, most, most, most).heads())
                .isEqualTo(most);
    }

    @Test
    void peopleReadItsLabel() {
        assertThat(DEEPSEEK_V3.label()).isEqualTo("latent attention");
    }
}
