package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PipelineStagesProperties {
    private static int[] counts(int layers, int stages) {
        int[] boundaries = PipelineStages.boundaries(layers, Math.min(layers, stages));
        int[] counts = new int[boundaries.length - 1];
        for (int stage = 0; stage < counts.length; stage++) {
            counts[stage] = boundaries[stage + 1] - boundaries[stage];
        }
        assertThat(boundaries[0]).isZero();
        return counts;
    }

    @Property
    void theStagesTogetherHoldEveryLayerOnce(
            @ForAll @IntRange(min = 1, max = 1000) int layers, @ForAll @IntRange(min = 1, max = 64) int stages) {
        assertThat(Arrays.stream(counts(layers, stages)).sum()).isEqualTo(layers);
    }

    @Property
    void stagesDifferByAtMostOneLayer(
            @ForAll @IntRange(min = 1, max = 1000) int layers, @ForAll @IntRange(min = 1, max = 64) int stages) {
        int[] counts = counts(layers, stages);
        int least = Arrays.stream(counts).min().orElseThrow();
        int most = Arrays.stream(counts).max().orElseThrow();
        assertThat(least).isPositive();
        assertThat(most - least).isBetween(0, 1);
    }

    @Property
    void theLastStageNeverHasMoreThanAnyOther(
            @ForAll @IntRange(min = 1, max = 1000) int layers, @ForAll @IntRange(min = 1, max = 64) int stages) {
        int[] counts = counts(layers, stages);
        assertThat(counts[counts.length - 1])
                .isEqualTo(Arrays.stream(counts).min().orElseThrow());
    }

    @Property
    void theLongerStagesStandTogetherRightBeforeTheLast(
            @ForAll @IntRange(min = 1, max = 1000) int layers, @ForAll @IntRange(min = 2, max = 64) int stages) {
        int[] counts = counts(layers, stages);
        int[] beforeTheLast = Arrays.copyOf(counts, counts.length - 1);
        assertThat(beforeTheLast).isSorted();
    }
}
