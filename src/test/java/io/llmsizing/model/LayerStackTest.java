package io.llmsizing.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerStackTest {
    private static final GroupedQuery FULL = GroupedQuery.of(32, 16, 128);
    private static final DenseFeedForward BLOCK = DenseFeedForward.gated(21_504);

    private static LayerGroup full(int count) {
        return new LayerGroup(count, FULL, BLOCK, 4);
    }

    private static LayerGroup windowed(int count) {
        return new LayerGroup(count, new SlidingWindow(FULL, 1024), BLOCK, 4);
    }

    /** The pattern of Gemma-3-27B: five windowed layers, one full, and two windowed at the end of 62. */
    private static LayerStack gemma3() {
        List<LayerGroup> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(windowed(5));
            runs.add(full(1));
        }
        runs.add(windowed(2));
        return LayerStack.of(runs);
    }

    @Test
    void runsOfAKindMakeOneGroup() {
        LayerStack stack = gemma3();
        assertThat(stack.runs()).hasSize(21);
        assertThat(stack.groups()).containsExactly(windowed(52), full(10));
        assertThat(stack.size()).isEqualTo(62);
        assertThat(stack.countsWithin(0, 62)).containsExactly(52, 10);
    }

    @Test
    void aSpanCountsTheLayersInsideIt() {
        LayerStack stack = gemma3();
        assertThat(stack.countsWithin(0, 5)).containsExactly(5, 0);
        assertThat(stack.countsWithin(5, 6)).containsExactly(0, 1);
        assertThat(stack.countsWithin(0, 31)).containsExactly(26, 5);
        assertThat(stack.countsWithin(31, 62)).containsExactly(26, 5);
        assertThat(stack.countsWithin(60, 62)).containsExactly(2, 0);
        assertThat(stack.countsWithin(7, 7)).containsExactly(0, 0);
        assertThat(stack.countsWithin(0, 61)).containsExactly(51, 10);
        assertThat(stack.countsWithin(1, 62)).containsExactly(51, 10);
    }

    @Test
    void kindsDifferInAttentionBlockOrNorms() {
        LayerGroup group = full(1);
        assertThat(group.sameKindAs(full(7))).isTrue();
        assertThat(group.sameKindAs(windowed(1))).isFalse();
        assertThat(group.sameKindAs(new LayerGroup(1, FULL, DenseFeedForward.gated(7), 4)))
                .isFalse();
        assertThat(group.sameKindAs(new LayerGroup(1, FULL, BLOCK, 2))).isFalse();
    }

    @Test
    void stacksAreEqualWhenTheirLayersStandInTheSameOrder() {
        LayerStack split = LayerStack.of(windowed(2), windowed(3), full(1));
        LayerStack joined = LayerStack.of(windowed(5), full(1));
        LayerStack reordered = LayerStack.of(windowed(4), full(1), windowed(1));
        assertThat(split).isEqualTo(joined).hasSameHashCodeAs(joined);
        assertThat(reordered).isNotEqualTo(joined);
        assertThat(LayerStack.of(full(6)))
                .isNotEqualTo(LayerStack.of(windowed(6)))
                .isNotEqualTo("stack");
        assertThat(LayerStack.of(full(6)).hashCode())
                .isNotEqualTo(LayerStack.of(full(7)).hashCode());
        assertThat(joined.toString()).contains("1024").contains("21504");
    }

    @Test
    void aStackHasAtLeastOneLayerAndAtMostSixteenThousand() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerStack.of(List.of()))
                .withMessageContaining("at least one layer");
        assertThat(LayerStack.of(full(16_384)).size()).isEqualTo(16_384);
        assertThat(LayerStack.of(full(16_383), windowed(1)).size()).isEqualTo(16_384);
        assertThatIllegalArgumentException().isThrownBy(() -> LayerStack.of(full(16_384), windowed(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> LayerStack.of(full(16_384), full(1)));
    }

    @Test
    void theRunsAreACopy() {
        List<LayerGroup> runs = new ArrayList<>(List.of(full(1)));
        LayerStack stack = LayerStack.of(runs);
        runs.clear();
        assertThat(stack.runs()).containsExactly(full(1));
    }
}
