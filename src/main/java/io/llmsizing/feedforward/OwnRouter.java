package io.llmsizing.feedforward;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Experts that are chosen by something else than one matrix: a small network (ZAYA), or a matrix that scores the shared
 * experts too (Inkling).
 *
 * @param experts the experts, without regard to their router
 * @param router the weight tensors of what chooses them
 */
public record OwnRouter(MixtureOfExperts experts, List<WeightTensor> router) implements FeedForward {
    /**
     * Copies the list.
     *
     * @param experts as documented above
     * @param router as documented above
     */
    public OwnRouter {
        router = ImmutableList.copyOf(router);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        tensors.addAll(router);
        experts.tensors(hidden).stream()
                .filter(tensor -> tensor.role() != TensorRole.ROUTER && tensor.role() != TensorRole.ROUTER_BIAS)
                .forEach(tensors::add);
        return tensors.build();
    }

    @Override
    public long denseWidth() {
        return experts.denseWidth();
    }

    @Override
    public List<MixtureOfExperts> mixtures() {
        return experts.mixtures();
    }
}
