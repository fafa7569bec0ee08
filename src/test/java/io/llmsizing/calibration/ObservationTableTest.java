package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.calibration.ObservationTable.LeftOut;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.units.ByteSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the library is held against could have happened, and what is left out is left out for the reason that is told. */
class ObservationTableTest {
    private static final Catalog CATALOG = Catalog.bundled();

    static List<Observation> observations() {
        return ObservationTable.bundled();
    }

    static List<LeftOut> leftOut() {
        return ObservationTable.leftOut();
    }

    private static Optional<ByteSize> device(Observation observation) {
        return observation
                .setup()
                .accelerator()
                .map(name -> observation
                        .setup()
                        .usable()
                        .map(memory -> CATALOG.accelerator(name, memory))
                        .orElseGet(() -> CATALOG.accelerator(name)))
                .map(accelerator -> accelerator.memory().usableHigh());
    }

    @ParameterizedTest
    @MethodSource("observations")
    void everyRowPassesTheChecks(Observation observation) {
        assertThat(ObservationCheck.objection(observation, device(observation)))
                .as(observation.id())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("observations")
    void everyModelIsInTheCatalogueAndEveryRowSaysSomething(Observation observation) {
        assertThat(CATALOG.model(observation.setup().shape()).name()).isNotEmpty();
        assertThat(!observation.printed().isEmpty() || observation.outcome().isTelling())
                .as(observation.id())
                .isTrue();
        assertThat(observation.grade()).isIn("A", "B");
    }

    @ParameterizedTest
    @MethodSource("leftOut")
    void whatTheChecksRefuseIsWhatTheTableSaysSo(LeftOut left) {
        Optional<String> objection = ObservationCheck.objection(left.observation(), device(left.observation()));
        boolean saidSo = left.reason().equals("does not close") || left.reason().equals("impossible");
        assertThat(objection.isPresent()).as(left.observation().id()).isEqualTo(saidSo);
        objection.ifPresent(reason -> assertThat(reason).startsWith(left.reason()));
    }

    @Test
    void noRowStandsInBothTables() {
        assertThat(leftOut().stream().map(left -> left.observation().id()))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(
                        observations().stream().map(Observation::id).toList());
        assertThat(observations()).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "devices, 0, '1 to'",
        "devices, many, 'many'",
        "fraction, 2/3, '2/3'",
        "expert, no, 'yes or nothing'",
        "outcome, maybe, 'runs, does not fit, ran out later, or nothing'",
        "loaded, -1, '-1'",
        "source, '', 'source'"
    })
    void aWrongValueIsRefusedWithItsPlace(String column, String value, String said) {
        assertThatThrownBy(() -> Rows.read(Rows.with(column, value)))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("mine.csv")
                .hasMessageContaining(column)
                .hasMessageContaining(said);
    }

    @Test
    void anIdStandsOnce() {
        assertThatThrownBy(() -> Rows.read(Rows.with("id", "a"), Rows.with("id", "a")))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("stands twice");
    }
}
