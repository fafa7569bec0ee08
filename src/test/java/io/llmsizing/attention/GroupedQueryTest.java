package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupedQueryTest {
    private static long elements(Attention attention, long hidden) {
        return attention.tensors(hidden).stream()
                .mapToLong(WeightTensor::elements)
                .sum();
    }

    @ParameterizedTest
    @CsvSource({
        // heads, key-value heads, key width, value width, input bias, output bias, norm, hidden, elements, source
        "32, 8, 128, 128, false, false, NONE, 4096, 41943040, Llama-3.1-8B config",
        "28, 4, 128, 128, true, false, NONE, 3584, 29364736, Qwen2.5-7B config: bias on query key and value",
        "16, 8, 128, 128, false, false, PER_HEAD, 1024, 6291712, Qwen3-0.6B config: norms of 128 twice",
        "64, 8, 64, 64, true, true, NONE, 2880, 26550080, gpt-oss-20b without its sinks: bias on all four",
        "48, 8, 128, 128, false, false, FULL_WIDTH, 3072, 44047360, MiniMax-M2 config: norms over full width",
        "64, 4, 192, 128, false, false, NONE, 4096, 89128960, MiMo-V2 style: values narrower than keys"
    })
    void elementsAreThoseOfThePublishedShape(
            long heads,
            long keyValueHeads,
            long keyWidth,
            long valueWidth,
            boolean inputBias,
            boolean outputBias,
            QueryKeyNorm norm,
            long hidden,
            long elements,
            String source) {
        assertThat(elements(
                        new GroupedQuery(heads, keyValueHeads, keyWidth, valueWidth, inputBias, outputBias, norm),
                        hidden))
                .as(source)
                .isEqualTo(elements);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 4", "4, 2", "8, 1", "16, 1", "32, 1", "3, 3"})
    void theCachedHeadsAreDividedUntilOneIsLeft(long ranks, long heads) {
        CacheRow row = GroupedQuery.of(32, 8, 128).cacheRow(ranks);
        assertThat(row.heads()).isEqualTo(heads);
        assertThat(row.keyWidth()).isEqualTo(128);
        assertThat(row.valueWidth()).isEqualTo(128);
        assertThat(row.window()).isEmpty();
    }

    @Test
    void aTokenOfLlamaTakesFourKibibytesALayer() {
        CacheRow row = GroupedQuery.of(32, 8, 128).cacheRow(1);
        assertThat(row.heads() * row.headBytes(CacheFormats.BF16)).isEqualTo(4096);
    }

    @Test
    void keysAndValuesOfDifferentWidthAreCachedAsTheyAre() {
        GroupedQuery attention = new GroupedQuery(64, 4, 192, 128, false, false, QueryKeyNorm.NONE);
        assertThat(attention.cacheRow(1).headBytes(CacheFormats.BF16)).isEqualTo(2 * (192 + 128));
    }

    @ParameterizedTest
    @CsvSource({
        // heads, key-value heads, ranks, whether
        "32, 8, 1, true", "32, 8, 8, true", "32, 8, 16, true", "32, 8, 32, true", "32, 8, 64, false",
        "32, 8, 3, false", "28, 4, 8, false", "28, 4, 7, false", "28, 4, 14, false", "28, 4, 28, true",
        "12, 2, 3, false", "12, 2, 6, true", "24, 6, 4, false", "24, 6, 3, true"
    })
    void tensorParallelismDividesTheHeadsOrCopiesThemEvenly(long heads, long keyValueHeads, long ranks, boolean cuts) {
        assertThat(GroupedQuery.of(heads, keyValueHeads, 128).cutsInto(ranks)).isEqualTo(cuts);
    }

    @Test
    void tensorsAreCutAndFusedAsEnginesDo() {
        GroupedQuery attention = new GroupedQuery(8, 2, 64, 32, true, true, QueryKeyNorm.PER_HEAD);
        assertThat(attention.tensors(100))
                .containsExactlyInAnyOrder(
                        matrix("q_proj.weight", "qkv_proj.weight", 512, 100, ShardRule.ROWS),
                        matrix("k_proj.weight", "qkv_proj.weight", 128, 100, ShardRule.heads(64)),
                        matrix("v_proj.weight", "qkv_proj.weight", 64, 100, ShardRule.heads(32)),
                        matrix("o_proj.weight", "o_proj.weight", 100, 256, ShardRule.COLUMNS),
                        bias("q_proj.bias", "qkv_proj.bias", 512, ShardRule.ROWS),
                        bias("k_proj.bias", "qkv_proj.bias", 128, ShardRule.heads(64)),
                        bias("v_proj.bias", "qkv_proj.bias", 64, ShardRule.heads(32)),
                        bias("o_proj.bias", "o_proj.bias", 100, ShardRule.REPLICATED),
                        WeightTensor.vector("self_attn.q_norm.weight", TensorRole.NORM, 64),
                        WeightTensor.vector("self_attn.k_norm.weight", TensorRole.NORM, 64));
    }

    private static WeightTensor matrix(String name, String fused, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix("self_attn." + name, TensorRole.ATTENTION, rows, columns, rule)
                .fusedInto("self_attn." + fused);
    }

    private static WeightTensor bias(String name, String fused, long length, ShardRule rule) {
        return WeightTensor.matrix("self_attn." + name, TensorRole.BIAS, length, 1, rule)
                .fusedInto("self_attn." + fused);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, 0 query heads over 1",
        "8, 0, 1, 1, 8 query heads over 0",
        "8, 3, 1, 1, 8 query heads over 3",
        "8, 16, 1, 1, 8 query heads over 16",
        "8, -8, 1, 1, 8 query heads over -8",
        "1048577, 1, 1, 1, 1048577 query heads over 1",
        "8, 8, 0, 1, head widths 0 and 1",
        "8, 8, 1, 0, head widths 1 and 0",
        "8, 8, 1048577, 1, head widths 1048577 and 1",
        "8, 8, 1, 1048577, head widths 1 and 1048577"
    })
    void whatIsOutOfRangeIsNamed(long heads, long keyValueHeads, long keyWidth, long valueWidth, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new GroupedQuery(heads, keyValueHeads, keyWidth, valueWidth, false, false, QueryKeyNorm.NONE))
                .withMessageContaining(said);
    }

    @Test
    void theEndsOfTheRangesAreTaken() {
        long most = Attention.LARGEST_WIDTH;
        assertThat(GroupedQuery.of(1, 1, 1).heads()).isEqualTo(1);
        assertThat(GroupedQuery.of(most, most, most).keyValueHeads()).isEqualTo(1 << 20);
    }

    @Test
    void peopleReadItsLabel() {
        assertThat(GroupedQuery.of(32, 8, 128).label()).isEqualTo("attention");
    }
}
