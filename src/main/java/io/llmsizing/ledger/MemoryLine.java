package io.llmsizing.ledger;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A kind of posting: what it is called, which operands it multiplies, where its formula comes from, and how sure it is.
 * The formula text names the operands; the ledger multiplies exactly those, so text and number can't differ.
 *
 * @param id dotted name, such as {@code weights.tensor}
 * @param formula operand names joined by {@code *}
 * @param operandNames the operands in the formula's order, 1 to 5
 * @param certainty how sure
 * @param source where formula and constants come from
 * @param band how far off it may be
 */
public record MemoryLine(
        String id, String formula, List<String> operandNames, Certainty certainty, String source, Band band) {
    /** The most operands that a line multiplies. */
    public static final int MOST_OPERANDS = 5;

    /**
     * Copies the operand names.
     *
     * @param id as documented above
     * @param formula as documented above
     * @param operandNames as documented above
     * @param certainty as documented above
     * @param source as documented above
     * @param band as documented above
     * @throws IllegalArgumentException if there are none or too many, the formula names others, or an exact line has a band
     */
    public MemoryLine {
        checkArgument(
                !operandNames.isEmpty() && operandNames.size() <= MOST_OPERANDS,
                "line %s multiplies %s operands; 1 to %s can be posted",
                id,
                operandNames.size(),
                MOST_OPERANDS);
        checkArgument(
                formula.equals(String.join(" * ", operandNames)),
                "line %s: formula '%s' is not made of its operands",
                id,
                formula);
        checkArgument(certainty != Certainty.EXACT || band.equals(Band.EXACT), "line %s is exact and has a band", id);
        operandNames = ImmutableList.copyOf(operandNames);
    }

    /**
     * A line that is right to the byte.
     *
     * @param id dotted name
     * @param formula operand names joined by {@code *}
     * @param source where the formula comes from
     * @return the line
     */
    public static MemoryLine exact(String id, String formula, String source) {
        return new MemoryLine(id, formula, names(formula), Certainty.EXACT, source, Band.EXACT);
    }

    /**
     * A line with a band.
     *
     * @param id dotted name
     * @param formula operand names joined by {@code *}
     * @param certainty measured or estimated
     * @param source where formula and band come from
     * @param band how far off it may be
     * @return the line
     */
    public static MemoryLine banded(String id, String formula, Certainty certainty, String source, Band band) {
        return new MemoryLine(id, formula, names(formula), certainty, source, band);
    }

    private static List<String> names(String formula) {
        return Splitter.on('*').trimResults().splitToList(formula);
    }
}
