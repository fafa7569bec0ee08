package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.inventory.InventoryReader;
import io.llmsizing.inventory.InventoryReading;
import java.io.PrintWriter;
import java.nio.file.Path;

/** An inventory as a file, with what could not be used of it said to the side. */
final class InventoryOption {
    private InventoryOption() {}

    static Inventory read(Path file, Catalog catalog, PrintWriter err) {
        return said(InventoryReader.read(file, catalog), err);
    }

    static Inventory said(InventoryReading reading, PrintWriter err) {
        reading.findings().forEach(finding -> err.println("sizing: " + finding));
        return reading.inventory();
    }
}
