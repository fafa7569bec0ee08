package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.planner.HeatMap;
import io.llmsizing.report.HeatMapReport;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heat MODEL CLUSTER}. */
@Command(
        name = "heat",
        description = {
            "Which contexts with how many sequences fit, one character for each.",
            "The exit code is that of fits, about the context and sequences asked for."
        },
        mixinStandardHelpOptions = true)
final class HeatCommand extends PlannerCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "CLUSTER", description = "As for fits.")
    private @Nullable String cluster;

    @Mixin
    private Question question = new Question();

    @Override
    int answer(Catalog opened) throws IOException {
        Deployment deployment = question.about(model, cluster, err()).deployment(opened);
        HeatMapReport report = new HeatMapReport(HeatMap.of(deployment));
        print(report::text, report::json);
        return ExitCodes.of(Sizing.size(deployment));
    }
}
