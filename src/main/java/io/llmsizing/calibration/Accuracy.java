package io.llmsizing.calibration;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;

/**
 * How far predictions were off, whatever the side.
 *
 * @param rows compared, 1 or more
 * @param withinHalf percent of the printed figure, how many rows
 * @param withinTwo percent
 * @param withinFive percent
 * @param median of the errors, parts per million
 * @param ninetieth percentile of the errors, parts per million
 * @param worst of the errors, parts per million
 */
public record Accuracy(
        int rows, int withinHalf, int withinTwo, int withinFive, long median, long ninetieth, long worst) {
    private static final long HALF = 5_000;
    private static final long TWO = 20_000;
    private static final long FIVE = 50_000;

    /**
     * The accuracy of some predictions.
     *
     * @param residuals at least one
     * @return their errors in order
     */
    public static Accuracy of(List<Residual> residuals) {
        checkArgument(!residuals.isEmpty(), "no rows to be accurate about");
        long[] errors = residuals.stream()
                .mapToLong(residual -> Math.abs(residual.partsPerMillion()))
                .sorted()
                .toArray();
        return new Accuracy(
                errors.length,
                within(errors, HALF),
                within(errors, TWO),
                within(errors, FIVE),
                Quantile.of(errors, 50),
                Quantile.of(errors, 90),
                errors[errors.length - 1]);
    }

    private static int within(long[] errors, long most) {
        int count = 0;
        for (long error : errors) {
            count += error <= most ? 1 : 0;
        }
        return count;
    }
}
