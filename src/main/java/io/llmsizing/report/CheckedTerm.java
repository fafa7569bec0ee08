package io.llmsizing.report;

import io.llmsizing.serverlog.LogTerm;

/**
 * A figure of a log beside the one that is predicted for it.
 *
 * @param id the name in machine-readable answers, such as {@code pool}
 * @param title for people
 * @param unit in what both are counted
 * @param predicted the figure
 * @param low the least that is believed
 * @param high the most that is believed; {@link Long#MAX_VALUE} where nothing bounds it
 * @param printed what the log states
 * @param resolution half a unit of the last digit printed
 * @param line where it stands
 * @param banded whether it is known how far off the prediction may be
 */
public record CheckedTerm(
        String id,
        String title,
        LogTerm.Unit unit,
        long predicted,
        long low,
        long high,
        long printed,
        long resolution,
        long line,
        boolean banded) {
    /**
     * How far the printed figure is off.
     *
     * @return positive where more is printed than predicted
     */
    public long difference() {
        return printed - predicted;
    }

    /**
     * Whether the printed figure lies inside the band, its own rounding allowed for.
     *
     * @return whether; true where there is no band
     */
    public boolean isInside() {
        return !banded || (printed >= low - resolution && printed - resolution <= high);
    }

    /**
     * The difference in hundredths of a percent of what is predicted.
     *
     * @return 0 where nothing is predicted
     */
    public long basisPoints() {
        return predicted == 0 ? 0 : Math.round((double) difference() / predicted * 10_000);
    }
}
