package io.llmsizing.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardRuleTest {
    @ParameterizedTest
    @CsvSource({
        // Llama-3.1-8B: 8 key-value heads of 128.
        "128, 1024, 1, 1024",
        "128, 1024, 2, 512",
        "128, 1024, 8, 128",
        "128, 1024, 16, 128",
        // 5 heads over 2 ranks: the fuller one has 3.
        "64, 320, 2, 192",
        "64, 320, 4, 128"
    })
    void headsAreDividedWholeAndCopiedWhenTheyAreFew(long headWidth, long rows, long ranks, long onRank) {
        ShardRule rule = ShardRule.heads(headWidth);
        assertThat(rule.rowsOnRank(rows, ranks)).isEqualTo(onRank);
        assertThat(rule.columnsOnRank(4096, ranks)).isEqualTo(4096);
    }

    @ParameterizedTest
    @CsvSource({"14336, 8, 1792", "14336, 1, 14336", "10, 4, 3", "3, 4, 1", "12, 4, 3"})
    void aCutSideIsDividedAndRoundedUp(long side, long ranks, long onRank) {
        assertThat(ShardRule.ROWS.rowsOnRank(side, ranks)).isEqualTo(onRank);
        assertThat(ShardRule.VOCABULARY.rowsOnRank(side, ranks)).isEqualTo(onRank);
        assertThat(ShardRule.COLUMNS.columnsOnRank(side, ranks)).isEqualTo(onRank);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 7, 64})
    void theOtherSideStaysWhole(long ranks) {
        assertThat(ShardRule.ROWS.columnsOnRank(4096, ranks)).isEqualTo(4096);
        assertThat(ShardRule.VOCABULARY.columnsOnRank(4096, ranks)).isEqualTo(4096);
        assertThat(ShardRule.COLUMNS.rowsOnRank(4096, ranks)).isEqualTo(4096);
        assertThat(ShardRule.REPLICATED.rowsOnRank(4096, ranks)).isEqualTo(4096);
        assertThat(ShardRule.REPLICATED.columnsOnRank(4096, ranks)).isEqualTo(4096);
    }

    @ParameterizedTest
    @EnumSource
    void aGranuleIsAtLeastOneRow(ShardRule.Cut cut) {
        assertThat(new ShardRule(cut, 1).granule()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShardRule(cut, 0))
                .withMessageContaining("not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShardRule(cut, -1))
                .withMessageContaining("not -1");
    }

    @Test
    void theNamedRulesCutWhatTheyAreNamedAfter() {
        assertThat(ShardRule.REPLICATED.cut()).isEqualTo(ShardRule.Cut.NONE);
        assertThat(ShardRule.ROWS.cut()).isEqualTo(ShardRule.Cut.ROWS);
        assertThat(ShardRule.COLUMNS.cut()).isEqualTo(ShardRule.Cut.COLUMNS);
        assertThat(ShardRule.VOCABULARY.cut()).isEqualTo(ShardRule.Cut.VOCABULARY);
        assertThat(ShardRule.heads(64)).isEqualTo(new ShardRule(ShardRule.Cut.HEADS, 64));
    }
}
