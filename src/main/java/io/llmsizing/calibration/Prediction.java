package io.llmsizing.calibration;

import io.llmsizing.engine.LoadedKind;
import java.util.Map;
import java.util.Optional;

/**
 * What the library says about a setup.
 *
 * @param terms what it predicts, term by term; a term that it does not predict is absent
 * @param loaded what decides how far loaded weights lie from what is predicted
 * @param verdict the verdict's id, absent where no accelerator is stated
 */
public record Prediction(Map<Term, Estimate> terms, LoadedKind loaded, Optional<String> verdict) {
    /**
     * Copies the terms.
     *
     * @param terms as documented above
     * @param loaded as documented above
     * @param verdict as documented above
     */
    public Prediction {
        terms = Map.copyOf(terms);
    }

    /**
     * A predicted figure with its band.
     *
     * @param value bytes or tokens
     * @param low the least that it may be
     * @param high the most that it may be
     */
    public record Estimate(long value, long low, long high) {
        /**
         * A figure without a band.
         *
         * @param value bytes or tokens
         * @return it alone
         */
        public static Estimate exact(long value) {
            return new Estimate(value, value, value);
        }
    }
}
