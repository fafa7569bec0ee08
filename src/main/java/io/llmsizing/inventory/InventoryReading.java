package io.llmsizing.inventory;

import com.google.common.collect.ImmutableList;
import io.llmsizing.hardware.Inventory;
import java.util.List;

/**
 * What was read of an inventory.
 *
 * @param inventory the machines with devices that can be used; none if all were left out
 * @param findings all that was left out or changed, at most 1,001
 */
public record InventoryReading(Inventory inventory, List<InventoryFinding> findings) {
    /**
     * Copies the findings.
     *
     * @param inventory as documented above
     * @param findings as documented above
     */
    public InventoryReading {
        findings = ImmutableList.copyOf(findings);
    }
}
