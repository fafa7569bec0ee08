package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import io.llmsizing.planner.Fleet;
import io.llmsizing.planner.FleetPlan;
import io.llmsizing.planner.PriceList;
import io.llmsizing.report.FleetReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code place FILE}. */
@Command(
        name = "place",
        description = {
            "Which replicas of which models go on which of unlike machines, so that every one fits for sure.",
            "Exit code 0: all are placed, 1: it is proven that no placement exists, 3: none was found in the ways that were tried,",
            "or it is too close to call."
        },
        mixinStandardHelpOptions = true)
final class PlaceCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = {
                "JSON, or '-' for standard input: 'cluster' (as for fits) or 'inventory' (a path), and 'deployments', each with",
                "'name', 'replicas' and the keys of a line of batch that say a model and how it is served."
            })
    private String file = "-";

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Catalog opened = catalog.open();
        JsonObject read = file.equals("-")
                ? JsonReader.read(System.in, "standard input")
                : JsonReader.read(Files.newInputStream(Path.of(file)), file);
        Fleet fleet = PlaceFile.fleet(read, opened, spec.commandLine().getErr()).prices(prices(opened));
        FleetPlan plan;
        try (SearchProgress progress =
                SearchProgress.of("steps", fleet.steps(), spec.commandLine().getErr())) {
            plan = fleet.progress(progress::step).place();
        }
        spec.commandLine()
                .getOut()
                .print(json ? JsonWriter.indented(FleetReport.json(plan)) + "\n" : FleetReport.text(plan));
        return switch (plan.outcome()) {
            case PLACED -> ExitCodes.FITS;
            case IMPOSSIBLE -> ExitCodes.DOES_NOT_FIT;
            case NO_WAY_OF_THOSE_TRIED, TOO_CLOSE_TO_CALL, NOT_FOUND -> ExitCodes.TOO_CLOSE;
        };
    }

    /** Machines that are written as a type cost what it does; others are taken as there already. */
    private static PriceList prices(Catalog catalog) {
        return node -> catalog.nodeTypes().stream()
                .filter(type -> type.node().name().equals(node.name()))
                .findFirst()
                .flatMap(NodeType::price)
                .map(Price::dollarsPerHour);
    }
}
