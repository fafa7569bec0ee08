package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.units.Ratio;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class BandProperties {
    @Property
    void theStatedBytesAlwaysLieInTheBand(
            @ForAll @LongRange(min = 0, max = 1L << 60) long bytes,
            @ForAll @LongRange(min = 0, max = 1000) long low,
            @ForAll @LongRange(min = 1000, max = 7000) long high) {
        Band band = new Band(Ratio.of(low, 1000), Ratio.of(high, 1000));
        assertThat(band.lowOf(bytes)).isLessThanOrEqualTo(bytes);
        assertThat(band.highOf(bytes)).isGreaterThanOrEqualTo(bytes);
    }

    @Property
    void aBandOfASumIsNoWiderThanTheSumOfTheBands(
            @ForAll @LongRange(min = 0, max = 1L << 50) long one,
            @ForAll @LongRange(min = 0, max = 1L << 50) long other,
            @ForAll @LongRange(min = 0, max = 1000) long low,
            @ForAll @LongRange(min = 1000, max = 7000) long high) {
        Band band = new Band(Ratio.of(low, 1000), Ratio.of(high, 1000));
        assertThat(band.lowOf(one + other))
                .isBetween(band.lowOf(one) + band.lowOf(other), band.lowOf(one) + band.lowOf(other) + 1);
        assertThat(band.highOf(one + other))
                .isBetween(band.highOf(one) + band.highOf(other) - 1, band.highOf(one) + band.highOf(other));
    }
}
