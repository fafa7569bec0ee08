package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.calibration.Comparison;
import io.llmsizing.calibration.ModelFamily;
import io.llmsizing.calibration.Observation;
import io.llmsizing.calibration.Prediction;
import io.llmsizing.calibration.Prediction.Estimate;
import io.llmsizing.calibration.Setup;
import io.llmsizing.calibration.Term;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.LoadedKind;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.model.Model;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the library says about setups that were observed, figure by figure as servers print them. */
public final class PredictedSetups {
    private static final int FIRST_STAGE = 0;

    private PredictedSetups() {}

    /**
     * Observations beside what is said about them; on all cores.
     *
     * @param observations the rows
     * @param catalog where their models and accelerators are looked up
     * @return a comparison for each row, in their order
     */
    public static List<Comparison> of(List<Observation> observations, Catalog catalog) {
        return observations.parallelStream()
                .map(observation -> of(observation, catalog))
                .collect(Collectors.toUnmodifiableList());
    }

    private static Comparison of(Observation observation, Catalog catalog) {
        Setup setup = observation.setup();
        Model model = catalog.model(setup.shape());
        ModelFamily family = ModelFamily.of(model);
        try {
            return new Comparison(observation, family, Optional.of(prediction(setup, model, catalog)), "");
        } catch (IllegalArgumentException | ArithmeticException refused) {
            return new Comparison(observation, family, Optional.empty(), String.valueOf(refused.getMessage()));
        }
    }

    private static Prediction prediction(Setup setup, Model model, Catalog catalog) {
        if (setup.accelerator().isEmpty()) {
            return withoutDevices(setup, model);
        }
        String named = setup.accelerator().orElseThrow();
        Accelerator device = setup.usable()
                .map(memory -> catalog.accelerator(named, memory))
                .orElseGet(() -> catalog.accelerator(named));
        LoadedKind ofDevice = LoadedKind.of(device);
        return onDevices(
                setup.deployment(model, device),
                ofDevice == LoadedKind.PLAIN ? LoadedKind.of(model, setup.scheme(model)) : ofDevice);
    }

    private static Prediction withoutDevices(Setup setup, Model model) {
        Map<String, Object> answer = Answer.of(
                model,
                setup.scheme(model),
                setup.cacheFormat(),
                setup.profile(),
                setup.plainLayout(),
                setup.workload(model));
        return new Prediction(
                Map.of(Term.LOADED, Estimate.exact(figure(answer, "weights", "tightest_rank_loaded_bytes"))),
                setup.vendor().filter(LoadedKind::isOther).isPresent()
                        ? LoadedKind.OTHER_VENDOR
                        : LoadedKind.of(model, setup.scheme(model)),
                Optional.empty());
    }

    /** Servers print the figures of their first rank, and the fewest tokens of all ranks. */
    private static Prediction onDevices(Deployment deployment, LoadedKind loaded) {
        Verdict verdict = Sizing.size(deployment);
        LineItem explanation = Sizing.explain(deployment, FIRST_STAGE);
        Map<Term, Estimate> terms = new EnumMap<>(Term.class);
        Estimate weights = section(explanation, "weights").orElse(Estimate.exact(0));
        Estimate loading = section(explanation, "loading").orElse(Estimate.exact(0));
        terms.put(
                Term.LOADED,
                new Estimate(
                        weights.value() + loading.value(),
                        weights.low() + loading.low(),
                        weights.high() + loading.high()));
        section(explanation, "activation").ifPresent(estimate -> terms.put(Term.ACTIVATION, estimate));
        section(explanation, "runtime").ifPresent(estimate -> terms.put(Term.RUNTIME, estimate));
        section(explanation, "graphs").ifPresent(estimate -> terms.put(Term.GRAPHS, estimate));
        Footprint footprint = deployment.footprint();
        long budget = footprint.budget(FIRST_STAGE);
        Estimate pool = new Estimate(
                Math.max(0, budget - footprint.fixedBytes(FIRST_STAGE)),
                Math.max(0, budget - footprint.highBytes(FIRST_STAGE, 0, 0)),
                Math.max(0, budget - footprint.lowBytes(FIRST_STAGE, 0, 0)));
        terms.put(Term.POOL_BYTES, pool);
        long tokens = figure(Answer.of(verdict, false), "kv_cache", "pool_tokens");
        terms.put(
                Term.POOL_TOKENS,
                new Estimate(tokens, scaled(tokens, pool.low(), pool), scaled(tokens, pool.high(), pool)));
        return new Prediction(terms, loaded, Optional.of(verdict.id()));
    }

    private static long scaled(long tokens, long bytes, Estimate pool) {
        return pool.value() == 0 ? tokens : (long) ((double) tokens * bytes / pool.value());
    }

    private static Optional<Estimate> section(LineItem explanation, String id) {
        return explanation.find(id).map(item -> new Estimate(item.bytes(), item.low(), item.high()));
    }

    private static long figure(Map<String, Object> answer, String section, String key) {
        Map<?, ?> figures = (Map<?, ?>) Objects.requireNonNull(answer.get(section), section);
        return (Long) Objects.requireNonNull(figures.get(key), key);
    }
}
