package io.llmsizing.feedforward;

import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/** A feed-forward block. The set is closed by mathematics. */
public sealed interface FeedForward
        permits DenseFeedForward, MixtureOfExperts, OwnRouter, ParallelFeedForwards, NoFeedForward {
    /** The largest width taken for real. */
    long LARGEST_WIDTH = 1L << 24;

    /**
     * The weight tensors of one layer.
     *
     * @param hidden the model's width
     * @return tensors without the norms around the block
     */
    List<WeightTensor> tensors(long hidden);

    /**
     * The inner width that a token passes on its way, which sizes temporary memory.
     *
     * @return elements, whole (before tensor parallelism); 0 where all of it belongs to routed experts
     */
    long denseWidth();

    /**
     * The mixtures of experts in it.
     *
     * @return itself where it is one, none for a dense block
     */
    default List<MixtureOfExperts> mixtures() {
        return this instanceof MixtureOfExperts experts ? List.of(experts) : List.of();
    }
}
