package io.llmsizing.calibration;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Between which shares of a prediction printed figures lie, in parts per million of the prediction.
 *
 * <p>From {@value #ENOUGH} figures on, low and high are the 5 % and the 95 % quantile. Of fewer they are the smallest and
 * the largest, each moved away from the median by half of its distance, since what was not seen yet lies outside what was. Fewer
 * than {@value #LEAST} make no band.
 *
 * @param count of figures
 * @param median share
 * @param low share
 * @param high share
 */
public record ErrorBand(int count, long median, long low, long high) {
    /** Figures from which on quantiles are taken. */
    public static final int ENOUGH = 20;

    /** Figures without which there is no band. */
    public static final int LEAST = 3;

    /**
     * Checks the order.
     *
     * @param count as documented above
     * @param median as documented above
     * @param low as documented above
     * @param high as documented above
     */
    public ErrorBand {
        checkArgument(low <= median && median <= high, "a band of %s to %s around %s", low, high, median);
    }

    /**
     * The band of some shares.
     *
     * @param shares printed against predicted, in parts per million
     * @return nothing for fewer than {@value #LEAST}
     */
    public static Optional<ErrorBand> of(long... shares) {
        int count = shares.length;
        if (count < LEAST) {
            return Optional.empty();
        }
        long[] sorted = shares.clone();
        Arrays.sort(sorted);
        long median = Quantile.of(sorted, 50);
        if (count >= ENOUGH) {
            return Optional.of(new ErrorBand(count, median, Quantile.of(sorted, 5), Quantile.of(sorted, 95)));
        }
        long least = sorted[0];
        long most = sorted[count - 1];
        return Optional.of(
                new ErrorBand(count, median, least - (median - least + 1) / 2, most + (most - median + 1) / 2));
    }

    /**
     * The band of some figures, of how few ever, that holds what was predicted. Of fewer than {@value #LEAST} the prediction
     * itself stands for the median: what one figure shows may be half as far again on its side, and nothing is known of the
     * other.
     *
     * @param predicted the figure that stands for a prediction which is right
     * @param figures at least one
     * @return the band, wide enough for {@code predicted}
     */
    public static ErrorBand around(long predicted, long... figures) {
        checkArgument(figures.length > 0, "no figures for a band");
        Optional<ErrorBand> own = of(figures);
        if (own.isPresent()) {
            ErrorBand band = own.orElseThrow();
            return new ErrorBand(
                    band.count(), band.median(), Math.min(band.low(), predicted), Math.max(band.high(), predicted));
        }
        long least = Math.min(predicted, Arrays.stream(figures).min().orElseThrow());
        long most = Math.max(predicted, Arrays.stream(figures).max().orElseThrow());
        return new ErrorBand(
                figures.length, predicted, least - (predicted - least + 1) / 2, most + (most - predicted + 1) / 2);
    }

    /**
     * Whether the figures are too few for quantiles.
     *
     * @return whether low and high are widened extremes
     */
    public boolean isOfFew() {
        return count < ENOUGH;
    }

    /**
     * The band for people.
     *
     * @return such as {@code 0.98 to 1.03 of the prediction (5 figures, extremes widened by half)}
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.3f to %.3f of the prediction (%d figures, %s)",
                low / 1e6,
                high / 1e6,
                count,
                isOfFew() ? "extremes widened by half" : "5 % to 95 %");
    }
}
