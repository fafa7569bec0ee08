package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.engine.Engines;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.report.TensorListing;
import io.llmsizing.report.TensorReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tensors MODEL}. */
@Command(
        name = "tensors",
        description = "All tensors of a model: shape, number, role, format, bytes, and what one rank holds.",
        mixinStandardHelpOptions = true)
final class TensorsCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = {
                "A catalogue name, the path of a config.json, of a checkpoint's folder or of its file,",
                "or org/name on the Hub, where the catalogue lacks it."
            })
    private String model = "";

    @Mixin
    private ModelOption named = new ModelOption();

    @Mixin
    private LayoutOption layout = new LayoutOption();

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Catalog opened = catalog.open();
        named.named(model, spec.commandLine().getErr());
        Model wanted = named.model(opened);
        WeightScheme weights = named.scheme(wanted);
        TensorListing listing = TensorListing.of(wanted, weights, layout.layout(wanted, weights, Engines.NONE));
        spec.commandLine()
                .getOut()
                .print(json ? JsonWriter.indented(TensorReport.json(listing)) + "\n" : TensorReport.text(listing));
        return ExitCodes.FITS;
    }
}
