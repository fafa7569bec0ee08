package io.llmsizing.ledger;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps every posting with its operands, in sections. Not thread-safe; made for one walk. */
public final class ItemizedLedger implements Ledger {
    private static final String WEIGHT = ".weight";

    private final Deque<Section> open = new ArrayDeque<>();
    private long posted;

    private record Section(String name, List<LineItem> items) {}

    /**
     * An empty ledger.
     *
     * @param root the name of the section that holds all others
     */
    public ItemizedLedger(String root) {
        open.push(new Section(root, new ArrayList<>()));
    }

    @Override
    public void enter(String section) {
        open.push(new Section(section, new ArrayList<>()));
    }

    @Override
    public void leave() {
        checkState(open.size() > 1, "a section is left that was not entered");
        Section closed = open.pop();
        add(LineItem.section(closed.name(), closed.items()));
    }

    @Override
    public void post(MemoryLine line, String subject, String part, long a, long b, long c, long d, long e) {
        item(line, titled(subject, part), Product.of(line, subject, a, b, c, d, e), Ratio.of(a, 1), b, c, d, e);
    }

    @Override
    public void postShare(MemoryLine line, String subject, Ratio share, long b, long c) {
        item(line, subject, Product.of(line, subject, share, b, c), share, b, c, 1, 1);
    }

    @Override
    public void postDoubt(MemoryLine line, String subject, long less, long more) {
        Product.checkDoubt(line, posted, less, more);
        add(new LineItem(
                line.id(),
                subject,
                0,
                -less,
                more,
                line.formula(),
                ImmutableList.of(new LineItem.Operand(line.formula(), Ratio.of(0, 1))),
                line.certainty(),
                line.source(),
                ImmutableList.of()));
    }

    @Override
    public long posted() {
        return posted;
    }

    /** As checkpoints name it: the part stands where {@code weight} does. */
    private static String titled(String subject, String part) {
        if (part.isEmpty()) {
            return subject;
        }
        return subject.endsWith(WEIGHT)
                ? subject.substring(0, subject.length() - WEIGHT.length()) + "." + part
                : subject + "." + part;
    }

    private void item(MemoryLine line, String title, long bytes, Ratio first, long... others) {
        for (int i = line.operandNames().size() - 1; i < others.length; i++) {
            checkArgument(others[i] == 1, "line %s has no name for its operand %s", line.id(), others[i]);
        }
        ImmutableList.Builder<LineItem.Operand> operands = ImmutableList.builder();
        for (int i = 0; i < line.operandNames().size(); i++) {
            operands.add(new LineItem.Operand(line.operandNames().get(i), i == 0 ? first : Ratio.of(others[i - 1], 1)));
        }
        posted = Exact.addCapped(posted, bytes);
        add(new LineItem(
                line.id(),
                title,
                bytes,
                Product.low(line, bytes),
                Product.high(line, title, bytes),
                line.formula(),
                operands.build(),
                line.certainty(),
                line.source(),
                ImmutableList.of()));
    }

    private void add(LineItem item) {
        open.element().items().add(item);
    }

    /**
     * All postings as a tree.
     *
     * @return the root section
     * @throws IllegalStateException if a section is still open
     */
    public LineItem root() {
        checkState(open.size() == 1, "section %s was not left", open.element().name());
        return LineItem.section(open.element().name(), open.element().items());
    }
}
