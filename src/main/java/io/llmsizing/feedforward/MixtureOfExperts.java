package io.llmsizing.feedforward;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * A router that sends each token to a few of many experts, and shared experts that see every token. All experts stay
 * in memory; the active ones only lower compute and traffic.
 *
 * @param experts routed experts, 1 or more
 * @param activeExperts experts that one token uses, 1 to {@code experts}
 * @param expertWidth inner width of one routed expert
 * @param sharedWidth inner width of all shared experts together, 0 if there is none
 * @param routerBias whether each expert has a routing correction ({@code e_score_correction_bias}), kept in FP32
 * @param sharedGate whether a gate vector scales the shared experts (Qwen2-MoE)
 * @param gated whether experts have a gate projection
 * @param bias whether experts and router have biases (gpt-oss)
 * @param latentWidth width in which the routed experts work, between two projections that they share (Nemotron 3 Super);
 *     0 where they work in the model's width
 * @param latentNorm whether what the routed experts give is normalised in that width before it is projected back (Kimi K3)
 * @param identityExperts experts that the router may choose and that have no weights (LongCat)
 */
public record MixtureOfExperts(
        long experts,
        long activeExperts,
        long expertWidth,
        long sharedWidth,
        boolean routerBias,
        boolean sharedGate,
        boolean gated,
        boolean bias,
        long latentWidth,
        boolean latentNorm,
        long identityExperts)
        implements FeedForward {
    /**
     * Checks the ranges.
     *
     * @param experts as documented above
     * @param activeExperts as documented above
     * @param expertWidth as documented above
     * @param sharedWidth as documented above
     * @param routerBias as documented above
     * @param sharedGate as documented above
     * @param gated as documented above
     * @param bias as documented above
     * @param latentWidth as documented above
     * @param latentNorm as documented above
     * @param identityExperts as documented above
     * @throws IllegalArgumentException if a count or width is out of range
     */
    public MixtureOfExperts {
        checkArgument(experts >= 1 && experts <= 1 << 20, "%s experts; 1 to 2^20 allowed", experts);
        checkArgument(
                activeExperts >= 1 && activeExperts <= experts,
                "%s of %s experts active; 1 to %s allowed",
                activeExperts,
                experts,
                experts);
        checkArgument(
                expertWidth >= 1 && expertWidth <= LARGEST_WIDTH && sharedWidth >= 0 && sharedWidth <= LARGEST_WIDTH,
                "expert widths %s and %s (shared); at most 2^24",
                expertWidth,
                sharedWidth);
        checkArgument(sharedWidth > 0 || !sharedGate, "a gate for shared experts, but no shared experts");
        checkArgument(
                latentWidth >= 0 && latentWidth <= LARGEST_WIDTH, "a latent width of %s; at most 2^24", latentWidth);
        checkArgument(latentWidth > 0 || !latentNorm, "a norm of a latent, but no latent");
        checkArgument(
                identityExperts >= 0 && identityExperts <= 1 << 20,
                "%s identity experts; 0 to 2^20 allowed",
                identityExperts);
    }

    /**
     * Without a norm in the latent width.
     *
     * @param experts routed experts
     * @param activeExperts experts that one token uses
     * @param expertWidth inner width of one routed expert
     * @param sharedWidth inner width of all shared experts together, 0 if there is none
     * @param routerBias whether each expert has a routing correction
     * @param sharedGate whether a gate vector scales the shared experts
     * @param gated whether experts have a gate projection
     * @param bias whether experts and router have biases
     * @param latentWidth width in which the routed experts work, 0 for the model's
     * @param identityExperts experts without weights
     */
    public MixtureOfExperts(
            long experts,
            long activeExperts,
            long expertWidth,
            long sharedWidth,
            boolean routerBias,
            boolean sharedGate,
            boolean gated,
            boolean bias,
            long latentWidth,
            long identityExperts) {
        this(
                experts,
                activeExperts,
                expertWidth,
                sharedWidth,
                routerBias,
                sharedGate,
                gated,
                bias,
                latentWidth,
                false,
                identityExperts);
    }

    /**
     * Gated experts without biases, in the model's width.
     *
     * @param experts routed experts
     * @param activeExperts experts that one token uses
     * @param expertWidth inner width of one routed expert
     * @param sharedWidth inner width of all shared experts together, 0 if there is none
     * @param routerBias whether each expert has a routing correction
     * @param sharedGate whether a gate vector scales the shared experts
     */
    public MixtureOfExperts(
            long experts,
            long activeExperts,
            long expertWidth,
            long sharedWidth,
            boolean routerBias,
            boolean sharedGate) {
        this(experts, activeExperts, expertWidth, sharedWidth, routerBias, sharedGate, true, false, 0, 0);
    }

    /**
     * Without shared experts and routing correction (Mixtral, Qwen3-MoE).
     *
     * @param experts routed experts
     * @param activeExperts experts that one token uses
     * @param expertWidth inner width of one expert
     * @return the block
     */
    public static MixtureOfExperts of(long experts, long activeExperts, long expertWidth) {
        return new MixtureOfExperts(experts, activeExperts, expertWidth, 0, false, false);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        long scored = experts + identityExperts;
        tensors.add(WeightTensor.matrix("mlp.gate.weight", TensorRole.ROUTER, scored, hidden, ShardRule.REPLICATED));
        if (routerBias) {
            tensors.add(WeightTensor.vector("mlp.gate.e_score_correction_bias", TensorRole.ROUTER_BIAS, scored));
        }
        if (bias) {
            tensors.add(WeightTensor.vector("mlp.gate.bias", TensorRole.BIAS, scored));
        }
        long width = latentWidth > 0 ? latentWidth : hidden;
        if (latentWidth > 0) {
            tensors.add(latentProjection(
                    latentNorm ? "mlp.routed_expert_down_proj.weight" : "mlp.fc1_latent_proj.weight",
                    latentWidth,
                    hidden));
            tensors.add(latentProjection(
                    latentNorm ? "mlp.routed_expert_up_proj.weight" : "mlp.fc2_latent_proj.weight",
                    hidden,
                    latentWidth));
        }
        if (latentNorm) {
            tensors.add(WeightTensor.vector("mlp.routed_expert_norm.weight", TensorRole.NORM, latentWidth));
        }
        DenseFeedForward expert = new DenseFeedForward(expertWidth, gated, bias);
        expert.projections("mlp.experts.N", TensorRole.EXPERT, width).stream()
                .map(tensor -> tensor.times(experts, activeExperts))
                .forEach(tensors::add);
        expert.biases("mlp.experts.N", width).stream()
                .map(tensor -> tensor.times(experts, activeExperts))
                .forEach(tensors::add);
        if (sharedWidth > 0) {
            tensors.addAll(new DenseFeedForward(sharedWidth, gated, false)
                    .projections("mlp.shared_experts", TensorRole.SHARED_EXPERT, hidden));
        }
        if (sharedGate) {
            tensors.add(WeightTensor.matrix(
                    "mlp.shared_expert_gate.weight", TensorRole.ROUTER, 1, hidden, ShardRule.REPLICATED));
        }
        return tensors.build();
    }

    private static WeightTensor latentProjection(String name, long rows, long columns) {
        return WeightTensor.matrix(name, TensorRole.SHARED_EXPERT, rows, columns, ShardRule.REPLICATED);
    }

    @Override
    public long denseWidth() {
        return sharedWidth;
    }
}
