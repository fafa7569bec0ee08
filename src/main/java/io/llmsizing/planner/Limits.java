package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Footprint;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Bisection;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * How far a single number of a deployment can go, all else kept. The longest context and the most sequences are those of its
 * {@link Footprint}; here are those that need another deployment for each try. Each limit fits, and one step beyond it does
 * not.
 */
public final class Limits {
    /** The most bits of a weight that are tried. */
    public static final int MOST_BITS = 32;

    private static final int FRACTION_STEPS = 1000;
    private static final int BLOCK = 32;
    private static final int WIDEST_BLOCK_BYTES = 128;

    private Limits() {}

    /**
     * The longest context with which a model fits for sure, the parts of its layout that are left open being chosen anew for
     * each.
     *
     * @param question everything but the context
     * @param workload the sequences held at once
     * @return the deployment with that context; nothing where not even one token, or what all sequences share, fits
     * @throws io.llmsizing.InvalidLayoutException if the layout can't be
     */
    public static Optional<Deployment> longestContext(DeploymentBuilder question, Workload workload) {
        long shortest = Math.max(1, workload.sharedPrefixTokens());
        long longest = at(question, workload.contextTokens(shortest)).model().contextTokens();
        LongFunction<Deployment> deployment = tokens -> at(question, workload.contextTokens(tokens));
        long edge = lastOfLargerStep(deployment.apply(longest), shortest);
        return last(edge + 1, longest, deployment).or(() -> last(shortest, edge, deployment));
    }

    /** The last context whose step is larger than that of the longest, as it is where long prompts alone are cut. */
    private static long lastOfLargerStep(Deployment longest, long shortest) {
        Workload workload = longest.workload();
        EngineProfile engine = longest.engine();
        Accelerator device = longest.cluster().firstAccelerator();
        long step = engine.defaultBatchedTokens(device, workload.contextTokens());
        return workload.maxBatchedTokens().isPresent()
                ? shortest - 1
                : Bisection.last(
                        shortest,
                        workload.contextTokens(),
                        tokens -> engine.defaultBatchedTokens(device, tokens) != step);
    }

    /**
     * The most sequences with which a model fits for sure, the parts of its layout that are left open being chosen anew for
     * each number.
     *
     * @param question everything but the sequences
     * @param workload the context of each
     * @return the deployment with so many, {@link Sizing#mostAsked} at most; nothing where not even one fits
     * @throws io.llmsizing.InvalidLayoutException if the layout can't be
     */
    public static Optional<Deployment> mostSequences(DeploymentBuilder question, Workload workload) {
        long most = Sizing.mostAsked(at(question, workload.sequences(1)));
        return last(1, most, held -> at(question, workload.sequences(held)));
    }

    private static Deployment at(DeploymentBuilder question, Workload workload) {
        return question.workload(workload).build();
    }

    /** The last of those that fit, of which each fits where the next does. */
    private static Optional<Deployment> last(long least, long most, LongFunction<Deployment> deployment) {
        long fitting = Bisection.last(least, most, tried -> Sizing.fits(deployment.apply(tried)));
        return fitting < least ? Optional.empty() : Optional.of(deployment.apply(fitting));
    }

    /**
     * The smallest share of each device with which a deployment fits for sure.
     *
     * @param deployment any
     * @return whole thousandths; nothing where no share is enough, or the engine takes no share
     */
    public static Optional<Ratio> smallestFraction(Deployment deployment) {
        if (!deployment.engine().settings().contains(EngineSetting.MEMORY_FRACTION)) {
            return Optional.empty();
        }
        int enough = 1 + (int) Bisection.last(1, FRACTION_STEPS, share -> !isWithinBudget(deployment, (int) share));
        if (enough > FRACTION_STEPS) {
            return Optional.empty();
        }
        Ratio smallest = Ratio.of(enough, FRACTION_STEPS);
        return Sizing.fits(withFraction(deployment, enough)) ? Optional.of(smallest) : Optional.empty();
    }

    /** Whether the share is enough, be there room for it on the device or not. */
    private static boolean isWithinBudget(Deployment deployment, int thousandths) {
        Footprint footprint = withFraction(deployment, thousandths).footprint();
        Workload workload = deployment.workload();
        return footprint.headroom(workload.contextTokens(), workload.sequences()) >= 0;
    }

    private static Deployment withFraction(Deployment deployment, int thousandths) {
        return deployment.toBuilder()
                .memoryFraction(Ratio.of(thousandths, FRACTION_STEPS))
                .build();
    }

    /**
     * The most bits that each weight of the linear layers can have, scales included, for a deployment to fit for sure; the rest
     * is stored in 16 bits.
     *
     * @param deployment any
     * @return whole quarters of a bit up to 32; nothing where not even a quarter fits
     */
    public static Optional<Ratio> mostBitsPerWeight(Deployment deployment) {
        long fitting = Bisection.last(1, WIDEST_BLOCK_BYTES, bytes -> fitsWith(deployment, (int) bytes));
        return fitting == 0 ? Optional.empty() : Optional.of(Ratio.of(fitting * 8, BLOCK));
    }

    /**
     * The largest of some ways to store the weights with which a deployment fits for sure.
     *
     * @param deployment any
     * @param schemes to choose from
     * @return the deployment with the one that takes the most bytes; nothing where none fits
     */
    public static Optional<Deployment> largestWeights(Deployment deployment, Collection<WeightScheme> schemes) {
        return schemes.stream()
                .sorted(Comparator.comparingLong(
                                (WeightScheme scheme) -> WeightMemory.bytes(deployment.model(), scheme, false))
                        .reversed()
                        .thenComparing(WeightScheme::name))
                .flatMap(scheme -> fitting(deployment.toBuilder().weights(scheme)))
                .findFirst();
    }

    private static Stream<Deployment> fitting(DeploymentBuilder builder) {
        try {
            return Stream.of(builder.build()).filter(Sizing::fits);
        } catch (InvalidLayoutException cutsBlocks) {
            return Stream.empty();
        }
    }

    private static boolean fitsWith(Deployment deployment, int blockBytes) {
        BlockFormat format = BlockFormat.of(Ratio.of(blockBytes * 8L, BLOCK).toDisplay(2) + " bits", BLOCK, blockBytes);
        try {
            return Sizing.fits(deployment.toBuilder()
                    .weights(WeightScheme.linearLayers(format, Formats.BF16))
                    .build());
        } catch (InvalidLayoutException cutsBlocks) {
            return false;
        }
    }
}
