package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.inventory.InventoryReader;
import io.llmsizing.inventory.InventoryReading;
import java.io.PrintWriter;
import java.nio.file.Path;

/** An inventory as a file, with what could not be used of it said to the side. */
final class InventoryOption {
    private InventoryOption() {}

    static Inventory read(Path file, Catalog catalog, PrintWriter err) {
        return said(InventoryReader.read(file, catalog), file.toString(), err);
    }

    /**
     * The machines, after what was left out of them has been said.
     *
     * @throws MalformedFileException if all were left out
     */
    static Inventory said(InventoryReading reading, String source, PrintWriter err) {
        reading.findings().forEach(finding -> err.println("sizing: " + finding));
        if (reading.inventory().nodes().isEmpty()) {
            throw new MalformedFileException(
                    source,
                    "machines",
                    "none has devices that can be used, for the reasons above; write the cluster, such as 8xH200");
        }
        return reading.inventory();
    }
}
