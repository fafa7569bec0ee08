package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingWindowTest {
    private static final GroupedQuery INNER = new GroupedQuery(32, 16, 192, 128, true, true, QueryKeyNorm.PER_HEAD);
    private static final SlidingWindow WINDOW = new SlidingWindow(INNER, 1024);

    @Test
    void aWindowHasTheWeightsOfTheAttentionInside() {
        assertThat(WINDOW.tensors(5376)).isEqualTo(INNER.tensors(5376));
        assertThat(WINDOW.heads()).isEqualTo(32);
        assertThat(WINDOW.keyValueHeads()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 16, 32})
    void aWindowCachesTheSameRowsButNotForever(long ranks) {
        CacheRow row = WINDOW.cacheRows(ranks).get(0);
        CacheRow inner = INNER.cacheRow(ranks);
        assertThat(row.heads()).isEqualTo(inner.heads());
        assertThat(row.keyWidth()).isEqualTo(192);
        assertThat(row.valueWidth()).isEqualTo(128);
        assertThat(row.window()).hasValue(1024);
    }

    @Test
    void aWindowIsCutLikeTheAttentionInside() {
        assertThat(WINDOW.cutsInto(16)).isTrue();
        assertThat(WINDOW.cutsInto(32)).isTrue();
        assertThat(WINDOW.cutsInto(3)).isFalse();
    }

    @Test
    void aWindowHoldsAtLeastOneToken() {
        assertThat(new SlidingWindow(INNER, 1).window()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlidingWindow(INNER, 0))
                .withMessageContaining("window of 0 tokens");
    }

    @Test
    void peopleReadItsLabel() {
        assertThat(WINDOW.label()).isEqualTo("windowed attention");
    }
}
