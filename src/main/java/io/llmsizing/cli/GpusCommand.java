package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.SizeUnits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gpus [TEXT]}. */
@Command(name = "gpus", description = "The accelerators of the catalogue.", mixinStandardHelpOptions = true)
final class GpusCommand extends ListingCommand<Accelerator> {
    @Option(names = "--sources", description = "Say where the figures come from.")
    private boolean sources;

    @Override
    List<Accelerator> all(Catalog catalog) {
        return catalog.accelerators();
    }

    @Override
    Stream<String> names(Accelerator accelerator, Catalog catalog) {
        return Stream.concat(Stream.of(accelerator.id(), accelerator.name()), accelerator.aliases().stream());
    }

    @Override
    String heading() {
        return String.format(
                Locale.ROOT, "%-46s %8s %12s %14s  %s\n", "ACCELERATOR", "SOLD AS", "USABLE", "BANDWIDTH", "FORMATS");
    }

    @Override
    String line(Accelerator accelerator) {
        String figures = String.format(
                Locale.ROOT,
                "%-46s %8s %12s %14s  %s\n",
                accelerator.name(),
                accelerator.memory().marketing(),
                accelerator.memory().usable().toDisplay(SizeUnits.GIB),
                accelerator.memory().bandwidth().toDisplay(),
                String.join(" ", accelerator.compute().nativeFormats()));
        return sources
                ? figures
                        + String.format(
                                Locale.ROOT,
                                "    usable memory %s\n    %s (%s)\n",
                                accelerator.memory().evidence(),
                                accelerator.source(),
                                accelerator.retrieved())
                : figures;
    }

    @Override
    Map<String, Object> row(Accelerator accelerator, Catalog catalog) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", accelerator.id());
        row.put("name", accelerator.name());
        row.put("aliases", accelerator.aliases());
        row.put("memory_marketing", accelerator.memory().marketing());
        row.put("memory_driver_bytes", accelerator.memory().driver().bytes());
        row.put("memory_usable_bytes", accelerator.memory().usable().bytes());
        row.put("usable_evidence", accelerator.memory().evidence());
        row.put("bandwidth_bytes_per_second", accelerator.memory().bandwidth().bytesPerSecond());
        row.put("native_formats", List.copyOf(accelerator.compute().nativeFormats()));
        row.put("link", accelerator.link().name());
        row.put("link_bytes_per_second", accelerator.link().perDirection().bytesPerSecond());
        row.put("engine", accelerator.engine());
        row.put("source", accelerator.source());
        row.put("retrieved", accelerator.retrieved());
        return row;
    }
}
