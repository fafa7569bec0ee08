package io.llmsizing.calibration;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.llmsizing.engine.LoadedKind;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far loaded weights lie from what is predicted, by engine, by what it was when its versions differ, and by what decides
 * it: the lines of {@code engine/loaded-bands.csv}, which verdicts use.
 *
 * <p>A line is made of an engine's own rows, since engines pad and pack with kernels of their own. Where these are fewer than
 * {@value ErrorBand#LEAST}, of those of all engines. The rule is the same for every kind. Rows that state no version count as
 * the newest.
 */
public final class LoadedCalibration {
    private static final SortedMap<String, List<String>> REGIMES = ImmutableSortedMap.of(
            "sglang", List.of("0.4"),
            "tensorrt-llm", List.of("1.0"),
            "transformers", List.of("4.36"),
            "vllm", List.of("0.6", "0.8"));

    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");
    private static final long WHOLE = 1_000_000;

    private final List<Residual> rows;

    private LoadedCalibration(List<Residual> rows) {
        this.rows = rows;
    }

    /**
     * What residuals say.
     *
     * @param residuals of which those of loaded weights count
     * @return the calibration
     */
    public static LoadedCalibration of(Collection<Residual> residuals) {
        return new LoadedCalibration(residuals.stream()
                .filter(residual -> residual.term() == Term.LOADED)
                .filter(residual ->
                        REGIMES.containsKey(residual.observation().setup().engine()))
                .collect(ImmutableList.toImmutableList()));
    }

    /**
     * A line of the table.
     *
     * @param engine its name
     * @param since the first version of which it speaks
     * @param kind what decides how far weights are off
     * @param band parts per million of what is predicted, or bytes beside it, as the kind says
     * @param shared whether the rows of all engines made it
     * @param heldOut the engine's own rows that are inside the band that is made without them
     * @param own the engine's own rows for which there is such a band
     */
    public record Line(
            String engine, String since, LoadedKind kind, ErrorBand band, boolean shared, int heldOut, int own) {
        /**
         * The rows that made the band.
         *
         * @return in words
         */
        public String of() {
            return shared ? "all engines" : engine + " since " + since;
        }

        /**
         * The unit of the band.
         *
         * @return in words
         */
        public String unit() {
            return kind.isShare() ? "parts per million" : "bytes beside";
        }
    }

    /**
     * All lines.
     *
     * @return in the order of the table: by engine, by version, by kind
     */
    public List<Line> lines() {
        ImmutableList.Builder<Line> lines = ImmutableList.builder();
        REGIMES.forEach((engine, regimes) -> {
            for (String since : regimes) {
                for (LoadedKind kind : LoadedKind.values()) {
                    line(engine, since, kind).ifPresent(lines::add);
                }
            }
        });
        return lines.build();
    }

    private Optional<Line> line(String engine, String since, LoadedKind kind) {
        List<Residual> own = own(rows, engine, since, kind);
        int inside = 0;
        int judged = 0;
        for (Residual row : own) {
            Optional<ErrorBand> without =
                    band(rows.stream().filter(other -> !isSame(other, row)).toList(), engine, since, kind);
            judged += without.isPresent() ? 1 : 0;
            inside += without.filter(band -> holds(band, row)).isPresent() ? 1 : 0;
        }
        int held = inside;
        int of = judged;
        boolean shared = isShared(own);
        return band(rows, engine, since, kind).map(band -> new Line(engine, since, kind, band, shared, held, of));
    }

    private static boolean isSame(Residual one, Residual other) {
        return one.observation().id().equals(other.observation().id());
    }

    private static Optional<ErrorBand> band(List<Residual> rows, String engine, String since, LoadedKind kind) {
        List<Residual> own = own(rows, engine, since, kind);
        List<Residual> counted = isShared(own)
                ? rows.stream().filter(row -> row.loaded() == kind).toList()
                : own;
        long[] figures = counted.stream().mapToLong(LoadedCalibration::figure).toArray();
        return figures.length == 0
                ? Optional.empty()
                : Optional.of(ErrorBand.around(kind.isShare() ? WHOLE : 0, figures));
    }

    private static boolean isShared(List<Residual> own) {
        return own.size() < ErrorBand.LEAST;
    }

    private static List<Residual> own(List<Residual> rows, String engine, String since, LoadedKind kind) {
        return rows.stream()
                .filter(row -> row.loaded() == kind)
                .filter(row -> row.observation().setup().engine().equals(engine))
                .filter(row -> regime(row).equals(since))
                .toList();
    }

    private static long figure(Residual row) {
        return row.loaded().isShare()
                ? row.observedShare()
                : row.observed() - row.predicted().value();
    }

    /** Within the last printed digit. */
    private static boolean holds(ErrorBand band, Residual row) {
        return row.loaded().isShare()
                ? row.isWithin(band)
                : figure(row) + Residual.PRINTED_WITHIN >= band.low()
                        && figure(row) - Residual.PRINTED_WITHIN <= band.high();
    }

    private static String regime(Residual row) {
        Setup setup = row.observation().setup();
        List<String> regimes = REGIMES.getOrDefault(setup.engine(), List.of());
        String newest = regimes.get(regimes.size() - 1);
        if (setup.version().isEmpty()) {
            return newest;
        }
        String last = regimes.get(0);
        for (String since : regimes) {
            last = number(since) <= number(setup.version().orElseThrow()) ? since : last;
        }
        return last;
    }

    private static long number(String version) {
        Matcher matcher = VERSION.matcher(version);
        checkArgument(matcher.matches(), "'%s' is not a version", version);
        return Long.parseLong(matcher.group(1)) * WHOLE + Long.parseLong(matcher.group(2));
    }

    /**
     * The table as a file.
     *
     * @return its lines, heads first, ending in line feeds
     */
    public String csv() {
        StringBuilder text = new StringBuilder("engine,since,kind,rows,low,high,unit,of\n");
        for (Line line : lines()) {
            text.append(String.join(
                            ",",
                            line.engine(),
                            line.since(),
                            line.kind().name().toLowerCase(Locale.ROOT),
                            String.valueOf(line.band().count()),
                            String.valueOf(line.band().low()),
                            String.valueOf(line.band().high()),
                            line.unit(),
                            line.of()))
                    .append('\n');
        }
        return text.toString();
    }
}
