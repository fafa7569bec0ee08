package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.calibration.ErrorBand;
import io.llmsizing.calibration.LoadedCalibration;
import io.llmsizing.calibration.ObservationTable;
import io.llmsizing.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The bands of loaded weights are made of the observed setups and of nothing else; {@code -Dgolden.update=true} writes them. */
class LoadedBandsTest {
    private static final Path TABLE =
            Path.of("src", "main", "resources", "io", "llmsizing", "engine", "loaded-bands.csv");
    private static final LoadedCalibration CALIBRATION = LoadedCalibration.of(
            AccuracyTables.residuals(PredictedSetups.of(ObservationTable.bundled(), Catalog.bundled())));

    @Test
    void theTableIsWhatTheResidualsSay() throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(TABLE, CALIBRATION.csv());
        }
        assertThat(Files.readString(TABLE)).isEqualTo(CALIBRATION.csv());
    }

    /** No more are outside of what the others make than lie at and beyond their quantiles. */
    @Test
    void bandsHoldTheRowsThatTheyWereNotMadeOf() {
        assertThat(CALIBRATION.lines())
                .filteredOn(line -> line.own() >= ErrorBand.ENOUGH)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.own() - line.heldOut())
                        .as("%s", line)
                        .isLessThanOrEqualTo(promised(line.own() - 1)));
    }

    private static int promised(int others) {
        int below = (5 * others + 99) / 100;
        int above = others - (95 * others + 99) / 100 + 1;
        return below + above;
    }
}
