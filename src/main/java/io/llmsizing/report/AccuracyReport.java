package io.llmsizing.report;

import io.llmsizing.calibration.Accuracy;
import io.llmsizing.calibration.Calibrator;
import io.llmsizing.calibration.Calibrator.Group;
import io.llmsizing.calibration.Comparison;
import io.llmsizing.calibration.Comparison.Judgement;
import io.llmsizing.calibration.LoadedCalibration;
import io.llmsizing.calibration.ModelFamily;
import io.llmsizing.calibration.Residual;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Predicted against printed, as sums and row by row. */
public final class AccuracyReport {
    private AccuracyReport() {}

    /**
     * The sums, and the rows if they are wanted.
     *
     * @param compared the comparisons
     * @param rows whether every row is listed
     * @return lines ending in line feeds
     */
    public static String text(List<Comparison> compared, boolean rows) {
        long refused =
                compared.stream().filter(row -> row.prediction().isEmpty()).count();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%d observed setups, %d of them not predicted", compared.size(), refused));
        lines.add("");
        lines.addAll(TextTable.aligned(AccuracyTables.sums(compared), Set.of(0, 1, 2)));
        lines.add("");
        lines.addAll(TextTable.aligned(AccuracyTables.verdicts(compared), Set.of(0)));
        if (isOfSeveralEngines(compared)) {
            lines.add("");
            lines.addAll(TextTable.aligned(AccuracyTables.loaded(compared), Set.of(0, 1, 2, 6)));
        }
        append(lines, "verdicts that were wrong", AccuracyTables.wrongVerdicts(compared));
        append(lines, "printed, and not compared", AccuracyTables.notCompared(compared));
        append(lines, "not predicted", AccuracyTables.refusals(compared));
        if (rows) {
            lines.add("");
            lines.addAll(TextTable.aligned(AccuracyTables.rows(compared), Set.of(0, 1, 2, 3, 4)));
        }
        return String.join("\n", lines) + "\n";
    }

    /** Bands that engines share are made of the rows of all of them. */
    private static boolean isOfSeveralEngines(List<Comparison> compared) {
        return compared.stream()
                        .map(row -> row.observation().setup().engine())
                        .distinct()
                        .count()
                > 1;
    }

    private static void append(List<String> lines, String title, List<String> told) {
        if (!told.isEmpty()) {
            lines.add("");
            lines.add(title);
            told.forEach(line -> lines.add("  " + line));
        }
    }

    /**
     * Sums and rows for programs.
     *
     * @param compared the comparisons
     * @return sums by engine and term, by engine, family and term, by how much loaded weights differ, verdicts by engine, and
     *     the rows
     */
    public static Map<String, Object> json(List<Comparison> compared) {
        List<Residual> residuals = AccuracyTables.residuals(compared);
        List<Object> sums = new ArrayList<>();
        Calibrator.byTerm(residuals).forEach((group, of) -> sums.add(sum(group, Accuracy.of(of))));
        Calibrator.byFamily(residuals).forEach((group, of) -> sums.add(sum(group, Accuracy.of(of))));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("setups", compared.size());
        json.put("accuracy", sums);
        json.put("loaded_bands", loadedBands(residuals));
        json.put("verdicts", verdicts(compared));
        json.put("rows", compared.stream().map(AccuracyReport::row).toList());
        return json;
    }

    private static List<Object> loadedBands(List<Residual> residuals) {
        List<Object> bands = new ArrayList<>();
        LoadedCalibration.of(residuals).lines().forEach(line -> {
            Map<String, Object> band = new LinkedHashMap<>();
            band.put("engine", line.engine());
            band.put("since", line.since());
            band.put("kind", line.kind().name().toLowerCase(Locale.ROOT));
            band.put("rows", line.band().count());
            band.put("low", line.band().low());
            band.put("high", line.band().high());
            band.put("unit", line.unit());
            band.put("of", line.of());
            band.put("own_rows", line.own());
            band.put("own_rows_inside_when_held_out", line.heldOut());
            bands.add(band);
        });
        return bands;
    }

    private static Map<String, Object> sum(Group group, Accuracy accuracy) {
        Map<String, Object> sum = new LinkedHashMap<>();
        sum.put("engine", group.engine());
        sum.put("family", group.family().map(ModelFamily::label).orElse("all"));
        sum.put("term", group.term().label());
        sum.put("rows", accuracy.rows());
        sum.put("within_half_percent", accuracy.withinHalf());
        sum.put("within_two_percent", accuracy.withinTwo());
        sum.put("within_five_percent", accuracy.withinFive());
        sum.put("median_parts_per_million", accuracy.median());
        sum.put("p90_parts_per_million", accuracy.ninetieth());
        sum.put("worst_parts_per_million", accuracy.worst());
        return sum;
    }

    private static List<Object> verdicts(List<Comparison> compared) {
        List<Object> verdicts = new ArrayList<>();
        AccuracyTables.judgements(compared).forEach((engine, counts) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("engine", engine);
            one.put("right", counts.getOrDefault(Judgement.RIGHT, 0));
            one.put("too_close_to_call", counts.getOrDefault(Judgement.TOO_CLOSE, 0));
            one.put("wrong", counts.getOrDefault(Judgement.WRONG, 0));
            verdicts.add(one);
        });
        return verdicts;
    }

    private static Map<String, Object> row(Comparison compared) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", compared.observation().id());
        row.put("model", compared.observation().setup().model());
        row.put("engine", compared.observation().setup().engine());
        row.put("engine_version", compared.observation().setup().version().orElse(""));
        row.put("family", compared.family().label());
        row.put("outcome", compared.observation().outcome().label());
        row.put("verdict", compared.prediction().flatMap(said -> said.verdict()).orElse(""));
        row.put("refusal", compared.refusal());
        List<Object> terms = new ArrayList<>();
        for (Residual residual : compared.residuals()) {
            Map<String, Object> term = new LinkedHashMap<>();
            term.put("term", residual.term().label());
            term.put("predicted", residual.predicted().value());
            term.put("predicted_low", residual.predicted().low());
            term.put("predicted_high", residual.predicted().high());
            term.put("observed", residual.observed());
            term.put("error_parts_per_million", residual.partsPerMillion());
            terms.add(term);
        }
        row.put("terms", terms);
        Map<String, Object> missing = new LinkedHashMap<>();
        compared.notCompared().forEach((term, why) -> missing.put(term.label(), why));
        row.put("not_compared", missing);
        row.put("source", compared.observation().source());
        return row;
    }
}
