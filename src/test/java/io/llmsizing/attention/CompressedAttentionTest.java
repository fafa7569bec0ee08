package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.WeightTensor;
import org.junit.jupiter.api.Test;

/** DeepSeek-V4-Flash: 64 heads of 512, queries through 1,024, outputs in 8 groups through 1,024. */
class CompressedAttentionTest {
    private static final long HIDDEN = 4_096;
    private static final CompressedAttention WINDOW =
            new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 0, false, 0, 0);
    private static final CompressedAttention FINE =
            new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 4, true, 64, 128);
    private static final CompressedAttention COARSE =
            new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 128, false, 0, 0);

    private static long elements(Attention attention) {
        return attention.tensors(HIDDEN).stream()
                .mapToLong(WeightTensor::elements)
                .sum();
    }

    @Test
    void theWeightsAreThoseOfTheFormula() {
        long base = HIDDEN * 1_024
                + HIDDEN * 512
                + 1_024
                + 512
                + 1_024 * 64 * 512
                + 64 * 512 / 8 * 8 * 1_024
                + 8 * 1_024 * HIDDEN
                + 64;
        assertThat(elements(WINDOW)).isEqualTo(base);
        long coarse = 128 * 512 + 2 * HIDDEN * 512 + 512;
        assertThat(elements(COARSE)).isEqualTo(base + coarse);
        long fine = 4 * 2 * 512 + 2 * HIDDEN * 2 * 512 + 512;
        long indexer = 1_024 * 64 * 128 + HIDDEN * 64 + 4 * 2 * 128 + 2 * HIDDEN * 2 * 128 + 128;
        assertThat(elements(FINE)).isEqualTo(base + fine + indexer);
    }

    @Test
    void aWindowIsKeptWholeAndTheRestAsEntries() {
        assertThat(WINDOW.cacheRows(8)).hasSize(1);
        assertThat(COARSE.cacheRows(8)).extracting(CacheRow::stride).containsExactly(1L, 128L);
        assertThat(FINE.cacheRows(8)).extracting(CacheRow::stride).containsExactly(1L, 4L, 4L);
        assertThat(FINE.cacheRows(8))
                .extracting(row -> row.headBytes(CacheFormats.BF16))
                .containsExactly(1_024L, 1_024L, 256L);
    }

    @Test
    void aCompressorKeepsWhatIsNotAnEntryYet() {
        assertThat(WINDOW.states()).isEmpty();
        assertThat(COARSE.states()).extracting(RecurrentState::columns).containsExactly(2L * 128 * 512);
        assertThat(FINE.states()).extracting(RecurrentState::columns).containsExactly(2L * 8 * 1_024, 2L * 8 * 256);
    }

    @Test
    void outputGroupsAreNotCut() {
        assertThat(FINE.cutsInto(8)).isTrue();
        assertThat(FINE.cutsInto(16)).isFalse();
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new CompressedAttention(64, 512, 1_024, 7, 1_024, 128, 0, false, 0, 0))
                .hasMessageContaining("64 heads in 7 groups");
        assertThatThrownBy(() -> new CompressedAttention(64, 512, 1_024, 8, 1_024, 128, 0, false, 64, 128))
                .hasMessageContaining("indexer");
        assertThatThrownBy(() -> new CompressedAttention(64, 0, 1_024, 8, 1_024, 128, 0, false, 0, 0))
                .hasMessageContaining("size of 0");
    }
}
