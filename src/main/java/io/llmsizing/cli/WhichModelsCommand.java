package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.planner.ModelSearch;
import io.llmsizing.report.ModelChoiceReport;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code which-models CLUSTER}. */
@Command(
        name = "which-models",
        description = {
            "The models of the catalogue that fit a cluster for sure, the largest first.",
            "Exit code 0: some do, 1: none does."
        },
        mixinStandardHelpOptions = true)
final class WhichModelsCommand extends PlannerCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "CLUSTER", description = "As for fits.")
    private @Nullable String cluster;

    @Option(names = "--top", paramLabel = "COUNT", description = "Models that are shown at most. Default: 20.")
    private int top = 20;

    @Mixin
    private Question question = new Question();

    @Override
    int answer(Catalog opened) throws IOException {
        Cluster on = question.on(cluster, err()).cluster(opened);
        ModelSearch search = new ModelSearch(model -> question.builder(question.mixed(model), on));
        Set<String> ids = opened.modelIds();
        try (SearchProgress progress = SearchProgress.of("models", ids.size(), err())) {
            for (String id : ids) {
                search.add(opened.model(id));
                progress.step();
            }
        }
        ModelSearch.Found found = search.found();
        ModelChoiceReport report = new ModelChoiceReport(on, found, TopCount.checked(top));
        print(report::text, report::json);
        return found.fitting().isEmpty() ? ExitCodes.DOES_NOT_FIT : ExitCodes.FITS;
    }
}
