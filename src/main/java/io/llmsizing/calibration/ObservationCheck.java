package io.llmsizing.calibration;

import io.llmsizing.units.ByteSize;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an observation can be true at all. Published figures contain settings that were misquoted and pools that no
 * device holds; what fails here is no truth to be held against.
 */
public final class ObservationCheck {
    /** How far the printed terms may miss the budget: five figures rounded to 0.01 GiB, and fragments. */
    static final long CLOSES_WITHIN = 1L << 28;

    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");
    private static final int GRAPHS_INSIDE_SINCE_MINOR = 21;

    private static final Set<Term> TERMS_OF_A_BUDGET =
            Set.of(Term.LOADED, Term.ACTIVATION, Term.RUNTIME, Term.POOL_BYTES);

    private ObservationCheck() {}

    /**
     * What speaks against an observation.
     *
     * @param observation the row
     * @param device what is usable of each device, where the row does not state it
     * @return the reason in a sentence, or nothing
     */
    public static Optional<String> objection(Observation observation, Optional<ByteSize> device) {
        Optional<ByteSize> usable = observation.setup().usable().or(() -> device);
        if (usable.isEmpty()) {
            return Optional.empty();
        }
        long bytes = usable.orElseThrow().bytes();
        return impossible(observation, bytes).or(() -> open(observation, bytes));
    }

    private static Optional<String> impossible(Observation observation, long usable) {
        Map<Term, Long> printed = observation.printed();
        long held = printed.getOrDefault(Term.LOADED, 0L) + printed.getOrDefault(Term.POOL_BYTES, 0L);
        return held > usable
                ? Optional.of(String.format(
                        Locale.ROOT, "impossible: weights and pool are %,d B of a device's %,d B", held, usable))
                : Optional.empty();
    }

    /** vLLM alone divides a share of the whole device into terms that it prints one by one. */
    private static Optional<String> open(Observation observation, long usable) {
        Map<Term, Long> printed = observation.printed();
        Setup setup = observation.setup();
        boolean complete = setup.fraction().isPresent() && printed.keySet().containsAll(TERMS_OF_A_BUDGET);
        if (!setup.engine().equals("vllm") || !complete) {
            return Optional.empty();
        }
        long budget = setup.fraction().orElseThrow().ceilOf(usable);
        long terms = printed.getOrDefault(Term.LOADED, 0L)
                + printed.getOrDefault(Term.ACTIVATION, 0L)
                + printed.getOrDefault(Term.RUNTIME, 0L)
                + printed.getOrDefault(Term.POOL_BYTES, 0L)
                + (graphsInside(setup) ? printed.getOrDefault(Term.GRAPHS, 0L) : 0);
        return Math.abs(budget - terms) > CLOSES_WITHIN
                ? Optional.of(String.format(
                        Locale.ROOT, "does not close: the terms are %,d B of a budget of %,d B", terms, budget))
                : Optional.empty();
    }

    private static boolean graphsInside(Setup setup) {
        Matcher version = VERSION.matcher(setup.version().orElse("0.0"));
        return version.matches()
                && (Integer.parseInt(version.group(1)) > 0
                        || Integer.parseInt(version.group(2)) >= GRAPHS_INSIDE_SINCE_MINOR);
    }
}
