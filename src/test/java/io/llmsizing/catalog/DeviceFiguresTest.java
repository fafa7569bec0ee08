package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.FlopRate;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Speeds of well known devices: without sparsity, and of links one direction. */
class DeviceFiguresTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final BigDecimal GIGA = BigDecimal.valueOf(1_000_000_000);

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/catalog/device_figures.csv", numLinesToSkip = 1)
    void figuresAreThoseOfTheDataSheet(
            String accelerator, BigDecimal memory, String format, String trillions, BigDecimal link, String source) {
        Accelerator device = CATALOG.accelerator(accelerator);
        assertThat(device.memory().bandwidth()).as(source).isEqualTo(perSecond(memory));
        assertThat(device.compute().dense()).as(source).containsEntry(format, FlopRate.ofTrillions(trillions));
        assertThat(device.link().perDirection()).as(source).isEqualTo(link == null ? Bandwidth.NONE : perSecond(link));
    }

    private static Bandwidth perSecond(BigDecimal gigabytes) {
        return new Bandwidth(gigabytes.multiply(GIGA).longValueExact());
    }
}
