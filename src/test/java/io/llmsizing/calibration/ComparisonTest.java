package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.calibration.Comparison.Judgement;
import io.llmsizing.calibration.Prediction.Estimate;
import io.llmsizing.engine.LoadedKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private static final ModelFamily DENSE = new ModelFamily(ModelFamily.Cache.FULL, false);

    private static Comparison compared(Observation observation, Map<Term, Estimate> terms, String verdict) {
        return new Comparison(
                observation, DENSE, Optional.of(new Prediction(terms, LoadedKind.PLAIN, Optional.of(verdict))), "");
    }

    private static Residual residual(long predicted, long low, long high, long observed) {
        return new Residual(
                Rows.one(), DENSE, LoadedKind.PLAIN, Term.ACTIVATION, new Estimate(predicted, low, high), observed);
    }

    @ParameterizedTest
    @CsvSource({
        "fits, runs, RIGHT",
        "fits, does not fit, WRONG",
        "does_not_fit, does not fit, RIGHT",
        "does_not_fit, runs, WRONG",
        "too_close_to_call, runs, TOO_CLOSE",
        "fits, ran out later, ",
        "fits, '', "
    })
    void aVerdictIsJudgedByWhatHappened(String verdict, String outcome, Judgement judgement) {
        assertThat(compared(Rows.one("outcome", outcome), Map.of(), verdict).judgement())
                .isEqualTo(Optional.ofNullable(judgement));
    }

    @Test
    void whatIsRefusedHasNoResiduals() {
        Comparison refused = new Comparison(Rows.one(), DENSE, Optional.empty(), "unknown");
        assertThat(refused.residuals()).isEmpty();
        assertThat(refused.notCompared()).isEmpty();
        assertThat(refused.judgement()).isEmpty();
    }

    @Test
    void aFigureIsComparedWhereAllThatItDependsOnIsStated() {
        Map<Term, Estimate> all = Map.of(
                Term.LOADED, Estimate.exact(5), Term.POOL_BYTES, Estimate.exact(7), Term.ACTIVATION, Estimate.exact(9));
        assertThat(compared(Rows.one(), all, "fits").residuals())
                .extracting(Residual::term)
                .containsExactly(Term.LOADED, Term.ACTIVATION, Term.POOL_BYTES);
        assertThat(compared(Rows.one(), all, "fits").notCompared()).isEqualTo(Map.of(Term.RUNTIME, "not predicted"));
        assertThat(compared(Rows.one("version", ""), all, "fits").residuals())
                .extracting(Residual::term)
                .containsExactly(Term.LOADED);
        assertThat(compared(Rows.one("fraction", ""), all, "fits").notCompared())
                .containsEntry(Term.POOL_BYTES, "memory fraction not stated")
                .doesNotContainKey(Term.ACTIVATION);
        assertThat(compared(Rows.one("accelerator", ""), all, "fits").notCompared())
                .containsEntry(Term.ACTIVATION, "accelerator not stated");
    }

    @Test
    void errorsHaveASide() {
        assertThat(residual(110, 110, 110, 100).partsPerMillion()).isEqualTo(100_000);
        assertThat(residual(90, 90, 90, 100).partsPerMillion()).isEqualTo(-100_000);
        assertThat(residual(80, 80, 80, 100).observedShare()).isEqualTo(1_250_000);
    }

    /** Printed sizes are rounded to 0.01 GiB, so that half of that is no miss. */
    @ParameterizedTest
    @CsvSource({
        "2000000000, true",
        "2005368710, true",
        "2005368711, false",
        "994631290, true",
        "994631289, false",
    })
    void aBandCoversWhatRoundsIntoIt(long observed, boolean covered) {
        assertThat(residual(1_500_000_000, 1_000_000_000, 2_000_000_000, observed)
                        .isCovered())
                .isEqualTo(covered);
    }

    @Test
    void accuracyCountsErrorsOfBothSides() {
        List<Residual> residuals = List.of(
                residual(1_000, 0, 0, 1_000),
                residual(1_005, 0, 0, 1_000),
                residual(980, 0, 0, 1_000),
                residual(1_051, 0, 0, 1_000));
        assertThat(Accuracy.of(residuals)).isEqualTo(new Accuracy(4, 2, 3, 3, 5_000, 51_000, 51_000));
    }
}
