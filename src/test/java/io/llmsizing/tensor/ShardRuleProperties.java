package io.llmsizing.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class ShardRuleProperties {
    @Provide
    Arbitrary<ShardRule> rowRules() {
        return Arbitraries.of(ShardRule.ROWS, ShardRule.VOCABULARY);
    }

    @Provide
    Arbitrary<ShardRule> rules() {
        return Arbitraries.of(
                ShardRule.REPLICATED, ShardRule.ROWS, ShardRule.COLUMNS, ShardRule.VOCABULARY, ShardRule.heads(1));
    }

    @Property
    void theRanksTogetherHoldEveryRowAndOneLessEachWouldNot(
            @ForAll("rowRules") ShardRule rule,
            @ForAll @LongRange(min = 1, max = 1L << 32) long rows,
            @ForAll @LongRange(min = 1, max = 1024) long ranks) {
        long onRank = rule.rowsOnRank(rows, ranks);
        assertThat(onRank * ranks).isGreaterThanOrEqualTo(rows);
        assertThat((onRank - 1) * ranks).isLessThan(rows);
    }

    @Property
    void theRanksTogetherHoldEveryColumnAndOneLessEachWouldNot(
            @ForAll @LongRange(min = 1, max = 1L << 32) long columns,
            @ForAll @LongRange(min = 1, max = 1024) long ranks) {
        long onRank = ShardRule.COLUMNS.columnsOnRank(columns, ranks);
        assertThat(onRank * ranks).isGreaterThanOrEqualTo(columns);
        assertThat((onRank - 1) * ranks).isLessThan(columns);
    }

    @Property
    void whatDividesIsCutWithoutCopies(
            @ForAll("rowRules") ShardRule rule,
            @ForAll @LongRange(min = 1, max = 1L << 22) long part,
            @ForAll @LongRange(min = 1, max = 1024) long ranks) {
        assertThat(rule.rowsOnRank(part * ranks, ranks)).isEqualTo(part);
        assertThat(ShardRule.COLUMNS.columnsOnRank(part * ranks, ranks)).isEqualTo(part);
    }

    @Property
    void headsStayWholeAndAtLeastOneIsLeft(
            @ForAll @LongRange(min = 1, max = 256) long heads,
            @ForAll @LongRange(min = 1, max = 512) long headWidth,
            @ForAll @LongRange(min = 1, max = 1024) long ranks) {
        long onRank = ShardRule.heads(headWidth).rowsOnRank(heads * headWidth, ranks);
        assertThat(onRank % headWidth).isZero();
        assertThat(onRank).isBetween(headWidth, heads * headWidth);
        assertThat(onRank * ranks).isGreaterThanOrEqualTo(heads * headWidth);
        assertThat((onRank / headWidth - 1) * ranks).isLessThan(heads);
    }

    @Property
    void oneRankHoldsEverything(
            @ForAll("rules") ShardRule rule, @ForAll @LongRange(min = 1, max = 1L << 32) long side) {
        assertThat(rule.rowsOnRank(side, 1)).isEqualTo(side);
        assertThat(rule.columnsOnRank(side, 1)).isEqualTo(side);
    }

    @Property
    void moreRanksNeverHoldMore(
            @ForAll("rules") ShardRule rule,
            @ForAll @LongRange(min = 1, max = 1L << 32) long side,
            @ForAll @LongRange(min = 1, max = 1023) long ranks) {
        assertThat(rule.rowsOnRank(side, ranks + 1)).isLessThanOrEqualTo(rule.rowsOnRank(side, ranks));
        assertThat(rule.columnsOnRank(side, ranks + 1)).isLessThanOrEqualTo(rule.columnsOnRank(side, ranks));
    }
}
