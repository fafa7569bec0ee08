package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.inventory.InventoryReader;
import io.llmsizing.inventory.InventoryReading;
import java.io.PrintWriter;
import java.nio.file.Path;

/** An inventory as a file, or as standard input for {@code -}, with what was found in it said to the side. */
final class InventoryOption {
    private static final Path STANDARD_INPUT = Path.of("-");

    private InventoryOption() {}

    static InventoryReading read(Path file, Catalog catalog, PrintWriter err) {
        return file.equals(STANDARD_INPUT)
                ? said(InventoryReader.read(System.in, "standard input", catalog), "standard input", err)
                : said(InventoryReader.read(file, catalog), file.toString(), err);
    }

    /**
     * What was read, after what was found has been said.
     *
     * @throws MalformedFileException if nothing can be used
     */
    static InventoryReading said(InventoryReading reading, String source, PrintWriter err) {
        reading.findings().forEach(finding -> err.println("sizing: " + finding));
        if (reading.inventory().nodes().isEmpty()) {
            throw new MalformedFileException(
                    source,
                    "machines",
                    "none has devices that can be used, for the reasons above; write the cluster, such as 8xH200");
        }
        return reading;
    }
}
