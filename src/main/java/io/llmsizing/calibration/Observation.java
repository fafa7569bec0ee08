package io.llmsizing.calibration;

import java.util.Map;

/**
 * What a real server printed when it was started.
 *
 * @param id of the row
 * @param setup what was started
 * @param printed the printed figures, of the ranks of the first pipeline stage; bytes or tokens, each above 0
 * @param outcome how the start ended
 * @param grade of the source: A a log, B a log with a doubt
 * @param source where it was read
 */
public record Observation(
        String id, Setup setup, Map<Term, Long> printed, Outcome outcome, String grade, String source) {
    /**
     * Copies the figures.
     *
     * @param id as documented above
     * @param setup as documented above
     * @param printed as documented above
     * @param outcome as documented above
     * @param grade as documented above
     * @param source as documented above
     */
    public Observation {
        printed = Map.copyOf(printed);
    }
}
