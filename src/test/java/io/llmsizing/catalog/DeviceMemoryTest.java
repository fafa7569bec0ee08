package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.SizeUnits;
import java.math.BigDecimal;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class DeviceMemoryTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/catalog/usable_memory.csv", numLinesToSkip = 1)
    void usableMemoryIsWhatProgramsPrintWithinThreeThousandths(
            String accelerator, BigDecimal gibibytes, String source) {
        BigDecimal printed = gibibytes.multiply(BigDecimal.valueOf(SizeUnits.GIB.bytes()));
        assertThat(BigDecimal.valueOf(
                        CATALOG.accelerator(accelerator).memory().usable().bytes()))
                .as(source)
                .isCloseTo(printed, Percentage.withPercentage(0.3));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/catalog/driver_memory.csv", numLinesToSkip = 1)
    void driverMemoryIsWhatTheVendorsToolPrints(String accelerator, long mebibytes, String source) {
        assertThat(CATALOG.accelerator(accelerator).memory().driver())
                .as(source)
                .isEqualTo(ByteSize.ofBytes(mebibytes * SizeUnits.MIB.bytes()));
    }

    @Test
    void usableMemoryIsNeverMoreThanTheDriversAndSaysHowItIsKnown() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            assertThat(accelerator.memory().usable())
                    .as(accelerator.id())
                    .isLessThanOrEqualTo(accelerator.memory().driver());
            assertThat(accelerator.memory().evidence()).as(accelerator.id()).matches("measured|observed|derived: .+");
        }
    }
}
