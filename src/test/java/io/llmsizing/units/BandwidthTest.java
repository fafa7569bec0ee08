package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class BandwidthTest {
    @Test
    void peopleSeeDecimalGigabytesPerSecond() {
        // The memory of an H200 as its data sheet states it.
        assertThat(new Bandwidth(4_800_000_000_000L).toDisplay()).isEqualTo("4,800.0 GB/s");
    }

    @Test
    void noLinkIsZero() {
        assertThat(Bandwidth.NONE).isEqualTo(new Bandwidth(0));
    }

    @Test
    void aRateIsNeverNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Bandwidth(-1)).withMessageContaining("-1");
    }
}
