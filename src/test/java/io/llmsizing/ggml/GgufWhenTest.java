package io.llmsizing.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GgufWhenTest {
    private static final GgufModel DENSE = new GgufModel(32, 32, 4, 0, false);

    @Test
    void partsOfTheStackAreCutByWholeDivision() {
        assertThat(holding(GgufWhen.FIRST_EIGHTH, 31)).containsExactly(0, 1, 2);
        assertThat(holding(GgufWhen.FIRST_SIXTEENTH, 31)).containsExactly(0);
        assertThat(holding(GgufWhen.FIRST_TWO, 31)).containsExactly(0, 1);
        assertThat(holding(GgufWhen.FIRST_FOUR, 31)).containsExactly(0, 1, 2, 3);
        assertThat(holding(GgufWhen.MIDDLE, 31))
                .isEqualTo(IntStream.range(3, 27).boxed().collect(Collectors.toList()));
        assertThat(holding(GgufWhen.MORE_BITS, 31))
                .containsExactly(0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 26, 27, 28, 29, 30);
        assertThat(holding(GgufWhen.ALWAYS, 31)).hasSize(31);
        assertThat(holding(GgufWhen.MORE_BITS_OF_EIGHT_EXPERTS, 31)).isEmpty();
    }

    @Test
    void tensorsBeforeAreCountedWhereThePlaceIsTheLayer() {
        assertThat(GgufWhen.COUNTED_IN_FIRST_EIGHTH.holds(DENSE, 9, 32, 3)).isTrue();
        assertThat(GgufWhen.COUNTED_IN_FIRST_EIGHTH.holds(DENSE, 0, 32, 4)).isFalse();
        assertThat(GgufWhen.FIRST_TWO.holds(DENSE, 0, 32, 2)).isFalse();
    }

    @Test
    void aModelIsKnownByItsExpertsAndItsCachedHeads() {
        assertThat(holdsFor(GgufWhen.EIGHT_EXPERTS, 4, 8)).isTrue();
        assertThat(holdsFor(GgufWhen.EIGHT_EXPERTS, 4, 16)).isFalse();
        assertThat(holdsFor(GgufWhen.NOT_EIGHT_EXPERTS, 4, 0)).isTrue();
        assertThat(holdsFor(GgufWhen.NOT_EIGHT_EXPERTS, 4, 8)).isFalse();
        assertThat(holdsFor(GgufWhen.GROUPED_BY_FOUR, 4, 0)).isTrue();
        assertThat(holdsFor(GgufWhen.GROUPED_BY_FOUR, 3, 64)).isFalse();
        assertThat(holdsFor(GgufWhen.GROUPED_BY_FOUR_OR_FOUR_EXPERTS, 1, 4)).isTrue();
        assertThat(holdsFor(GgufWhen.GROUPED_BY_FOUR_OR_FOUR_EXPERTS, 3, 3)).isFalse();
        assertThat(holdsFor(GgufWhen.MORE_BITS_OF_EIGHT_EXPERTS, 1, 8)).isTrue();
        GgufWhen seventy = GgufWhen.EIGHTY_DENSE_LAYERS_GROUPED_BY_EIGHT;
        assertThat(seventy.holds(new GgufModel(80, 80, 8, 0, false), 0, 80, 0)).isTrue();
        assertThat(seventy.holds(new GgufModel(80, 80, 8, 16, false), 0, 80, 0)).isFalse();
        assertThat(seventy.holds(new GgufModel(81, 80, 8, 0, false), 0, 80, 0)).isFalse();
        assertThat(seventy.holds(new GgufModel(80, 80, 1, 0, false), 0, 80, 0)).isFalse();
    }

    private static boolean holdsFor(GgufWhen when, long group, long experts) {
        return when.holds(new GgufModel(32, 32, group, experts, false), 0, 32, 0);
    }

    private static List<Integer> holding(GgufWhen when, int places) {
        return IntStream.range(0, places)
                .filter(place -> when.holds(DENSE, place, places, place))
                .boxed()
                .collect(Collectors.toList());
    }
}
