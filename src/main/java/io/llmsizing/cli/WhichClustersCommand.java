package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.model.Model;
import io.llmsizing.planner.DeviceSearch;
import io.llmsizing.report.ClusterChoiceReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code which-clusters MODEL}. */
@Command(
        name = "which-clusters",
        description = {
            "The types of machines of the catalogue on which a model fits for sure, as few as are enough, the cheapest first.",
            "Exit code 0: some do, 1: none does."
        },
        mixinStandardHelpOptions = true)
final class WhichClustersCommand extends PlannerCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Option(names = "--nodes", paramLabel = "COUNT", description = "Machines of a type at most. Default: 1.")
    private int nodes = 1;

    @Option(names = "--top", paramLabel = "COUNT", description = "Types that are shown at most. Default: 20.")
    private int top = 20;

    @Mixin
    private Question question = new Question();

    @Override
    int answer(Catalog opened) throws IOException {
        Model wanted = question.anywhere(model, err()).model(opened);
        DeviceSearch search = new DeviceSearch(cluster -> question.builder(wanted, cluster));
        List<NodeType> types = opened.nodeTypes();
        Map<NodeType, Deployment> found = new LinkedHashMap<>();
        Refusals<NodeType> refused = new Refusals<>();
        try (SearchProgress progress = SearchProgress.of("types of machines", types.size(), err())) {
            for (NodeType type : types) {
                refused.of(type, () -> search.fewest(type.node(), nodes).ifPresent(enough -> found.put(type, enough)));
                progress.step();
            }
        }
        refused.throwIfAll(types.size());
        ClusterChoiceReport report = new ClusterChoiceReport(
                wanted, found, types.size(), refused.reasons().size(), TopCount.checked(top));
        print(report::text, report::json);
        return found.isEmpty() ? ExitCodes.DOES_NOT_FIT : ExitCodes.FITS;
    }
}
