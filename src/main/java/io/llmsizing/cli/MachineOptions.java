package io.llmsizing.cli;

import com.google.common.base.CharMatcher;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Machines that a plan may take. */
final class MachineOptions {
    private static final CharMatcher IGNORED = CharMatcher.whitespace().or(CharMatcher.anyOf("_-"));

    private static final int USUAL_NODES = 8;

    @Option(
            names = "--on",
            paramLabel = "FILTER",
            description = {
                "Instead of a cluster: machines with 1, 2, 4 and 8 devices of each accelerator of the catalogue whose id, name,",
                "alias or architecture contains this."
            })
    private @Nullable String filter;

    @Option(names = "--nodes", paramLabel = "COUNT", description = "Machines of a kind at most, with --on. Default: 8.")
    private @Nullable Integer nodes;

    @Option(names = "--inventory", paramLabel = "FILE", description = "The cluster as tools print it, as for fits.")
    private @Nullable Path inventory;

    /** The offers, of which each is planned on by itself. */
    List<Cluster> offers(@Nullable String cluster, Catalog catalog, PrintWriter err) {
        if (Stream.of(cluster, filter, inventory).filter(given -> given != null).count() != 1) {
            throw new IllegalArgumentException(
                    "machines to plan on are given by one of: a cluster such as 2x8xH100, --on FILTER, --inventory FILE");
        }
        if (nodes != null && filter == null) {
            throw new IllegalArgumentException("--nodes " + nodes
                    + " counts the machines of --on; of a cluster or an inventory write how many, such as 3x8xH100");
        }
        if (cluster != null) {
            return List.of(Cluster.parse(cluster, catalog));
        }
        if (inventory != null) {
            return List.of(
                    InventoryOption.read(inventory, catalog, err).inventory().cluster());
        }
        String text = spelling(String.valueOf(filter));
        List<Accelerator> meant = catalog.accelerators().stream()
                .filter(accelerator ->
                        names(accelerator).anyMatch(name -> spelling(name).contains(text)))
                .toList();
        if (meant.isEmpty()) {
            meant = List.of(catalog.accelerator(String.valueOf(filter)));
        }
        return meant.stream()
                .flatMap(accelerator -> IntStream.of(1, 2, 4, 8)
                        .mapToObj(devices -> Cluster.of(accelerator, devices, nodes == null ? USUAL_NODES : nodes)))
                .toList();
    }

    private static Stream<String> names(Accelerator accelerator) {
        return Stream.concat(
                Stream.of(accelerator.id(), accelerator.name(), accelerator.architecture()),
                accelerator.aliases().stream());
    }

    private static String spelling(String name) {
        return IGNORED.removeFrom(name.toLowerCase(Locale.ROOT));
    }
}
