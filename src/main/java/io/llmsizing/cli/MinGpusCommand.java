package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.Model;
import io.llmsizing.planner.DeviceSearch;
import io.llmsizing.report.DeviceCountReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code min-gpus MODEL [GPU ...]}. */
@Command(
        name = "min-gpus",
        description = {
            "The fewest devices of each kind on which a model fits for sure, machines being filled one after the other.",
            "Exit code 0: some kind can hold it, 1: none."
        },
        mixinStandardHelpOptions = true)
final class MinGpusCommand extends PlannerCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "GPU",
            description = "Accelerators; by default those for datacenters that the catalogue has.")
    private List<String> accelerators = List.of();

    @Option(names = "--per-node", paramLabel = "COUNT", description = "Devices of a machine at most. Default: 8.")
    private int perNode = 8;

    @Option(names = "--nodes", paramLabel = "COUNT", description = "Machines at most. Default: 8.")
    private int nodes = 8;

    @Mixin
    private Question question = new Question();

    @Override
    int answer(Catalog opened) throws IOException {
        Model wanted = question.anywhere(model, err()).model(opened);
        DeviceSearch search = new DeviceSearch(cluster -> question.builder(wanted, cluster));
        List<Accelerator> kinds = accelerators.isEmpty()
                ? opened.accelerators().stream()
                        .filter(kind -> kind.category().equals("datacenter"))
                        .toList()
                : accelerators.stream().map(opened::accelerator).distinct().toList();
        Map<Accelerator, Optional<Deployment>> found = new LinkedHashMap<>();
        Refusals<Accelerator> refused = new Refusals<>();
        try (SearchProgress progress = SearchProgress.of("accelerators", kinds.size(), err())) {
            for (Accelerator kind : kinds) {
                refused.of(kind, () -> found.put(kind, search.fewest(kind, perNode, nodes)));
                progress.step();
            }
        }
        refused.throwIfAll(kinds.size());
        DeviceCountReport report = new DeviceCountReport(wanted, found, refused.reasons(), perNode, nodes);
        print(report::text, report::json);
        return found.values().stream().anyMatch(Optional::isPresent) ? ExitCodes.FITS : ExitCodes.DOES_NOT_FIT;
    }
}
