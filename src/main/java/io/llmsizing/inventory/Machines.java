package io.llmsizing.inventory;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import java.util.ArrayList;
import java.util.List;

/** The machines read so far. */
final class Machines {
    private static final int MOST_NODES = 1 << 16;

    private final Findings findings;
    private final List<Node> nodes = new ArrayList<>();

    Machines(Findings findings) {
        this.findings = findings;
    }

    /** Takes a machine if it has devices. */
    void add(Machine machine, String place) {
        machine.node().ifPresent(node -> add(node, place));
    }

    /** Whether there was room for it. */
    @CanIgnoreReturnValue
    boolean add(Node node, String place) {
        if (nodes.size() >= MOST_NODES) {
            findings.add(place, "more than 65,536 machines; those beyond are left out");
            return false;
        }
        return nodes.add(node);
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    InventoryReading reading() {
        List<InventoryFinding> found = findings.list();
        List<String> choices = found.stream()
                .filter(InventoryFinding::assumed)
                .map(InventoryFinding::toString)
                .toList();
        return new InventoryReading(new Inventory(nodes, choices), found);
    }
}
