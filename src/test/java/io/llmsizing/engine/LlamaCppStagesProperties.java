package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.units.Exact;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** llama.cpp src/llama-model.cpp deals layers and head out by memory: a layer goes to the device in whose share it begins. */
class LlamaCppStagesProperties {
    private static final EngineProfile ENGINE = Engines.llamaCpp();
    private static final long LARGEST = 1L << 44;

    @Property
    void aLayerStandsOnTheDeviceInWhoseShareItBegins(
            @ForAll @IntRange(min = 1, max = 1_000) int layers, @ForAll("shares") long[] shares) {
        int[] boundaries = ENGINE.stageBoundaries(layers, shares);
        BigInteger all = BigInteger.valueOf(Arrays.stream(shares).sum());
        for (int layer = 0; layer < layers; layer++) {
            BigInteger begins = BigInteger.valueOf(layer).multiply(all);
            BigInteger behind = BigInteger.ZERO;
            int device = -1;
            while (begins.compareTo(behind.multiply(BigInteger.valueOf(layers + 1))) >= 0) {
                device++;
                behind = behind.add(BigInteger.valueOf(shares[device]));
            }
            assertThat(layer).isBetween(boundaries[device], boundaries[device + 1] - 1);
        }
    }

    @Property
    void everyLayerIsDealtOutOnceAndInOrder(
            @ForAll @IntRange(min = 0, max = 1_000) int layers, @ForAll("sizes") long[] memory) {
        int[] boundaries = ENGINE.stageBoundaries(layers, memory);
        assertThat(boundaries)
                .hasSize(memory.length + 1)
                .isSorted()
                .startsWith(0)
                .endsWith(layers);
    }

    @Property
    void noDeviceIsMoreThanALayerFromItsShare(
            @ForAll @IntRange(min = 1, max = 1_000) int layers, @ForAll("sizes") long[] memory) {
        int[] boundaries = ENGINE.stageBoundaries(layers, memory);
        double all = Arrays.stream(memory).sum();
        double before = 0;
        for (int stage = 0; stage < memory.length; stage++) {
            assertThat(Math.abs(boundaries[stage] - before / all * (layers + 1)))
                    .isLessThan(1.001);
            before += memory[stage];
        }
    }

    @Property
    void equalDevicesAreDealtEqualSharesWhateverTheirSize(
            @ForAll @IntRange(min = 1, max = 1_000) int layers,
            @ForAll @IntRange(min = 1, max = 64) int stages,
            @ForAll @LongRange(min = 1, max = LARGEST) long each) {
        long[] memory = new long[stages];
        Arrays.fill(memory, each);
        int[] boundaries = ENGINE.stageBoundaries(layers, stages);
        for (int stage = 0; stage <= stages; stage++) {
            assertThat(boundaries[stage]).isEqualTo((int)
                    Math.min(layers, Exact.ceilDiv((long) stage * (layers + 1), stages)));
        }
        assertThat(ENGINE.stageBoundaries(layers, memory)).isEqualTo(boundaries);
    }

    @Provide
    Arbitrary<long[]> shares() {
        return Arbitraries.longs()
                .between(1, 1 << 20)
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(16);
    }

    @Provide
    Arbitrary<long[]> sizes() {
        return Arbitraries.longs()
                .between(1 << 30, LARGEST)
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(64);
    }
}
