package io.llmsizing.feedforward;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/** A layer without a feed-forward block: Mamba's, and the attention layers of Nemotron-H. */
public record NoFeedForward() implements FeedForward {
    @Override
    public List<WeightTensor> tensors(long hidden) {
        return ImmutableList.of();
    }

    @Override
    public long denseWidth() {
        return 0;
    }
}
