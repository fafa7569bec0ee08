package io.llmsizing.cli;

import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.planner.NodePrices;
import io.llmsizing.planner.Planner;
import io.llmsizing.planner.Plans;
import io.llmsizing.report.PlanReport;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plan MODEL [CLUSTER]}. */
@Command(
        name = "plan",
        description = {
            "How to serve a model: layouts, formats and engines on some machines, all sized, the best first.",
            "Exit code 0: something fits, 1: nothing does, 3: nothing for sure."
        },
        mixinStandardHelpOptions = true)
final class PlanCommand extends PlannerCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CLUSTER",
            description = "As for fits; all of its machines or some of them. Left out with --on or --inventory.")
    private @Nullable String cluster;

    @Mixin
    private PlanOptions options = new PlanOptions();

    @Mixin
    private MachineOptions machines = new MachineOptions();

    @Option(names = "--top", paramLabel = "COUNT", description = "Plans that are shown at most. Default: 10.")
    private int top = 10;

    @Option(
            names = "--why-not",
            paramLabel = "LAYOUT",
            description = "Say why a layout such as tp6 or 'tp8 pp2 ep' is not among the plans.")
    private @Nullable String whyNot;

    @Override
    int answer(Catalog opened) throws IOException {
        Optional<ParallelLayout> doubted = Optional.ofNullable(whyNot).map(LayoutName::parse);
        Planner planner = options.planner(model, opened, err());
        NodePrices prices = NodePrices.of(opened.nodeTypes());
        planner.prices(prices);
        for (Cluster offer : machines.offers(cluster, opened, err())) {
            planner.on(offer);
        }
        Plans plans;
        try (SearchProgress progress = SearchProgress.of("offers", planner.steps(), err())) {
            plans = planner.plans(done -> progress.step());
        }
        PlanReport report = new PlanReport(plans, prices, options.objectiveName(), TopCount.checked(top), doubted);
        print(report::text, report::json);
        return plans.best().isEmpty() ? ExitCodes.of(Sizing.size(plans.nearest().orElseThrow())) : ExitCodes.FITS;
    }
}
