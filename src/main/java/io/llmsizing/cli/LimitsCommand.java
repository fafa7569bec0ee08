package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.planner.DeviceSearch;
import io.llmsizing.planner.Limits;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.report.LimitsReport;
import io.llmsizing.units.Exact;
import io.llmsizing.workload.Workload;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code limits MODEL CLUSTER}. */
@Command(
        name = "limits",
        description = {
            "How far each number goes while the others are kept: context, sequences, share of the device, bits of a weight, and",
            "the smallest card of the catalogue of which as many are enough. The exit code is that of fits."
        },
        mixinStandardHelpOptions = true)
final class LimitsCommand extends PlannerCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "CLUSTER", description = "As for fits.")
    private @Nullable String cluster;

    @Mixin
    private Question question = new Question();

    @Override
    int answer(Catalog opened) throws IOException {
        DeploymentBuilder builder = question.about(model, cluster, err()).builder(opened);
        Deployment asked = builder.build();
        Workload workload = asked.workload();
        Cluster machines = asked.cluster();
        int perNode = machines.widestNode();
        int nodes = (int) Exact.ceilDiv(machines.devices(), perNode);
        DeviceSearch search = new DeviceSearch(
                on -> Deployment.builder(asked.model(), on).settingsOf(asked).layout(asked.layout()));
        LimitsReport report = new LimitsReport(
                asked,
                Limits.longestContext(builder, workload),
                Limits.mostSequences(builder, workload),
                Limits.smallestFraction(asked),
                Limits.mostBitsPerWeight(asked),
                Limits.largestWeights(
                        asked,
                        WeightSchemes.names().stream()
                                .map(asked.model()::weightsNamed)
                                .toList()),
                search.smallest(cards(opened, machines), perNode, nodes));
        print(report::text, report::json);
        return ExitCodes.of(Sizing.size(asked));
    }

    /** Phones do not work together, nor are devices that use a machine's own memory several in one. */
    private static List<Accelerator> cards(Catalog catalog, Cluster machines) {
        return catalog.accelerators().stream()
                .filter(card -> machines.devices() == 1
                        || (!card.category().equals("phone")
                                && !(machines.widestNode() > 1 && card.memory().unified())))
                .toList();
    }
}
