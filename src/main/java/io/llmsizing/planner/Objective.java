package io.llmsizing.planner;

import java.math.BigDecimal;
import java.util.Comparator;

/** By what plans are put in order, the best first. Users bring their own as any comparator. */
@FunctionalInterface
public interface Objective extends Comparator<Plan> {
    /**
     * Fewest devices; among equals, the fewest stages, then the fewest ranks that share a sequence, then the most sequences.
     */
    Objective FEWEST_DEVICES = by(Comparator.comparingInt(Plan::devices)
            .thenComparingInt(plan -> plan.deployment().layout().pipeline())
            .thenComparingInt(plan -> plan.deployment().layout().context())
            .thenComparing(Comparator.comparingLong(Plan::maxSequences).reversed()));

    /** Most sequences of the context asked for; among equals, fewest devices. */
    Objective MOST_SEQUENCES =
            by(Comparator.comparingLong(Plan::maxSequences).reversed().thenComparingInt(Plan::devices));

    /** Longest context with as many sequences as asked for; among equals, fewest devices. */
    Objective LONGEST_CONTEXT =
            by(Comparator.comparingLong(Plan::maxContext).reversed().thenComparingInt(Plan::devices));

    /** Most memory left on the tightest rank; among equals, fewest devices. */
    Objective MOST_HEADROOM =
            by(Comparator.comparingLong(Plan::headroom).reversed().thenComparingInt(Plan::devices));

    /** Lowest price of the machines taken, those without a known price last; among equals, the most sequences. */
    Objective LOWEST_PRICE =
            by(Comparator.<Plan, Boolean>comparing(plan -> plan.dollarsPerHour().isEmpty())
                    .thenComparing(plan -> plan.dollarsPerHour().orElse(BigDecimal.ZERO))
                    .thenComparing(Comparator.comparingLong(Plan::maxSequences).reversed()));

    private static Objective by(Comparator<Plan> order) {
        return order::compare;
    }
}
