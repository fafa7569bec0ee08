package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SizeUnitsTest {
    @ParameterizedTest
    @CsvSource({
        "B, B, 1",
        "KB, KB, 1000",
        "MB, MB, 1000000",
        "GB, GB, 1000000000",
        "TB, TB, 1000000000000",
        "KIB, KiB, 1024",
        "MIB, MiB, 1048576",
        "GIB, GiB, 1073741824",
        "TIB, TiB, 1099511627776"
    })
    void aUnitHasASymbolAndItsBytes(SizeUnits unit, String symbol, long bytes) {
        assertThat(unit.symbol()).isEqualTo(symbol);
        assertThat(unit.bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void aSizeIsReadInEveryUnit(SizeUnits unit) {
        assertThat(ByteSize.parse("3 " + unit.symbol()).bytes()).isEqualTo(3 * unit.bytes());
    }

    @Test
    void aBinaryGigabyteIsMoreThanSevenPercentLarger() {
        assertThat(Ratio.of(SizeUnits.GIB.bytes(), SizeUnits.GB.bytes()).toDisplay(3))
                .isEqualTo("1.074");
    }
}
