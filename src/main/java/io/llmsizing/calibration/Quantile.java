package io.llmsizing.calibration;

/** Order statistics by the nearest rank: always a value that occurred. */
final class Quantile {
    private Quantile() {}

    /** The value below or at which a share of all lies; {@code sorted} ascends and is not empty. */
    static long of(long[] sorted, int percent) {
        int rank = (sorted.length * percent + 99) / 100;
        return sorted[Math.max(0, rank - 1)];
    }
}
