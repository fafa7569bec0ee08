package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1, 0",
        "0, 128, 0",
        "1, 128, 1",
        "127, 128, 1",
        "128, 128, 1",
        "129, 128, 2",
        "576, 128, 5",
        "9223372036854775807, 1, 9223372036854775807",
        "9223372036854775807, 2, 4611686018427387904",
        "9223372036854775807, 9223372036854775807, 1",
        "1, 9223372036854775807, 1"
    })
    void aQuotientRoundsUp(long dividend, long divisor, long quotient) {
        assertThat(Exact.ceilDiv(dividend, divisor)).isEqualTo(quotient);
    }

    @ParameterizedTest
    @CsvSource({
        // Whisper's 51,865 words in a table that vLLM pads to 64.
        "51865, 64, 51904",
        "128256, 64, 128256",
        "0, 64, 0",
        "1, 1, 1",
        "9223372036854775807, 1, 9223372036854775807"
    })
    void paddingReachesTheNextMultiple(long value, long multiple, long padded) {
        assertThat(Exact.padTo(value, multiple)).isEqualTo(padded);
    }

    @Test
    void paddingBeyondALongIsAnOverflowAndNotANegativeSize() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Exact.padTo(Long.MAX_VALUE, 2));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Exact.padTo(Long.MAX_VALUE - 1, 64));
    }

    @ParameterizedTest
    @CsvSource({
        "3037000499, 3037000499, 9223372030926249001",
        "3037000500, 3037000500, 9223372036854775807",
        "4611686018427387904, 2, 9223372036854775807",
        "4611686018427387903, 2, 9223372036854775806",
        "4294967296, 4294967296, 9223372036854775807",
        "9223372036854775807, 9223372036854775807, 9223372036854775807",
        "9223372036854775807, 0, 0",
        "9223372036854775807, 1, 9223372036854775807"
    })
    void aProductStopsAtTheLargestLong(long left, long right, long product) {
        assertThat(Exact.multiplyCapped(left, right)).isEqualTo(product);
        assertThat(Exact.multiplyCapped(right, left)).isEqualTo(product);
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775806, 1, 9223372036854775807",
        "9223372036854775807, 1, 9223372036854775807",
        "9223372036854775807, 9223372036854775807, 9223372036854775807",
        "0, 0, 0"
    })
    void aSumStopsAtTheLargestLong(long left, long right, long sum) {
        assertThat(Exact.addCapped(left, right)).isEqualTo(sum);
        assertThat(Exact.addCapped(right, left)).isEqualTo(sum);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 128, true", "128, 128, true", "256, 128, true", "192, 128, false", "64, 128, false",
        "0, 3, true", "9, 3, true", "10, 3, false", "2, 3, false", "7, 1, true",
        "9223372036854775807, 7, true", "9223372036854775807, 2, false"
    })
    void aMultipleLeavesNothing(long value, long divisor, boolean multiple) {
        assertThat(Exact.isMultiple(value, divisor)).isEqualTo(multiple);
    }
}
