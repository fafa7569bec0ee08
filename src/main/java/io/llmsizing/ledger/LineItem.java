package io.llmsizing.ledger;

import com.google.common.collect.ImmutableList;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Optional;

/**
 * One line of an explanation, with those below it. The bytes of a line with children are their sum.
 *
 * @param id the kind of line, dotted, such as {@code weights.tensor}; a section's own name
 * @param title of what, for people
 * @param bytes stated
 * @param low the smallest believable bytes; below 0 for a line that doubts what others say
 * @param high the largest believable bytes
 * @param formula operand names joined by {@code *}; empty for a section
 * @param operands the values, in the formula's order
 * @param certainty how sure
 * @param source where the formula comes from; empty for a section
 * @param children the lines below
 */
public record LineItem(
        String id,
        String title,
        long bytes,
        long low,
        long high,
        String formula,
        List<Operand> operands,
        Certainty certainty,
        String source,
        List<LineItem> children) {
    /**
     * A named value of a formula.
     *
     * @param name as in the formula
     * @param value exact
     */
    public record Operand(String name, Ratio value) {}

    /**
     * Copies the lists.
     *
     * @param id as documented above
     * @param title as documented above
     * @param bytes as documented above
     * @param low as documented above
     * @param high as documented above
     * @param formula as documented above
     * @param operands as documented above
     * @param certainty as documented above
     * @param source as documented above
     * @param children as documented above
     */
    public LineItem {
        operands = ImmutableList.copyOf(operands);
        children = ImmutableList.copyOf(children);
    }

    /**
     * A section with the sums of its children.
     *
     * @param id its name
     * @param children the lines below
     * @return the section
     * @throws ArithmeticException if the sum is beyond 2^63 bytes
     */
    public static LineItem section(String id, List<LineItem> children) {
        long bytes = 0;
        long low = 0;
        long high = 0;
        Certainty certainty = Certainty.EXACT;
        for (LineItem child : children) {
            try {
                bytes = Math.addExact(bytes, child.bytes());
                low = Math.addExact(low, child.low());
                high = Math.addExact(high, child.high());
            } catch (ArithmeticException overflow) {
                ArithmeticException named = new ArithmeticException(
                        "section " + id + ": its sum with line " + child.id() + " is beyond 2^63 bytes");
                named.initCause(overflow);
                throw named;
            }
            certainty = certainty.compareTo(child.certainty()) >= 0 ? certainty : child.certainty();
        }
        return new LineItem(id, id, bytes, low, high, "", ImmutableList.of(), certainty, "", children);
    }

    /**
     * The bytes as a size.
     *
     * @return the size
     */
    public ByteSize size() {
        return ByteSize.ofBytes(bytes);
    }

    /**
     * The first line of a kind, this one or one below, depth first.
     *
     * @param wanted the line's id
     * @return the line
     */
    public Optional<LineItem> find(String wanted) {
        if (id.equals(wanted)) {
            return Optional.of(this);
        }
        return children.stream().flatMap(child -> child.find(wanted).stream()).findFirst();
    }
}
