package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class TorchAllocatorProperties {
    private static final long MIB = 1L << 20;
    private static final long LARGEST = 1L << 50;

    @Property
    void nothingIsChargedBelowItsSizeNorMoreThanAMebibyteAndAStepBeyond(@ForAll @LongRange(max = LARGEST) long bytes) {
        long charged = TorchAllocator.charge(bytes);
        assertThat(charged).isGreaterThanOrEqualTo(bytes);
        assertThat(charged - bytes).isLessThan(MIB + 512);
    }

    @Property
    void everyChargeIsAMultipleOf512(@ForAll @LongRange(max = LARGEST) long bytes) {
        assertThat(TorchAllocator.charge(bytes) % 512).isZero();
    }

    @Property
    void belowTenMebibytesTheChargeIsRoundedTo512AndNothingElse(@ForAll @LongRange(max = 10 * MIB - 512) long bytes) {
        assertThat(TorchAllocator.charge(bytes)).isEqualTo((bytes + 511) / 512 * 512);
    }

    @Property
    void aChargeIsItsOwnCharge(@ForAll @LongRange(max = LARGEST) long bytes) {
        long charged = TorchAllocator.charge(bytes);
        assertThat(TorchAllocator.charge(charged)).isEqualTo(charged);
    }

    @Property
    void wholeSegmentsAreChargedAsTheyAre(@ForAll @LongRange(min = 5, max = 1 << 20) long segments) {
        assertThat(TorchAllocator.charge(segments * 2 * MIB)).isEqualTo(segments * 2 * MIB);
    }
}
