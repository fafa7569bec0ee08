package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A band says what was seen, and more where little was seen. */
class ErrorBandTest {
    @Test
    void twoFiguresMakeNoBand() {
        assertThat(ErrorBand.of(1, 2)).isEmpty();
    }

    @Test
    void fewFiguresGiveTheExtremesHalfAsFarAgain() {
        ErrorBand band = ErrorBand.of(1_100_000, 990_000, 1_000_000).orElseThrow();
        assertThat(band).isEqualTo(new ErrorBand(3, 1_000_000, 985_000, 1_150_000));
        assertThat(band.isOfFew()).isTrue();
        assertThat(band).hasToString("0.985 to 1.150 of the prediction (3 figures, extremes widened by half)");
    }

    @Test
    void manyFiguresGiveQuantilesThatOccurred() {
        long[] hundred =
                LongStream.rangeClosed(1, 100).map(share -> 101 - share).toArray();
        ErrorBand band = ErrorBand.of(hundred).orElseThrow();
        assertThat(band).isEqualTo(new ErrorBand(100, 50, 5, 95));
        assertThat(band.isOfFew()).isFalse();
    }

    @Test
    void nineteenAreFewAndTwentyAreNot() {
        long[] nineteen = LongStream.rangeClosed(1, 19).toArray();
        long[] twenty = LongStream.rangeClosed(1, 20).toArray();
        assertThat(ErrorBand.of(nineteen))
                .hasValueSatisfying(band -> assertThat(band.low()).isLessThan(1));
        assertThat(ErrorBand.of(twenty)).hasValue(new ErrorBand(20, 10, 1, 19));
    }

    /** Below three, the prediction is the median and the unseen side stays at it. */
    @Test
    void ofOneOrTwoFiguresThePredictionIsTheMedian() {
        assertThat(ErrorBand.around(1_000_000, 1_100_000)).isEqualTo(new ErrorBand(1, 1_000_000, 1_000_000, 1_150_000));
        assertThat(ErrorBand.around(0, -40, 100)).isEqualTo(new ErrorBand(2, 0, -60, 150));
        assertThat(ErrorBand.around(0, 7, 9)).isEqualTo(new ErrorBand(2, 0, 0, 14));
    }

    @Test
    void aBandAroundAPredictionHoldsIt() {
        assertThat(ErrorBand.around(10, 20, 24, 30)).isEqualTo(new ErrorBand(3, 24, 10, 33));
        assertThat(ErrorBand.around(40, 20, 24, 30)).isEqualTo(new ErrorBand(3, 24, 18, 40));
        assertThat(ErrorBand.around(24, 20, 24, 30)).isEqualTo(new ErrorBand(3, 24, 18, 33));
        assertThatThrownBy(() -> ErrorBand.around(1)).hasMessageContaining("no figures");
    }

    @Test
    void whatIsGivenIsLeftInItsOrder() {
        long[] given = {3, 1, 2};
        ErrorBand.of(given);
        assertThat(given).containsExactly(3, 1, 2);
    }

    @Test
    void aBandHoldsItsMedian() {
        assertThatThrownBy(() -> new ErrorBand(3, 5, 6, 7)).hasMessageContaining("6 to 7 around 5");
    }
}
