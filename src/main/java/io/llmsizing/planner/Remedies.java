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
 * layout on the same devices, then a smaller cache format, or, where none of these is enough, up to three pairs of them; then less
 * of what was asked for, then smaller weights, then more devices. Every remedy has been sized. Where nothing is enough by itself,
 * smaller weights and more devices are tried with a setting each.
 *
 * <p>Worked value: Llama-3.1-70B in BF16 on two H100 with 8,192 tokens does not fit; it does on four.
 */
public final class Remedies {
    private static final int MOST_PAIRS = 3;
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
        List<Remedy> remedies = new ArrayList<>();
        Step.SETTINGS.forEach(step -> step.mildest(deployment).ifPresent(remedies::add));
        if (remedies.isEmpty() && Step.settingsTogetherFit(deployment)) {
            remedies.addAll(pairs(deployment, Step.SETTINGS));
        }
        List<Step> others = new ArrayList<>(Step.DEMANDS);
        others.add(weights);
        others.add(Step::moreDevices);
        others.forEach(step -> step.mildest(deployment).ifPresent(remedies::add));
        if (remedies.isEmpty()) {
            remedies.addAll(pairs(deployment, List.of(weights, Step::moreDevices)));
        }
        return List.copyOf(remedies);
    }

    /** Of each two settings the strongest change of the first and the mildest of the second with which it fits. */
    private static List<Remedy> pairs(Deployment deployment, List<Step> seconds) {
        List<Remedy> pairs = new ArrayList<>();
        for (Step first : Step.SETTINGS) {
            Optional<Remedy> strongest = first.strongest(deployment);
            int from = seconds.indexOf(first) + 1;
            for (int second = from; strongest.isPresent() && second < seconds.size(); second++) {
                List<Remedy.Change> before = strongest.get().changes();
                seconds.get(second)
                        .mildest(strongest.get().deployment())
                        .map(after -> new Remedy(joined(before, after.changes()), after.deployment()))
                        .ifPresent(pairs::add);
                if (pairs.size() == MOST_PAIRS) {
                    return pairs;
                }
            }
        }
        return pairs;
    }

    private static List<Remedy.Change> joined(List<Remedy.Change> first, List<Remedy.Change> second) {
        List<Remedy.Change> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }
}
