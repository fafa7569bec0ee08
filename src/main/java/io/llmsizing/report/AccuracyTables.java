package io.llmsizing.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.llmsizing.calibration.Accuracy;
import io.llmsizing.calibration.Calibrator;
import io.llmsizing.calibration.Calibrator.Group;
import io.llmsizing.calibration.Comparison;
import io.llmsizing.calibration.Comparison.Judgement;
import io.llmsizing.calibration.ErrorBand;
import io.llmsizing.calibration.LoadedCalibration;
import io.llmsizing.calibration.ModelFamily;
import io.llmsizing.calibration.Prediction;
import io.llmsizing.calibration.Residual;
import io.llmsizing.calibration.Setup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Cells of the tables about accuracy, heads first. */
final class AccuracyTables {
    private static final int IDS_IN_A_LINE = 6;
    private static final int CELLS_OF_A_FIGURE = 5;

    private AccuracyTables() {}

    static List<Residual> residuals(List<Comparison> compared) {
        return compared.stream().flatMap(row -> row.residuals().stream()).toList();
    }

    /** By engine and term, and below each engine by family and term. */
    static List<List<String>> sums(List<Comparison> compared) {
        List<Residual> residuals = residuals(compared);
        List<List<String>> table = new ArrayList<>();
        table.add(
                List.of("ENGINE", "FAMILY", "TERM", "ROWS", "<= 0.5 %", "<= 2 %", "<= 5 %", "MEDIAN", "P90", "WORST"));
        Calibrator.byTerm(residuals).forEach((group, of) -> table.add(sum(group, Accuracy.of(of))));
        Calibrator.byFamily(residuals).forEach((group, of) -> table.add(sum(group, Accuracy.of(of))));
        return table;
    }

    private static List<String> sum(Group group, Accuracy accuracy) {
        return List.of(
                group.engine(),
                group.family().map(ModelFamily::label).orElse("all"),
                group.term().label(),
                String.valueOf(accuracy.rows()),
                String.valueOf(accuracy.withinHalf()),
                String.valueOf(accuracy.withinTwo()),
                String.valueOf(accuracy.withinFive()),
                percent(accuracy.median()),
                percent(accuracy.ninetieth()),
                percent(accuracy.worst()));
    }

    static String percent(long partsPerMillion) {
        return String.format(Locale.ROOT, "%.2f %%", partsPerMillion / 1e4);
    }

    static SortedMap<String, Map<Judgement, Integer>> judgements(List<Comparison> compared) {
        SortedMap<String, Map<Judgement, Integer>> counts = new TreeMap<>();
        compared.forEach(row -> row.judgement()
                .ifPresent(judgement -> counts.computeIfAbsent(
                                row.observation().setup().engine(), engine -> new EnumMap<>(Judgement.class))
                        .merge(judgement, 1, Integer::sum)));
        return counts;
    }

    static List<List<String>> verdicts(List<Comparison> compared) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("VERDICTS", "RIGHT", "TOO CLOSE", "WRONG"));
        judgements(compared)
                .forEach((engine, counts) -> table.add(List.of(
                        engine,
                        String.valueOf(counts.getOrDefault(Judgement.RIGHT, 0)),
                        String.valueOf(counts.getOrDefault(Judgement.TOO_CLOSE, 0)),
                        String.valueOf(counts.getOrDefault(Judgement.WRONG, 0)))));
        return table;
    }

    static List<String> wrongVerdicts(List<Comparison> compared) {
        return compared.stream()
                .filter(row -> row.judgement().filter(Judgement.WRONG::equals).isPresent())
                .map(row -> String.format(
                        Locale.ROOT,
                        "%s %s: said %s, %s",
                        row.observation().id(),
                        setup(row.observation().setup()),
                        verdict(row),
                        row.observation().outcome().label()))
                .toList();
    }

    /** What was started, in short. */
    static String setup(Setup setup) {
        return setup.model()
                + setup.accelerator()
                        .map(device -> " on " + setup.devices() + " x " + device)
                        .orElse("")
                + ", " + setup.engine()
                + setup.version().map(version -> " " + version).orElse("");
    }

    /** Printed figures without a prediction, by the reason. */
    static List<String> notCompared(List<Comparison> compared) {
        Map<String, Integer> figures = new TreeMap<>();
        for (Comparison row : compared) {
            String engine = row.observation().setup().engine();
            row.notCompared()
                    .forEach((term, why) -> figures.merge(
                            engine + ", " + (why.equals("not predicted") ? term.label() + " " : "") + why,
                            1,
                            Integer::sum));
        }
        return figures.entrySet().stream()
                .map(reason -> reason.getKey() + ": " + reason.getValue() + " figures")
                .toList();
    }

    /** Rows without a prediction, by the reason. */
    static List<String> refusals(List<Comparison> compared) {
        Map<String, List<String>> rows = new TreeMap<>();
        compared.stream()
                .filter(row -> row.prediction().isEmpty())
                .forEach(row -> rows.computeIfAbsent(row.refusal(), key -> new ArrayList<>())
                        .add(row.observation().id()));
        List<String> lines = new ArrayList<>();
        rows.forEach((why, ids) -> {
            lines.add(why + ": " + ids.size() + " rows");
            Lists.partition(ids, IDS_IN_A_LINE).forEach(some -> lines.add("  " + String.join(" ", some)));
        });
        return lines;
    }

    /** Every printed figure: compared, or why not; and a line for a row that is refused. */
    static List<List<String>> rows(List<Comparison> compared) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("ROW", "ENGINE", "MODEL", "FAMILY", "TERM", "PREDICTED", "PRINTED", "ERROR", "IN BAND"));
        for (Comparison row : compared) {
            row.residuals().forEach(residual -> table.add(row(row, residual)));
            row.notCompared()
                    .forEach((term, why) -> table.add(row(
                            row,
                            term.label(),
                            why,
                            figure(row.observation().printed().getOrDefault(term, 0L)))));
            row.judgement().ifPresent(judgement -> table.add(row(row, judgement)));
            if (row.prediction().isEmpty()) {
                table.add(row(row, "all", "not predicted"));
            }
        }
        return table;
    }

    private static List<String> row(Comparison row, Residual residual) {
        return row(
                row,
                residual.term().label(),
                figure(residual.predicted().value()),
                figure(residual.observed()),
                percent(residual.partsPerMillion()),
                residual.isCovered() ? "yes" : "no");
    }

    private static List<String> row(Comparison row, Judgement judgement) {
        return row(
                row,
                "verdict",
                verdict(row),
                row.observation().outcome().label(),
                judgement.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    private static String verdict(Comparison row) {
        return row.prediction().flatMap(Prediction::verdict).orElse("none").replace('_', ' ');
    }

    private static List<String> row(Comparison row, String... cells) {
        Setup setup = row.observation().setup();
        return ImmutableList.<String>builder()
                .add(
                        row.observation().id(),
                        setup.engine()
                                + setup.version().map(version -> " " + version).orElse(""),
                        setup.model(),
                        row.family().label())
                .add(cells)
                .addAll(Collections.nCopies(CELLS_OF_A_FIGURE - cells.length, ""))
                .build();
    }

    private static String figure(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Where printed figures lie beside predictions, and how many are inside the band that the verdicts use. */
    static List<List<String>> bands(List<Comparison> compared) {
        List<Residual> residuals = residuals(compared);
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("ENGINE", "FAMILY", "TERM", "ROWS", "IN BAND", "HELD OUT", "PRINTED"));
        for (SortedMap<Group, List<Residual>> groups :
                List.of(Calibrator.byTerm(residuals), Calibrator.byFamily(residuals))) {
            SortedMap<Group, ErrorBand> bands = Calibrator.bands(groups);
            groups.forEach((group, of) -> table.add(List.of(
                    group.engine(),
                    group.family().map(ModelFamily::label).orElse("all"),
                    group.term().label(),
                    String.valueOf(of.size()),
                    String.valueOf(of.stream().filter(Residual::isCovered).count()),
                    heldOut(of),
                    bands.containsKey(group) ? String.valueOf(bands.get(group)) : "too few figures for a band")));
        }
        return table;
    }

    private static String heldOut(List<Residual> residuals) {
        OptionalInt inside = Calibrator.heldOut(residuals);
        return inside.isPresent() ? String.valueOf(inside.getAsInt()) : "";
    }

    /** By how much loaded weights differ, as verdicts take it, and how that does on rows that it was not made of. */
    static List<List<String>> loaded(List<Comparison> compared) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("LOADED", "SINCE", "KIND", "ROWS", "LOW", "HIGH", "OF", "HELD OUT"));
        for (LoadedCalibration.Line line :
                LoadedCalibration.of(residuals(compared)).lines()) {
            table.add(List.of(
                    line.engine(),
                    line.since(),
                    line.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    String.valueOf(line.band().count()),
                    beside(line, line.band().low()),
                    beside(line, line.band().high()),
                    line.of(),
                    line.own() == 0 ? "" : line.heldOut() + " of " + line.own()));
        }
        return table;
    }

    private static String beside(LoadedCalibration.Line line, long end) {
        return line.kind().isShare()
                ? String.format(Locale.ROOT, "%+.2f %%", (end - 1_000_000) / 1e4)
                : String.format(Locale.ROOT, "%+.0f MB", end / 1e6);
    }
}
