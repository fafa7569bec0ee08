package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.units.ByteSize;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures that can't be true are told from figures that can. */
class ObservationCheckTest {
    private static Optional<String> objection(String... columnsAndValues) {
        return ObservationCheck.objection(Rows.one(columnsAndValues), Optional.empty());
    }

    @Test
    void aBudgetThatItsTermsFillCloses() {
        assertThat(objection()).isEmpty();
    }

    /** 0.25 GiB are 268,435,456 B, and the terms of the row are equal to its budget. */
    @ParameterizedTest
    @CsvSource({
        "53750000000, true",
        "54018435456, true",
        "54018435457, false",
        "53481564544, true",
        "53481564543, false"
    })
    void itMayMissByAQuarterOfAGibibyte(String pool, boolean closes) {
        assertThat(objection("pool_bytes", pool).isEmpty()).isEqualTo(closes);
    }

    /**
     * inference-sim's kv_capacity_test.go as passed around: blocks of 16 tokens on each device of 80 GB, of Llama-3.1-8B on two
     * and on four tensor ranks (65,536 and 32,768 B a token) and of Mixtral 8x7B on two (65,536 B). That is 129, 273 and 57 GiB
     * of cache, the last beside 43.5 GiB of weights.
     */
    @ParameterizedTest
    @CsvSource({"8030261248, 132139, 65536", "4015130624, 559190, 32768", "46702792704, 58377, 65536"})
    void aPoolThatNoDeviceHoldsIsImpossible(long loaded, long blocks, long bytesPerToken) {
        String pool = String.valueOf(blocks * 16 * bytesPerToken);
        assertThat(objection("loaded", String.valueOf(loaded), "pool_bytes", pool, "activation", "", "runtime", ""))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("impossible"));
    }

    /** llm-d-planner's table: 64.38 + 7.38 + 0.13 + 3.33 GiB are 0.95 of 79.18, not the 0.9 that it states. */
    @ParameterizedTest
    @CsvSource({"0.9, false", "0.95, true"})
    void aMisquotedShareDoesNotClose(String fraction, boolean closes) {
        assertThat(objection(
                                "usable_bytes", "85018877624",
                                "fraction", fraction,
                                "loaded", "69127498629",
                                "activation", "7924214661",
                                "runtime", "139586437",
                                "pool_bytes", "3575560274")
                        .isEmpty())
                .isEqualTo(closes);
    }

    @ParameterizedTest
    @CsvSource({"0.19.0, true", "0.20.2, true", "0.21.0, false", "0.26, false", "1.0, false", "nightly, true"})
    void graphsAreInsideTheBudgetFromVersion021On(String version, boolean closes) {
        assertThat(objection("version", version, "graphs", "1000000000").isEmpty())
                .isEqualTo(closes);
    }

    @Test
    void anotherEngineHasAnotherBudget() {
        assertThat(objection("engine", "sglang", "fraction", "0.5")).isEmpty();
        assertThat(objection("fraction", "0.5")).isPresent();
    }

    @Test
    void theCataloguesDeviceCountsWhereTheRowSaysNothing() {
        Observation silent = Rows.one("usable_bytes", "", "pool_bytes", "70000000000");
        assertThat(ObservationCheck.objection(silent, Optional.empty())).isEmpty();
        assertThat(ObservationCheck.objection(silent, Optional.of(ByteSize.ofGigabytes(80))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("86,000,000,000"));
    }
}
