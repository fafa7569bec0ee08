package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What a band promises of figures, those that it was not made of included. */
class ErrorBandProperties {
    /** Left out one by one, no more figures are outside than the others have at and beyond their quantiles. */
    @Property(tries = 300)
    void quantilesOfTheOthersHoldWhatTheyPromise(
            @ForAll @Size(min = 21, max = 80) List<@LongRange(min = 900_000, max = 1_100_000) Long> some) {
        long[] figures = some.stream().mapToLong(Long::longValue).toArray();
        long outside = IntStream.range(0, figures.length)
                .filter(out -> {
                    ErrorBand band = ErrorBand.of(without(figures, out)).orElseThrow();
                    return figures[out] < band.low() || figures[out] > band.high();
                })
                .count();
        int others = figures.length - 1;
        int below = (5 * others + 99) / 100;
        int above = others - (95 * others + 99) / 100 + 1;
        assertThat(outside).isLessThanOrEqualTo(below + above);
    }

    private static long[] without(long[] figures, int out) {
        return IntStream.range(0, figures.length)
                .filter(i -> i != out)
                .mapToLong(i -> figures[i])
                .toArray();
    }

    @Property(tries = 300)
    void aBandOfFewHoldsAllOfThemAndThePrediction(
            @ForAll @Size(min = 1, max = 19) List<@LongRange(min = -1_000, max = 1_000) Long> some,
            @ForAll @LongRange(min = -1_000, max = 1_000) long predicted) {
        long[] figures = some.stream().mapToLong(Long::longValue).toArray();
        ErrorBand band = ErrorBand.around(predicted, figures);
        assertThat(band.count()).isEqualTo(figures.length);
        assertThat(LongStream.concat(Arrays.stream(figures), LongStream.of(predicted)))
                .allMatch(figure -> figure >= band.low() && figure <= band.high());
    }
}
