package io.llmsizing.engine;

import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.units.Ratio;

/**
 * A fact about an engine from some version on.
 *
 * @param value the stated figure
 * @param low the smallest seen, equal to the value for a fact without spread
 * @param high the largest seen
 * @param unit of all three
 * @param source where it was read or measured
 */
record EngineConstant(Ratio value, Ratio low, Ratio high, String unit, String source) {
    long whole() {
        return value.ceilOf(1);
    }

    long lowWhole() {
        return low.floorOf(1);
    }

    long highWhole() {
        return high.ceilOf(1);
    }

    Band band() {
        return value.numerator() == 0 ? Band.EXACT : new Band(share(low), share(high));
    }

    /** The line under which bytes that follow from this fact are posted, with its source and its spread. */
    MemoryLine line(String id, String formula, Certainty certainty) {
        return MemoryLine.banded(id, formula, certainty, source, band());
    }

    private Ratio share(Ratio part) {
        return Ratio.of(
                Math.multiplyExact(part.numerator(), value.denominator()),
                Math.multiplyExact(part.denominator(), value.numerator()));
    }
}
