package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RatioTest {
    @ParameterizedTest
    @CsvSource({
        "0.92, 23, 25",
        "0.9, 9, 10",
        "14.75, 59, 4",
        "38.25, 153, 4",
        "1, 1, 1",
        "1.000, 1, 1",
        "0, 0, 1",
        "0.000, 0, 1",
        "-0, 0, 1",
        "' 0.5 ', 1, 2",
        "1e3, 1000, 1",
        "5e-1, 1, 2",
        "999999999999999999, 999999999999999999, 1",
        "0.000000000001, 1, 1000000000000",
        "0.0000000000010, 1, 1000000000000"
    })
    void aDecimalIsReadExactly(String decimal, long numerator, long denominator) {
        assertThat(Ratio.parse(decimal)).isEqualTo(Ratio.of(numerator, denominator));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "--1",
                "NaN",
                "Infinity",
                "-0.1",
                "-1e-12",
                "1e999999999",
                "1e-999999999",
                "1e2147483647",
                "1e-2147483647",
                "9e9999999999",
                "10e2147483647",
                "1000000000000000000",
                "0.0000000000001",
                "0,92",
                "0.9f",
                "0x1p3",
                "1/2",
                "1 2",
                "92%",
                "0.92 0.93",
                "123456789012345678.123456789012"
            })
    void whatIsNoDecimalWithinBoundsIsRefusedAtOnce(String text) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> Ratio.parse(text))
                        .withMessageContaining(text));
    }

    @Test
    void tenThousandDigitsAreRefusedAtOnceAndNotRepeated() {
        String digits = "9".repeat(10_000);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> Ratio.parse(digits))
                        .withMessageContaining("too long")
                        .withMessageNotContaining("9".repeat(40)));
    }

    @Test
    void aDecimalOfThirtyTwoCharactersIsTheLongestTaken() {
        String zeros = "0".repeat(29);
        assertThat(Ratio.parse("0.5" + zeros)).isEqualTo(Ratio.of(1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse("0.5" + zeros + "0"))
                .withMessageContaining("too long");
    }

    @Test
    void aRatioIsInLowestTerms() {
        assertThat(Ratio.of(92, 100)).isEqualTo(new Ratio(23, 25)).hasSameHashCodeAs(new Ratio(23, 25));
        assertThat(Ratio.of(0, 7)).isEqualTo(new Ratio(0, 1));
        assertThat(Ratio.of(7, 7)).isEqualTo(Ratio.ONE);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "1, 0", "1, -1", "0, 0", "-1, -1"})
    void aRatioIsNotNegativeAndDividesByMoreThanZero(long numerator, long denominator) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.of(numerator, denominator))
                .withMessageContaining(numerator + " / " + denominator);
    }

    @Test
    void aThirdOfTenIsThreeOrFour() {
        Ratio third = Ratio.of(1, 3);
        assertThat(third.floorOf(10)).isEqualTo(3);
        assertThat(third.ceilOf(10)).isEqualTo(4);
        assertThat(third.floorOf(9)).isEqualTo(3);
        assertThat(third.ceilOf(9)).isEqualTo(3);
        assertThat(third.ceilOf(0)).isZero();
    }

    @Test
    void aPartWhoseProductLeavesTheLongIsStillExact() {
        Ratio almostAll = Ratio.of(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        assertThat(almostAll.floorOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(Ratio.of(2, 3).floorOf(Long.MAX_VALUE)).isEqualTo(6148914691236517204L);
        assertThat(Ratio.of(2, 3).ceilOf(Long.MAX_VALUE)).isEqualTo(6148914691236517205L);
    }

    @Test
    void aPartBeyondALongIsAnOverflow() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Ratio.of(2, 1).floorOf(1L << 62));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Ratio.of(3, 2).ceilOf(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({
        "133, 32, 4, 4.1562",
        "133, 32, 5, 4.15625",
        "133, 32, 0, 4",
        "2, 3, 2, 0.67",
        "1234567, 1, 1, '1,234,567.0'",
        "0, 1, 2, 0.00"
    })
    void peopleSeeTheNearestDecimal(long numerator, long denominator, int decimals, String shown) {
        assertThat(Ratio.of(numerator, denominator).toDisplay(decimals)).isEqualTo(shown);
    }

    @Test
    void theExactFormIsTheFractionOrTheWholeNumber() {
        assertThat(Ratio.of(92, 100)).hasToString("23/25");
        assertThat(Ratio.of(6, 2)).hasToString("3");
        assertThat(Ratio.of(0, 5)).hasToString("0");
    }

    @Test
    void ratiosAreComparedExactly() {
        assertThat(Ratio.compare(Ratio.of(1, 3), Ratio.of(333_333_333, 1_000_000_000)))
                .isPositive();
        assertThat(Ratio.compare(Ratio.of(23, 25), Ratio.parse("0.92"))).isZero();
        assertThat(Ratio.compare(Ratio.of(9, 10), Ratio.parse("0.92"))).isNegative();
    }
}
