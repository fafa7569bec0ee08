package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.Partition;
import io.llmsizing.report.HardwareReport;
import io.llmsizing.units.SizeUnits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gpus [TEXT]}. */
@Command(name = "gpus", description = "The accelerators of the catalogue.", mixinStandardHelpOptions = true)
final class GpusCommand extends ListingCommand<Accelerator> {
    @Option(
            names = "--sources",
            description = "Say figure by figure what each source says. A whole name lists that device alone.")
    private boolean sources;

    @Override
    List<Accelerator> all(Catalog catalog) {
        return catalog.accelerators();
    }

    @Override
    Stream<String> names(Accelerator accelerator, Catalog catalog) {
        return Stream.of(
                        Stream.of(accelerator.id(), accelerator.name()),
                        accelerator.aliases().stream(),
                        accelerator.driverNames().stream())
                .flatMap(names -> names);
    }

    @Override
    Optional<Accelerator> meant(String name, Catalog catalog) {
        if (!sources) {
            return Optional.empty();
        }
        try {
            return Optional.of(catalog.accelerator(name));
        } catch (UnknownNameException noneOrSeveral) {
            return Optional.empty();
        }
    }

    @Override
    Accelerator known(String name, Catalog catalog) {
        return catalog.accelerator(name);
    }

    @Override
    String heading() {
        return sources
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%-46s %8s %12s %14s  %s\n",
                        "ACCELERATOR",
                        "SOLD AS",
                        "USABLE",
                        "BANDWIDTH",
                        "FORMATS");
    }

    @Override
    String line(Accelerator accelerator, Catalog catalog) {
        DeviceMemory memory = accelerator.memory();
        return sources
                ? HardwareReport.of(accelerator, catalog.readings(accelerator.id()))
                : String.format(
                        Locale.ROOT,
                        "%-46s %8s %12s %14s  %s\n",
                        accelerator.name(),
                        memory.marketing(),
                        memory.usable().toDisplay(SizeUnits.GIB),
                        memory.bandwidth().bytesPerSecond() == 0
                                ? "unknown"
                                : memory.bandwidth().toDisplay(),
                        String.join(" ", accelerator.compute().nativeFormats()));
    }

    @Override
    Map<String, Object> row(Accelerator accelerator, Catalog catalog) {
        DeviceMemory memory = accelerator.memory();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", accelerator.id());
        row.put("name", accelerator.name());
        row.put("aliases", accelerator.aliases());
        row.put("driver_names", accelerator.driverNames());
        row.put("vendor", accelerator.vendor());
        row.put("architecture", accelerator.architecture());
        row.put("category", accelerator.category());
        row.put("status", accelerator.product().status());
        row.put("memory_marketing", memory.marketing());
        row.put("memory_kind", memory.kind());
        row.put("memory_unified", memory.unified());
        row.put("memory_driver_bytes", memory.driver().bytes());
        row.put("memory_usable_bytes", memory.usable().bytes());
        row.put("memory_usable_low_bytes", memory.usableLow().bytes());
        row.put("memory_usable_high_bytes", memory.usableHigh().bytes());
        row.put("usable_evidence", memory.evidence());
        putKnown(row, "bandwidth_bytes_per_second", memory.bandwidth().bytesPerSecond());
        row.put("native_formats", List.copyOf(accelerator.compute().nativeFormats()));
        Map<String, Object> rates = new LinkedHashMap<>();
        accelerator.compute().dense().forEach((format, rate) -> rates.put(format, rate.operationsPerSecond()));
        row.put("dense_operations_per_second", rates);
        row.put("link", accelerator.link().name());
        putKnown(row, "link_bytes_per_second", accelerator.link().perDirection().bytesPerSecond());
        row.put("link_domain", accelerator.link().domain());
        row.put("host_link", accelerator.host().name());
        putKnown(
                row,
                "host_link_bytes_per_second",
                accelerator.host().perDirection().bytesPerSecond());
        putKnown(row, "power_watts", accelerator.product().watts());
        row.put("form_factor", accelerator.product().formFactor());
        row.put("compute_target", accelerator.product().computeTarget());
        row.put("launch", accelerator.product().launch());
        row.put("export", accelerator.product().exportNotes());
        row.put("engine", accelerator.engine());
        row.put(
                "mig_profiles",
                catalog.partitions(accelerator).stream()
                        .map(Partition::profile)
                        .sorted()
                        .toList());
        row.put("source", accelerator.source());
        row.put("retrieved", accelerator.retrieved());
        if (sources) {
            row.put("readings", HardwareReport.json(catalog.readings(accelerator.id())));
        }
        return row;
    }
}
