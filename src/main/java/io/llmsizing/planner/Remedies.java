package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.weights.WeightMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to change so that a deployment fits for sure, the cheapest first: settings that cost nothing but speed, then another
 * layout on the same devices, then a smaller cache format, then less of what was asked for, then smaller weights, then more
 * devices. Every remedy has been sized. Where no single change is enough, pairs of those that do not change what was asked for
 * are tried.
 *
 * <p>Worked value: Llama-3.1-70B in BF16 on two H100 with 8,192 tokens does not fit; it does on four.
 */
public final class Remedies {
    private static final int MOST = 8;
    private static final List<GgufMix> MIXES = List.of(GgufMix.named("gguf:q8_0"), GgufMix.named("gguf:q4_k_m"));

    private Remedies() {}

    /**
     * What makes a deployment fit.
     *
     * @param deployment any
     * @return remedies, the cheapest first, at most one for each setting; none if it fits as it is, or nothing known helps
     */
    public static List<Remedy> of(Deployment deployment) {
        return of(deployment, List.of());
    }

    /**
     * What makes a deployment fit, the usual smaller weights being allowed: eight bits a weight, in FP8 where the device has
     * arithmetic for it and else in INT8, then four; under llama.cpp its mixes Q8_0 and Q4_K_M.
     *
     * @param deployment any
     * @return remedies, the cheapest first, at most one for each setting; none if it fits as it is, or nothing known helps
     */
    public static List<Remedy> usual(Deployment deployment) {
        return deployment.engine().sharesWithHost()
                ? of(deployment, Step.mixes(MIXES))
                : of(deployment, Step.weights(smaller(deployment)));
    }

    private static List<WeightScheme> smaller(Deployment deployment) {
        Model model = deployment.model();
        boolean computesFp8 = deployment
                .cluster()
                .firstAccelerator()
                .compute()
                .nativeFormats()
                .contains("fp8");
        long own = WeightMemory.bytes(model, deployment.weights(), false);
        return Stream.of(computesFp8 ? "fp8" : "int8", "int4")
                .map(model::weightsNamed)
                .filter(scheme -> WeightMemory.bytes(model, scheme, false) < own)
                .toList();
    }

    /**
     * What makes a deployment fit, other weight schemes being allowed.
     *
     * @param deployment any
     * @param schemes that may be taken instead of its own, the preferred ones first
     * @return remedies, the cheapest first, at most one for each setting; none if it fits as it is, or nothing known helps
     */
    public static List<Remedy> of(Deployment deployment, List<WeightScheme> schemes) {
        return of(deployment, Step.weights(schemes));
    }

    private static List<Remedy> of(Deployment deployment, Step weights) {
        if (Sizing.fits(deployment)) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(Step.SETTINGS);
        steps.addAll(Step.DEMANDS);
        steps.add(weights);
        steps.add(Step::moreDevices);
        List<Remedy> remedies = new ArrayList<>();
        for (Step step : steps) {
            step.mildest(deployment).ifPresent(remedies::add);
        }
        if (remedies.isEmpty()) {
            addPairs(deployment, remedies);
        }
        return List.copyOf(remedies.size() > MOST ? remedies.subList(0, MOST) : remedies);
    }

    private static void addPairs(Deployment deployment, List<Remedy> remedies) {
        List<Step> seconds = new ArrayList<>(Step.SETTINGS);
        seconds.add(Step::moreDevices);
        for (int first = 0; first < Step.SETTINGS.size(); first++) {
            Optional<Remedy> strongest = Step.SETTINGS.get(first).strongest(deployment);
            for (int second = first + 1; strongest.isPresent() && second < seconds.size(); second++) {
                List<Remedy.Change> before = strongest.get().changes();
                seconds.get(second)
                        .mildest(strongest.get().deployment())
                        .map(after -> new Remedy(joined(before, after.changes()), after.deployment()))
                        .ifPresent(remedies::add);
            }
        }
    }

    private static List<Remedy.Change> joined(List<Remedy.Change> first, List<Remedy.Change> second) {
        List<Remedy.Change> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }
}
