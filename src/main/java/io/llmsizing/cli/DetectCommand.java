package io.llmsizing.cli;

import io.llmsizing.document.JsonWriter;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import io.llmsizing.inventory.InventoryFinding;
import io.llmsizing.inventory.InventoryReader;
import io.llmsizing.inventory.InventoryReading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code detect [FILE]}. */
@Command(
        name = "detect",
        description = "The devices of this machine by nvidia-smi, or of an inventory, as a cluster to be sized for.",
        mixinStandardHelpOptions = true)
final class DetectCommand implements Callable<Integer> {
    private static final List<String> NVIDIA_SMI =
            List.of("nvidia-smi", "--query-gpu=index,name,memory.total,memory.free,mig.mode.current", "--format=csv");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "An inventory, in a form that --inventory of fits reads.")
    private @Nullable Path file;

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        InventoryReading reading = file == null
                ? InventoryOption.said(
                        InventoryReader.read(new ByteArrayInputStream(printed()), NVIDIA_SMI.get(0), catalog.open()),
                        NVIDIA_SMI.get(0),
                        err)
                : InventoryOption.read(file, catalog.open(), err);
        if (!json
                && reading.inventory().nodes().stream()
                        .anyMatch(node -> node.hostMemory().bytes() > 0)) {
            err.println(
                    "sizing: a cluster as text does not hold the memory of the machines' processors; give the file to"
                            + " --inventory, or --host-memory, where it matters");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                json
                        ? JsonWriter.indented(answer(reading)) + "\n"
                        : reading.inventory().cluster() + "\n");
        return ExitCodes.FITS;
    }

    private static byte[] printed() throws IOException {
        try {
            return PrintedOutput.of(NVIDIA_SMI, LONGEST_WAIT);
        } catch (IOException notThere) {
            throw new IllegalArgumentException(
                    "nvidia-smi can't be run here; write the cluster, or give a FILE with what another tool printed",
                    notThere);
        }
    }

    private static Map<String, Object> answer(InventoryReading reading) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("cluster", reading.inventory().cluster().toString());
        answer.put("devices", rows(reading.inventory()));
        answer.put(
                "findings", reading.findings().stream().map(DetectCommand::row).toList());
        return answer;
    }

    private static Map<String, Object> row(InventoryFinding finding) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("place", finding.place());
        row.put("problem", finding.problem());
        row.put("assumed", finding.assumed());
        return row;
    }

    private static List<Map<String, Object>> rows(Inventory inventory) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Node node : inventory.nodes()) {
            for (Node.Devices devices : node.devices()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("node", node.name());
                row.put("accelerator", devices.accelerator().id());
                row.put("count", devices.count());
                row.put(
                        "memory_driver_bytes",
                        devices.accelerator().memory().driver().bytes());
                row.put(
                        "memory_usable_bytes",
                        devices.accelerator().memory().usable().bytes());
                ListingCommand.putKnown(
                        row, "host_memory_bytes", node.hostMemory().bytes());
                rows.add(row);
            }
        }
        return rows;
    }
}
