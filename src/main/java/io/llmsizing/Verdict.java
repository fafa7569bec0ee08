package io.llmsizing;

import io.llmsizing.units.ByteSize;
import java.util.Locale;

/** Whether a deployment fits. Infeasible is a verdict, never an exception. */
public sealed interface Verdict permits Verdict.Fits, Verdict.TooCloseToCall, Verdict.DoesNotFit {
    /**
     * The figures behind the verdict.
     *
     * @return those of the tightest rank
     */
    Finding finding();

    /**
     * The name in machine-readable answers.
     *
     * @return {@code fits}, {@code too_close_to_call} or {@code does_not_fit}
     */
    String id();

    /**
     * What the tightest rank has left.
     *
     * @return budget less need, 0 if that is negative
     */
    default ByteSize headroom() {
        return ByteSize.ofBytes(
                Math.max(0, finding().budget().bytes() - finding().needed().bytes()));
    }

    /**
     * What the tightest rank lacks.
     *
     * @return need less budget, 0 if that is negative
     */
    default ByteSize shortfall() {
        return ByteSize.ofBytes(
                Math.max(0, finding().needed().bytes() - finding().budget().bytes()));
    }

    /**
     * The verdict in one line.
     *
     * @return for people, not to be parsed
     */
    default String summary() {
        return title() + ": " + reason();
    }

    /**
     * The verdict alone.
     *
     * @return for people, such as {@code TOO CLOSE TO CALL}
     */
    default String title() {
        return id().replace('_', ' ').toUpperCase(Locale.ROOT);
    }

    /**
     * What speaks for the verdict: what is left or lacks, or what stands beside the engine's share and has no room.
     *
     * @return for people, such as {@code 7.3 GiB to spare on every rank}
     */
    String reason();

    /**
     * Even the upper end of all bands is within the budget of every rank.
     *
     * @param finding the figures
     */
    record Fits(Finding finding) implements Verdict {
        @Override
        public String id() {
            return "fits";
        }

        @Override
        public String reason() {
            return headroom().toDisplay() + " to spare on " + finding.rank();
        }
    }

    /**
     * The budget of some rank lies inside the band of its need, or the device's rest inside that of its context.
     *
     * @param finding the figures
     */
    record TooCloseToCall(Finding finding) implements Verdict {
        @Override
        public String id() {
            return "too_close_to_call";
        }

        @Override
        public String reason() {
            if (finding.bindingConstraint() == Constraint.DEVICE_CONTEXT) {
                long usable = finding.deployment()
                        .stages()
                        .get(finding.stage())
                        .budget()
                        .usable()
                        .bytes();
                return "outside its share the engine leaves "
                        + ByteSize.ofBytes(usable - finding.budget().bytes()).toDisplay()
                        + " for what it takes besides, which may not be enough";
            }
            return finding.rank() + " needs " + finding.low().toDisplay() + " to "
                    + finding.high().toDisplay() + " of " + finding.budget().toDisplay();
        }
    }

    /**
     * Even the lower end of all bands is beyond the budget of some rank, or the engine can't start.
     *
     * @param finding the figures
     */
    record DoesNotFit(Finding finding) implements Verdict {
        @Override
        public String id() {
            return "does_not_fit";
        }

        @Override
        public String reason() {
            return shortfall().bytes() > 0
                    ? shortfall().toDisplay() + " short on " + finding.rank()
                    : "the engine's share leaves no room for what it takes besides";
        }
    }
}
