package io.llmsizing.calibration;

import io.llmsizing.calibration.Prediction.Estimate;
import io.llmsizing.engine.LoadedKind;

/**
 * A predicted figure beside the printed one.
 *
 * @param observation the row
 * @param family of its model
 * @param loaded what decides how far loaded weights lie from what is predicted
 * @param term which figure
 * @param predicted what the library says
 * @param observed what was printed, above 0
 */
public record Residual(
        Observation observation, ModelFamily family, LoadedKind loaded, Term term, Estimate predicted, long observed) {
    /** Half of the last digit in which servers print sizes: 0.005 GiB, rounded up. */
    public static final long PRINTED_WITHIN = 5_368_710;

    /**
     * Predicted against printed.
     *
     * @return parts per million of the printed figure, positive where the prediction is too high
     */
    public long partsPerMillion() {
        return Math.round(1e6 * (predicted.value() - observed) / observed);
    }

    /**
     * Printed against predicted, as a band on the prediction needs it.
     *
     * @return parts per million of the prediction: 1,000,000 where both are equal
     */
    public long observedShare() {
        return Math.round(1e6 * observed / Math.max(1, predicted.value()));
    }

    /**
     * Whether the stated band holds the printed figure, within its last digit.
     *
     * @return whether
     */
    public boolean isCovered() {
        return observed + printedWithin() >= predicted.low() && observed - printedWithin() <= predicted.high();
    }

    /**
     * Whether a band of shares holds the printed figure, within its last digit.
     *
     * @param band parts per million of what is predicted
     * @return whether
     */
    public boolean isWithin(ErrorBand band) {
        long within = Math.round(1e6 * printedWithin() / Math.max(1, predicted.value()));
        return observedShare() + within >= band.low() && observedShare() - within <= band.high();
    }

    private long printedWithin() {
        return term == Term.POOL_TOKENS ? 0 : PRINTED_WITHIN;
    }
}
