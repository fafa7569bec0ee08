package io.llmsizing.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class FeedForwardProperties {
    @Provide
    Arbitrary<MixtureOfExperts> mixtures() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 512),
                        Arbitraries.longs().between(1, 512),
                        Arbitraries.longs().between(1, 20_000),
                        Arbitraries.longs().between(0, 20_000),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((experts, active, width, shared, routerBias, gate) -> new MixtureOfExperts(
                        experts, Math.min(experts, active), width, shared, routerBias, gate && shared > 0))
                .edgeCases(EdgeCases.Config::none);
    }

    private static long sum(List<WeightTensor> tensors) {
        return tensors.stream().mapToLong(WeightTensor::elements).sum();
    }

    private static long activeSum(List<WeightTensor> tensors) {
        return tensors.stream().mapToLong(WeightTensor::activeElements).sum();
    }

    @Property
    void aDenseBlockHasTheElementsOfItsFormula(
            @ForAll @LongRange(min = 1, max = 1 << 20) long width,
            @ForAll boolean gated,
            @ForAll boolean bias,
            @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        long matrices = gated ? 3 : 2;
        long expected = matrices * hidden * width + (bias ? (matrices - 1) * width + hidden : 0);
        List<WeightTensor> tensors = new DenseFeedForward(width, gated, bias).tensors(hidden);
        assertThat(sum(tensors)).isEqualTo(expected);
        assertThat(activeSum(tensors)).isEqualTo(expected);
    }

    @Property
    void aMixtureHasTheElementsOfItsFormula(
            @ForAll("mixtures") MixtureOfExperts m, @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        long always = m.experts() * hidden
                + (m.routerBias() ? m.experts() : 0)
                + 3 * hidden * m.sharedWidth()
                + (m.sharedGate() ? hidden : 0);
        long each = 3 * hidden * m.expertWidth();
        assertThat(sum(m.tensors(hidden))).isEqualTo(always + m.experts() * each);
        assertThat(activeSum(m.tensors(hidden))).isEqualTo(always + m.activeExperts() * each);
    }

    @Property
    void aTokenNeverUsesMoreThanThereIsAndAllOfItWhenAllExpertsAreActive(
            @ForAll("mixtures") MixtureOfExperts m, @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        List<WeightTensor> tensors = m.tensors(hidden);
        if (m.activeExperts() == m.experts()) {
            assertThat(activeSum(tensors)).isEqualTo(sum(tensors));
        } else {
            assertThat(activeSum(tensors)).isLessThan(sum(tensors));
        }
    }

    @Property
    void onlyRoutedExpertsAreEverIdle(
            @ForAll("mixtures") MixtureOfExperts m, @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        assertThat(m.tensors(hidden))
                .filteredOn(tensor -> tensor.role() != TensorRole.EXPERT)
                .allMatch(tensor -> tensor.activeCount() == tensor.count());
    }
}
