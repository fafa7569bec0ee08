package io.llmsizing.report;

import io.llmsizing.ledger.LineItem;
import java.util.Optional;

/**
 * The same line of two explanations, or one that stands on one side alone.
 *
 * @param section the section that it is in
 * @param name its title, with what stands above it where it is not directly in the section
 * @param left on the first side
 * @param right on the second side
 */
public record ComparedLine(String section, String name, Optional<LineItem> left, Optional<LineItem> right) {
    /**
     * By how much the second side is larger.
     *
     * @return bytes, negative where it is smaller; a line that is not there counts as 0
     */
    public long difference() {
        return bytes(right) - bytes(left);
    }

    /**
     * Whether one side has no such line.
     *
     * @return whether
     */
    public boolean isOneSided() {
        return left.isEmpty() || right.isEmpty();
    }

    private static long bytes(Optional<LineItem> line) {
        return line.map(LineItem::bytes).orElse(0L);
    }
}
