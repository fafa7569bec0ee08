package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
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

/** {@code nodes [TEXT]}. */
@Command(name = "nodes", description = "The types of machines of the catalogue.", mixinStandardHelpOptions = true)
final class NodesCommand extends ListingCommand<NodeType> {
    @Option(
            names = "--sources",
            description = "Say figure by figure what each source says. A whole name lists that type alone.")
    private boolean sources;

    @Override
    List<NodeType> all(Catalog catalog) {
        return catalog.nodeTypes();
    }

    @Override
    Stream<String> names(NodeType type, Catalog catalog) {
        return Stream.of(
                        Stream.of(type.id(), type.node().name(), type.provider()),
                        type.aliases().stream(),
                        Stream.of(devices(type).accelerator().name()))
                .flatMap(names -> names);
    }

    @Override
    Optional<NodeType> meant(String name, Catalog catalog) {
        if (!sources) {
            return Optional.empty();
        }
        try {
            return Optional.of(catalog.nodeType(name));
        } catch (UnknownNameException noneOrSeveral) {
            return Optional.empty();
        }
    }

    private static Node.Devices devices(NodeType type) {
        return type.node().devices().get(0);
    }

    @Override
    NodeType known(String name, Catalog catalog) {
        return catalog.nodeType(name);
    }

    @Override
    String heading() {
        return sources
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%-28s %-12s %-44s %-16s %12s %10s\n",
                        "MACHINE",
                        "PROVIDER",
                        "DEVICES",
                        "LINK",
                        "HOST MEMORY",
                        "USD/HOUR");
    }

    @Override
    String line(NodeType type, Catalog catalog) {
        if (sources) {
            return HardwareReport.of(type, catalog.readings(type.id()));
        }
        Node node = type.node();
        return String.format(
                Locale.ROOT,
                "%-28s %-12s %-44s %-16s %12s %10s\n",
                node.name(),
                type.provider(),
                node,
                devices(type).accelerator().link().name(),
                node.hostMemory().bytes() == 0 ? "unknown" : node.hostMemory().toDisplay(SizeUnits.GIB),
                type.price()
                        .map(price -> price.dollarsPerHour().toPlainString())
                        .orElse("unknown"));
    }

    @Override
    Map<String, Object> row(NodeType type, Catalog catalog) {
        Node node = type.node();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", type.id());
        row.put("name", node.name());
        row.put("aliases", type.aliases());
        row.put("provider", type.provider());
        row.put("kind", type.kind());
        row.put("status", type.status());
        row.put("accelerator", devices(type).accelerator().id());
        row.put("count", devices(type).count());
        row.put("link", devices(type).accelerator().link().name());
        putKnown(
                row,
                "link_bytes_per_second",
                devices(type).accelerator().link().perDirection().bytesPerSecond());
        row.put("link_domain", devices(type).accelerator().link().domain());
        row.put("network", node.network().name());
        putKnown(row, "network_bytes_per_second", node.network().perDirection().bytesPerSecond());
        putKnown(row, "host_memory_bytes", node.hostMemory().bytes());
        putKnown(row, "vcpus", type.processors());
        type.price().ifPresent(price -> {
            row.put("price_usd_per_hour", price.dollarsPerHour().toPlainString());
            row.put("price_basis", price.basis());
            row.put("price_date", price.date());
        });
        row.put("source", type.source());
        row.put("retrieved", type.retrieved());
        if (sources) {
            row.put("readings", HardwareReport.json(catalog.readings(type.id())));
        }
        return row;
    }
}
