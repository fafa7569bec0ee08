package io.llmsizing.cli;

import io.llmsizing.calibration.Comparison;
import io.llmsizing.calibration.Observation;
import io.llmsizing.calibration.ObservationTable;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.report.AccuracyReport;
import io.llmsizing.report.PredictedSetups;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code accuracy}. */
@Command(
        name = "accuracy",
        description = "What is predicted against what real servers printed, for every row that the library carries.",
        mixinStandardHelpOptions = true)
final class AccuracyCommand implements Callable<Integer> {
    @Option(names = "--engine", paramLabel = "NAME", description = "Only the rows of this engine.")
    private @Nullable String engine;

    @Option(names = "--rows", description = "List every row, not only the sums.")
    private boolean rows;

    @Option(names = "--json", description = "Print as JSON, rows included.")
    private boolean json;

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<Comparison> compared = PredictedSetups.of(wanted(ObservationTable.bundled()), catalog.open());
        spec.commandLine()
                .getOut()
                .print(
                        json
                                ? JsonWriter.indented(AccuracyReport.json(compared)) + "\n"
                                : AccuracyReport.text(compared, rows));
        return ExitCodes.FITS;
    }

    private List<Observation> wanted(List<Observation> all) {
        if (engine == null) {
            return all;
        }
        List<Observation> wanted = all.stream()
                .filter(row -> row.setup().engine().equalsIgnoreCase(engine))
                .toList();
        if (wanted.isEmpty()) {
            TreeSet<String> known = new TreeSet<>();
            all.forEach(row -> known.add(row.setup().engine()));
            throw new IllegalArgumentException(
                    "no rows of '" + engine + "'; there are rows of " + String.join(", ", known));
        }
        return wanted;
    }
}
