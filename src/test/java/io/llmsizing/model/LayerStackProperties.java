package io.llmsizing.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class LayerStackProperties {
    private static final List<LayerGroup> KINDS = List.of(
            new LayerGroup(1, GroupedQuery.of(8, 8, 64), DenseFeedForward.gated(512), 2),
            new LayerGroup(1, new SlidingWindow(GroupedQuery.of(8, 8, 64), 128), DenseFeedForward.gated(512), 2),
            new LayerGroup(1, GroupedQuery.of(8, 8, 64), MixtureOfExperts.of(4, 2, 64), 2),
            new LayerGroup(1, GroupedQuery.of(8, 8, 64), DenseFeedForward.gated(512), 4));

    @Provide
    Arbitrary<List<LayerGroup>> runs() {
        return Combinators.combine(Arbitraries.of(KINDS), Arbitraries.integers().between(1, 9))
                .as(LayerStackProperties::times)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20)
                .edgeCases(EdgeCases.Config::none);
    }

    private static LayerGroup times(LayerGroup kind, int count) {
        return new LayerGroup(count, kind.attention(), kind.feedForward(), kind.normVectors());
    }

    private static int sum(int[] counts) {
        return Arrays.stream(counts).sum();
    }

    @Property
    void noTwoGroupsAreOfAKindAndTogetherTheyHoldEveryLayer(@ForAll("runs") List<LayerGroup> runs) {
        LayerStack stack = LayerStack.of(runs);
        int layers = runs.stream().mapToInt(LayerGroup::count).sum();
        assertThat(stack.size()).isEqualTo(layers);
        assertThat(stack.groups().stream().mapToInt(LayerGroup::count).sum()).isEqualTo(layers);
        for (LayerGroup group : stack.groups()) {
            assertThat(stack.groups().stream().filter(group::sameKindAs)).hasSize(1);
            assertThat(runs.stream()
                            .filter(group::sameKindAs)
                            .mapToInt(LayerGroup::count)
                            .sum())
                    .isEqualTo(group.count());
        }
    }

    @Property
    void theCountsOfASpanAreTheDifferenceOfTwoPrefixes(
            @ForAll("runs") List<LayerGroup> runs,
            @ForAll @IntRange(min = 0, max = 180) int first,
            @ForAll @IntRange(min = 0, max = 180) int second) {
        LayerStack stack = LayerStack.of(runs);
        int from = Math.min(first, second) % (stack.size() + 1);
        int to = Math.max(from, Math.max(first, second) % (stack.size() + 1));
        int[] within = stack.countsWithin(from, to);
        int[] untilTo = prefix(stack, to);
        int[] untilFrom = prefix(stack, from);
        for (int group = 0; group < within.length; group++) {
            assertThat(within[group]).isEqualTo(untilTo[group] - untilFrom[group]);
        }
        assertThat(sum(within)).isEqualTo(to - from);
    }

    /** Layers of each group below a height, counted along the runs. */
    private static int[] prefix(LayerStack stack, int height) {
        int[] counts = new int[stack.groups().size()];
        int left = height;
        for (LayerGroup run : stack.runs()) {
            int taken = Math.min(left, run.count());
            for (int group = 0; group < counts.length; group++) {
                if (stack.groups().get(group).sameKindAs(run)) {
                    counts[group] += taken;
                }
            }
            left -= taken;
        }
        return counts;
    }

    @Property
    void aStackOfSingleLayersEqualsTheStackOfRuns(@ForAll("runs") List<LayerGroup> runs) {
        LayerStack single = LayerStack.of(runs.stream()
                .flatMap(run -> Collections.nCopies(run.count(), times(run, 1)).stream())
                .toList());
        assertThat(single).isEqualTo(LayerStack.of(runs)).hasSameHashCodeAs(LayerStack.of(runs));
    }

    @Property
    void parametersGrowWithEachLayerByThatLayer(
            @ForAll("runs") List<LayerGroup> runs, @ForAll @IntRange(min = 0, max = 3) int kind) {
        LayerGroup layer = KINDS.get(kind);
        List<LayerGroup> more = new ArrayList<>(runs);
        more.add(layer);
        long one = layer.tensors(256).stream().mapToLong(WeightTensor::elements).sum();
        assertThat(total(more)).isEqualTo(total(runs) + one);
    }

    private static long total(List<LayerGroup> runs) {
        return Model.builder("random", 256, new Embedding(1000, true), LayerStack.of(runs), 1024)
                .build()
                .parameters()
                .total();
    }
}
