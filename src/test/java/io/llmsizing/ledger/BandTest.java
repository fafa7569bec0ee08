package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.units.Ratio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandTest {
    @ParameterizedTest
    @CsvSource({"100, 95, 103", "1, 0, 2", "0, 0, 0", "101, 95, 105", "200, 190, 206"})
    void theEndsAreRoundedOutward(long bytes, long low, long high) {
        Band band = new Band(Ratio.of(95, 100), Ratio.of(103, 100));
        assertThat(band.lowOf(bytes)).isEqualTo(low);
        assertThat(band.highOf(bytes)).isEqualTo(high);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 123_456_789, Long.MAX_VALUE})
    void withoutDoubtBothEndsAreTheValue(long bytes) {
        assertThat(Band.EXACT.lowOf(bytes)).isEqualTo(bytes);
        assertThat(Band.EXACT.highOf(bytes)).isEqualTo(bytes);
    }

    @Test
    void aBandHoldsOne() {
        Ratio below = Ratio.of(99, 100);
        Ratio above = Ratio.of(101, 100);
        assertThat(new Band(below, above).low()).isEqualTo(below);
        assertThat(new Band(Ratio.ONE, above).high()).isEqualTo(above);
        assertThat(new Band(below, Ratio.ONE).low()).isEqualTo(below);
        assertThatIllegalArgumentException().isThrownBy(() -> new Band(above, above));
        assertThatIllegalArgumentException().isThrownBy(() -> new Band(below, below));
        assertThatIllegalArgumentException().isThrownBy(() -> new Band(above, below));
    }
}
