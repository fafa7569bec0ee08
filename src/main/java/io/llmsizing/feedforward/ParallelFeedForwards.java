package io.llmsizing.feedforward;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Several feed-forward blocks in one layer: a dense block beside experts (Arctic, Grok-2, Gemma 4), or two dense blocks and
 * experts (LongCat).
 *
 * @param parts the blocks, at least two
 */
public record ParallelFeedForwards(List<FeedForward> parts) implements FeedForward {
    /**
     * Copies the list.
     *
     * @param parts as documented above
     * @throws IllegalArgumentException if there are fewer than two
     */
    public ParallelFeedForwards {
        checkArgument(parts.size() >= 2, "%s feed-forward blocks; two or more", parts.size());
        parts = ImmutableList.copyOf(parts);
    }

    /**
     * Several blocks.
     *
     * @param parts at least two
     * @return the layer's feed-forward blocks
     */
    public static ParallelFeedForwards of(FeedForward... parts) {
        return new ParallelFeedForwards(ImmutableList.copyOf(parts));
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        return parts.stream().flatMap(part -> part.tensors(hidden).stream()).collect(ImmutableList.toImmutableList());
    }

    @Override
    public long denseWidth() {
        return parts.stream().mapToLong(FeedForward::denseWidth).max().orElse(0);
    }

    @Override
    public List<MixtureOfExperts> mixtures() {
        return parts.stream().flatMap(part -> part.mixtures().stream()).collect(ImmutableList.toImmutableList());
    }
}
