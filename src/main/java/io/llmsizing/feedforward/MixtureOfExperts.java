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
 */
public record MixtureOfExperts(
        long experts, long activeExperts, long expertWidth, long sharedWidth, boolean routerBias, boolean sharedGate)
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
        tensors.add(WeightTensor.matrix("mlp.gate.weight", TensorRole.ROUTER, experts, hidden, ShardRule.REPLICATED));
        if (routerBias) {
            tensors.add(WeightTensor.vector("mlp.gate.e_score_correction_bias", TensorRole.ROUTER_BIAS, experts));
        }
        DenseFeedForward.gated(expertWidth).projections("mlp.experts.N", TensorRole.EXPERT, hidden).stream()
                .map(tensor -> tensor.times(experts, activeExperts))
                .forEach(tensors::add);
        if (sharedWidth > 0) {
            tensors.addAll(DenseFeedForward.gated(sharedWidth)
                    .projections("mlp.shared_experts", TensorRole.SHARED_EXPERT, hidden));
        }
        if (sharedGate) {
            tensors.add(WeightTensor.matrix(
                    "mlp.shared_expert_gate.weight", TensorRole.ROUTER, 1, hidden, ShardRule.REPLICATED));
        }
        return tensors.build();
    }

    @Override
    public long denseWidth() {
        return sharedWidth;
    }
}
