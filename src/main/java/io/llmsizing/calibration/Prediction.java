package io.llmsizing.calibration;

import java.util.Map;
import java.util.Optional;

/**
 * What the library says about a setup.
 *
 * @param terms what it predicts, term by term; a term that it does not predict is absent
 * @param verdict the verdict's id, absent where no accelerator is stated
 */
public record Prediction(Map<Term, Estimate> terms, Optional<String> verdict) {
    /**
     * Copies the terms.
     *
     * @param terms as documented above
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
