package io.llmsizing.inventory;

import com.google.common.base.Splitter;
import io.llmsizing.document.CsvTable;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a table by hand. Rows with the same node stand for unlike devices in one machine. */
final class OwnTable {
    static final List<String> COLUMNS =
            List.of("node", "accelerator", "count", "nodes", "memory_total", "memory_free", "host_memory");

    private static final Splitter COMMAS = Splitter.on(',').trimResults();
    private static final int HEADER_LIMIT = 1 << 10;

    /** Machines that are alike. */
    private record Alike(Machine machine, long nodes, String place) {}

    private final List<String> columns;
    private final Recognition recognition;
    private final Findings findings;
    private final Map<String, Alike> machines = new LinkedHashMap<>();

    private OwnTable(List<String> columns, Recognition recognition, Findings findings) {
        this.columns = columns;
        this.recognition = recognition;
        this.findings = findings;
    }

    /** Whether a line holds an accelerator's column. Other columns than ours are refused when it is read. */
    static boolean isHeader(String line) {
        List<String> fields = fields(line);
        return line.length() < HEADER_LIMIT && fields.contains("accelerator");
    }

    private static List<String> fields(String line) {
        return COMMAS.splitToList(line.strip().toLowerCase(Locale.ROOT));
    }

    static void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings)
            throws IOException {
        bytes.mark(InventoryForm.HEAD);
        byte[] start = bytes.readNBytes(HEADER_LIMIT);
        bytes.reset();
        String head = TextLines.decoded(start);
        List<String> columns = fields(head.stripLeading().lines().findFirst().orElse(""));
        Set<String> distinct = new HashSet<>(columns);
        if (!COLUMNS.containsAll(columns) || distinct.size() < columns.size()) {
            throw new MalformedFileException(
                    findings.file(), "line 1", "columns " + columns + "; known are " + COLUMNS + ", each once");
        }
        OwnTable table = new OwnTable(columns, recognition, findings);
        CsvTable.read(
                        inUtf8(bytes, start, findings.file()),
                        findings.file(),
                        columns,
                        refused -> findings.add(refused, "; left out"))
                .rows()
                .forEach(table::take);
        table.machines.values().forEach(alike -> table.tell(alike, machines));
    }

    private static InputStream inUtf8(InputStream bytes, byte[] start, String file) throws IOException {
        return InventoryForm.charset(start).equals(StandardCharsets.UTF_8)
                ? bytes
                : new ByteArrayInputStream(TextLines.text(bytes, file).getBytes(StandardCharsets.UTF_8));
    }

    private void take(CsvTable.Row row) {
        try {
            int count = (int) number(row, "count", 1 << 10);
            long nodes = number(row, "nodes", 1 << 16);
            ByteSize host = size(row, "host_memory").orElse(ByteSize.ZERO);
            Sighting seen = Sighting.of("line " + row.line(), row.required("accelerator"), count)
                    .withMemory(size(row, "memory_total"), size(row, "memory_free"));
            Alike alike = alike(row, nodes, host);
            recognition.devices(seen).ifPresent(devices -> {
                alike.machine().add(devices, seen.place(), findings);
                tellParts(devices, seen);
            });
        } catch (MalformedFileException malformed) {
            findings.add(malformed, "; left out");
        }
    }

    /** Where people may count products, and programs see several devices in each. */
    private void tellParts(Node.Devices devices, Sighting seen) {
        if (!devices.accelerator().name().equalsIgnoreCase(seen.name())) {
            devices.productNote().ifPresent(note -> findings.assume(seen.place(), note));
        }
    }

    private Alike alike(CsvTable.Row row, long nodes, ByteSize host) {
        String name = text(row, "node");
        String key = name.isEmpty() ? "\n" + row.line() : name;
        Alike alike = machines.get(key);
        if (alike == null) {
            alike = new Alike(new Machine(name), nodes, "line " + row.line());
            machines.put(key, alike);
        } else if (alike.nodes() != nodes) {
            throw row.problem(
                    "nodes",
                    nodes + " of '" + Findings.shown(name) + "', but " + alike.nodes() + " in " + alike.place());
        }
        if (host.bytes() > 0) {
            ByteSize before = alike.machine().hostMemory();
            if (before.bytes() > 0 && !before.equals(host)) {
                throw row.problem(
                        "host_memory",
                        host.toDisplay() + " of '" + Findings.shown(name) + "', but " + before.toDisplay()
                                + " in another row of it");
            }
            alike.machine().hostMemory(host);
        }
        return alike;
    }

    private void tell(Alike alike, Machines all) {
        String name = alike.machine().name();
        for (long i = 1; i <= alike.nodes(); i++) {
            Optional<Node> node = alike.machine().node(name.isEmpty() || alike.nodes() == 1 ? name : name + "-" + i);
            if (node.isEmpty() || !all.add(node.get(), alike.place())) {
                return;
            }
        }
    }

    private String text(CsvTable.Row row, String column) {
        return columns.contains(column) ? row.text(column) : "";
    }

    private long number(CsvTable.Row row, String column, long most) {
        return text(row, column).isEmpty() ? 1 : row.whole(column, 1, most);
    }

    private Optional<ByteSize> size(CsvTable.Row row, String column) {
        String text = text(row, column);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(ByteSize.parse(text));
        } catch (IllegalArgumentException malformed) {
            throw row.problem(column, Findings.shown(String.valueOf(malformed.getMessage())));
        }
    }
}
