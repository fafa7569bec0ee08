package io.llmsizing.calibration;

import com.google.common.collect.ImmutableList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An observation beside what the library says about it.
 *
 * @param observation the row
 * @param family of its model
 * @param prediction absent where the library refuses the setup
 * @param refusal why it does, empty where it does not
 */
public record Comparison(Observation observation, ModelFamily family, Optional<Prediction> prediction, String refusal) {

    /** What a verdict turned out to be. */
    public enum Judgement {
        /** As it went. */
        RIGHT,
        /** The library does not say. */
        TOO_CLOSE,
        /** Otherwise than it went. */
        WRONG
    }

    /**
     * The figures that were printed and are predicted from what the setup states.
     *
     * @return in the order of the terms
     */
    public List<Residual> residuals() {
        ImmutableList.Builder<Residual> residuals = ImmutableList.builder();
        prediction.ifPresent(said -> {
            for (Term term : Term.values()) {
                Long observed = observation.printed().get(term);
                Prediction.Estimate predicted = said.terms().get(term);
                if (observed != null
                        && predicted != null
                        && term.unstated(observation.setup()).isEmpty()) {
                    residuals.add(new Residual(observation, family, said.loaded(), term, predicted, observed));
                }
            }
        });
        return residuals.build();
    }

    /**
     * The figures that were printed and can't be compared though the setup is not refused.
     *
     * @return each with what is missing
     */
    public Map<Term, String> notCompared() {
        Map<Term, String> missing = new EnumMap<>(Term.class);
        prediction.ifPresent(said -> observation.printed().keySet().forEach(term -> {
            Optional<String> unstated = term.unstated(observation.setup());
            if (unstated.isPresent()) {
                missing.put(term, unstated.orElseThrow() + " not stated");
            } else if (!said.terms().containsKey(term)) {
                missing.put(term, "not predicted");
            }
        }));
        return missing;
    }

    /**
     * Whether the verdict is as it went.
     *
     * @return nothing where the library has no verdict or the outcome tells nothing
     */
    public Optional<Judgement> judgement() {
        if (!observation.outcome().isTelling()) {
            return Optional.empty();
        }
        return prediction.flatMap(Prediction::verdict).map(said -> switch (said) {
            case "too_close_to_call" -> Judgement.TOO_CLOSE;
            default ->
                said.equals("fits") == (observation.outcome() == Outcome.RUNS) ? Judgement.RIGHT : Judgement.WRONG;
        });
    }
}
