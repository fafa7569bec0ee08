package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlopRateTest {
    @ParameterizedTest
    @CsvSource({
        "989.5, 989500000000000",
        "0, 0",
        "0.000000000001, 1",
        "35.60, 35600000000000",
        "0000001, 1000000000000",
        "9223372.036854775807, 9223372036854775807"
    })
    void aRateIsReadInTrillionsWithoutRounding(String trillions, long operations) {
        assertThat(FlopRate.ofTrillions(trillions)).isEqualTo(new FlopRate(operations));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "+1", "1e3", "1,5", ".5", "5.", "fast", "1 ", "1234567890123", "NaN", "٣"})
    void whatIsNoPlainDecimalIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlopRate.ofTrillions(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("989.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372.036854775808", "999999999999"})
    void aRateBeyondALongIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlopRate.ofTrillions(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("beyond 2^63");
    }

    @Test
    void aRateIsNeverNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FlopRate(-1)).withMessageContaining("-1");
    }

    @ParameterizedTest
    @CsvSource({"989.5, 989.5 T/s", "0, 0.0 T/s", "1979, '1,979.0 T/s'", "71.25, 71.2 T/s", "71.35, 71.4 T/s"})
    void peopleSeeOneDecimalRoundedToEven(String trillions, String shown) {
        assertThat(FlopRate.ofTrillions(trillions).toDisplay()).isEqualTo(shown);
    }
}
