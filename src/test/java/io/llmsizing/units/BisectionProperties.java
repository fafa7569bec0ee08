package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class BisectionProperties {
    @Property
    void theLastThatHoldsIsFoundFromAnywhere(
            @ForAll @LongRange(min = 1, max = 1_000) long least,
            @ForAll @LongRange(max = 1L << 41) long length,
            @ForAll @LongRange(max = 1L << 42) long end,
            @ForAll @LongRange(min = -5, max = 1L << 42) long guess) {
        long most = least + length;
        long last = Math.max(least - 1, Math.min(end, most));
        assertThat(Bisection.last(least, most, number -> number <= end)).isEqualTo(last);
        assertThat(Bisection.lastNear(least, most, guess, number -> number <= end))
                .isEqualTo(last);
    }

    @Property
    void nothingOutOfRangeIsAskedAbout(
            @ForAll @LongRange(min = 1, max = 20) long least, @ForAll @LongRange(max = 20) long end) {
        assertThat(Bisection.last(least, least - 1, number -> true)).isEqualTo(least - 1);
        Bisection.lastNear(least, least + 5, end, number -> {
            assertThat(number).isBetween(least, least + 5);
            return number <= end;
        });
    }
}
