package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.calibration.Prediction.Estimate;
import io.llmsizing.engine.LoadedKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibratorTest {
    private static final ModelFamily DENSE = new ModelFamily(ModelFamily.Cache.FULL, false);

    private static List<Residual> residuals(Term term, long predicted, long... observed) {
        return Arrays.stream(observed)
                .mapToObj(each ->
                        new Residual(Rows.one(), DENSE, LoadedKind.PLAIN, term, Estimate.exact(predicted), each))
                .toList();
    }

    /** Of 100, 100, 100 and 130 the last is beyond the others. Of 100 to 130 both ends are: 110 to 130 widen to 105 and 135, 100 to 120 to 95 and 125. */
    @Test
    void eachFigureIsHeldAgainstTheOthers() {
        assertThat(Calibrator.heldOut(residuals(Term.POOL_TOKENS, 100, 100, 100, 100, 130)))
                .hasValue(3);
        assertThat(Calibrator.heldOut(residuals(Term.POOL_TOKENS, 100, 100, 110, 120, 130)))
                .hasValue(2);
    }

    @Test
    void threeFiguresLeaveTooFewOthers() {
        assertThat(Calibrator.heldOut(residuals(Term.POOL_TOKENS, 100, 100, 100, 100)))
                .isEmpty();
    }

    /** 5,368,710 of 10^12 bytes are 5 parts per million. */
    @Test
    void theLastPrintedDigitOfBytesIsNoMissAndOfTokensThereIsNone() {
        long predicted = 1_000_000_000_000L;
        long off = predicted + 5_000_000;
        assertThat(Calibrator.heldOut(residuals(Term.LOADED, predicted, predicted, predicted, predicted, off)))
                .hasValue(4);
        assertThat(Calibrator.heldOut(residuals(Term.POOL_TOKENS, predicted, predicted, predicted, predicted, off)))
                .hasValue(3);
    }
}
