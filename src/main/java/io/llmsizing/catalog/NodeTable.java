package io.llmsizing.catalog;

import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import io.llmsizing.units.ByteSize;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code nodes.csv}; the README beside it says what each column means. */
final class NodeTable {
    static final List<String> COLUMNS = List.of(
            "id",
            "name",
            "aliases",
            "provider",
            "kind",
            "accelerator",
            "count",
            "link",
            "link_bytes_per_second",
            "link_domain",
            "network",
            "network_bytes_per_second",
            "host_memory_bytes",
            "vcpus",
            "price_usd_per_hour",
            "price_basis",
            "price_date",
            "status",
            "source",
            "retrieved");

    private static final long LARGEST_HOST = 1L << 50;

    private NodeTable() {}

    /**
     * The types of one file.
     *
     * @param accelerators by id
     */
    static Map<String, NodeType> read(InputStream bytes, String file, Map<String, Accelerator> accelerators) {
        Map<String, NodeType> types = new LinkedHashMap<>();
        for (CsvTable.Row row : CsvTable.read(bytes, file, COLUMNS).rows()) {
            NodeType type = type(row, accelerators);
            if (types.put(type.id(), type) != null) {
                throw row.problem("id", "\"" + type.id() + "\" stands twice");
            }
        }
        return types;
    }

    private static NodeType type(CsvTable.Row row, Map<String, Accelerator> accelerators) {
        return new NodeType(
                row.required("id"),
                row.list("aliases", ';'),
                row.required("provider"),
                row.required("kind"),
                node(row, accelerators),
                (int) CatalogColumns.wholeOrUnknown(row, "vcpus", 1 << 20),
                price(row),
                row.required("status"),
                row.required("source"),
                CatalogColumns.date(row, "retrieved"));
    }

    private static Node node(CsvTable.Row row, Map<String, Accelerator> accelerators) {
        Accelerator accelerator = accelerators.get(row.required("accelerator"));
        if (accelerator == null) {
            throw row.problem(
                    "accelerator",
                    "\"" + row.text("accelerator") + "\" is no id of accelerators.csv; add the device there first");
        }
        Accelerator linked = row.text("link").isEmpty()
                ? accelerator
                : accelerator.withLink(
                        new Interconnect(row.text("link"), CatalogColumns.bandwidth(row, "link_bytes_per_second"), (int)
                                row.whole("link_domain", 1, 1 << 20)));
        Interconnect network = row.text("network").isEmpty()
                ? Interconnect.UNKNOWN
                : new Interconnect(row.text("network"), CatalogColumns.bandwidth(row, "network_bytes_per_second"), 1);
        return new Node(
                row.required("name"),
                List.of(new Node.Devices(linked, (int) row.whole("count", 1, 1 << 10), List.of())),
                network,
                ByteSize.ofBytes(CatalogColumns.wholeOrUnknown(row, "host_memory_bytes", LARGEST_HOST)));
    }

    private static Optional<Price> price(CsvTable.Row row) {
        String written = row.text("price_usd_per_hour");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (!written.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw row.problem("price_usd_per_hour", "\"" + written + "\"; expected US dollars such as 63.296");
        }
        return Optional.of(new Price(
                new BigDecimal(written), row.required("price_basis"), CatalogColumns.date(row, "price_date")));
    }
}
