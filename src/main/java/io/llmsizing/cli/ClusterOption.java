package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a model is to run: a cluster in writing, an inventory, or the devices of a JSON line. */
final class ClusterOption {
    private @Nullable String accelerator;
    private int count = 1;
    private int nodes = 1;
    private @Nullable String cluster;

    @Option(
            names = "--usable-memory",
            paramLabel = "SIZE",
            description = "What the driver reports per device, such as '79.19 GiB', instead of the catalogue's figure.")
    private @Nullable String usableMemory;

    @Option(
            names = "--inventory",
            paramLabel = "FILE",
            description = {
                "The cluster as tools print it: nvidia-smi (CSV, -L, -q -x), rocm-smi or amd-smi --json, kubectl get nodes",
                "-o json, scontrol show node, or a table by hand."
            })
    private @Nullable Path inventory;

    /** The keys of a JSON line. */
    static ClusterOption of(JsonObject line) {
        ClusterOption option = new ClusterOption();
        option.accelerator = line.text("accelerator").orElse(null);
        option.count = (int) line.whole("count", 1, 1 << 10, 1);
        option.nodes = (int) line.whole("nodes", 1, 1 << 16, 1);
        if (line.has("usable_memory_bytes")) {
            option.usableMemory = ByteSize.ofBytes(line.whole("usable_memory_bytes", 1, 1L << 50))
                    .toString();
        }
        return option;
    }

    /** The cluster as it stands on the command line, if it does. */
    void written(@Nullable String words) {
        cluster = words;
    }

    /** Refuses what is said of one cluster, where many are tried. */
    void refuseOfOne() {
        if (inventory != null || usableMemory != null) {
            throw new IllegalArgumentException(
                    "--inventory and --usable-memory say something of one cluster, and many are tried; leave them out");
        }
    }

    boolean readsInventory() {
        return inventory != null;
    }

    boolean isNamed() {
        return accelerator != null || cluster != null;
    }

    /**
     * The cluster.
     *
     * @param catalog of devices and machines
     * @param complaints where findings of an inventory go
     * @param engineNote what is to be said of the engine of a device that a JSON line names
     */
    Cluster cluster(
            Catalog catalog, @Nullable PrintWriter complaints, Function<Accelerator, Optional<String>> engineNote)
            throws IOException {
        Optional<ByteSize> usable = Optional.ofNullable(usableMemory).map(ByteSize::parse);
        Cluster found;
        if (accelerator != null) {
            String named = accelerator;
            Accelerator meant = usable.map(memory -> catalog.accelerator(named, memory))
                    .orElseGet(() -> catalog.accelerator(named));
            found = new Cluster(
                    Cluster.of(meant, count, nodes).groups(),
                    Stream.of(
                                    catalog.choice(named, meant),
                                    new Node.Devices(meant, count, List.of()).productNote(),
                                    engineNote.apply(meant))
                            .flatMap(Optional::stream)
                            .toList());
        } else if (cluster != null && inventory == null) {
            found = Cluster.parse(cluster, catalog);
        } else if (cluster == null && inventory != null) {
            found = InventoryOption.read(inventory, catalog, Objects.requireNonNull(complaints))
                    .inventory()
                    .cluster();
        } else {
            throw new IllegalArgumentException(
                    cluster == null
                            ? "no cluster: write one, such as 8xH200, or give --inventory FILE"
                            : "both a cluster and --inventory: leave one out");
        }
        return usable.map(found::withUsable).orElse(found);
    }
}
