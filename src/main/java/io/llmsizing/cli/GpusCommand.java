package io.llmsizing.cli;

import io.llmsizing.document.JsonWriter;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.SizeUnits;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gpus [TEXT]}. */
@Command(name = "gpus", description = "The accelerators of the catalogue.", mixinStandardHelpOptions = true)
final class GpusCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "Only those whose name or alias contains it.")
    private String text = "";

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--sources", description = "Say where the figures come from.")
    private boolean sources;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Accelerator> listed =
                catalog.open().accelerators().stream().filter(this::matches).collect(Collectors.toList());
        if (json) {
            out.println(
                    JsonWriter.indented(listed.stream().map(GpusCommand::row).collect(Collectors.toList())));
            return ExitCodes.FITS;
        }
        out.printf(
                Locale.ROOT, "%-46s %8s %12s %14s  %s\n", "ACCELERATOR", "SOLD AS", "USABLE", "BANDWIDTH", "FORMATS");
        for (Accelerator accelerator : listed) {
            out.printf(
                    Locale.ROOT,
                    "%-46s %8s %12s %14s  %s\n",
                    accelerator.name(),
                    accelerator.memory().marketing(),
                    accelerator.memory().usable().toDisplay(SizeUnits.GIB),
                    accelerator.memoryBandwidth().toDisplay(),
                    String.join(" ", accelerator.nativeFormats()));
            if (sources) {
                out.printf(
                        Locale.ROOT,
                        "    usable memory %s\n    %s (%s)\n",
                        accelerator.memory().evidence(),
                        accelerator.source(),
                        accelerator.retrieved());
            }
        }
        return ExitCodes.FITS;
    }

    private boolean matches(Accelerator accelerator) {
        return Stream.concat(Stream.of(accelerator.id(), accelerator.name()), accelerator.aliases().stream())
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }

    private static Map<String, Object> row(Accelerator accelerator) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", accelerator.id());
        row.put("name", accelerator.name());
        row.put("aliases", accelerator.aliases());
        row.put("memory_marketing", accelerator.memory().marketing());
        row.put("memory_driver_bytes", accelerator.memory().driver().bytes());
        row.put("memory_usable_bytes", accelerator.memory().usable().bytes());
        row.put("usable_evidence", accelerator.memory().evidence());
        row.put("bandwidth_bytes_per_second", accelerator.memoryBandwidth().bytesPerSecond());
        row.put("native_formats", List.copyOf(accelerator.nativeFormats()));
        row.put("link", accelerator.link().name());
        row.put("link_bytes_per_second", accelerator.link().perDirection().bytesPerSecond());
        row.put("engine", accelerator.engine());
        row.put("source", accelerator.source());
        row.put("retrieved", accelerator.retrieved());
        return row;
    }
}
