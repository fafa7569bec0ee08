package io.llmsizing.attention;

import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Attention that limits, repeats or shares what another one keeps: heads, weights and states are those of the attention
 * inside unless it says otherwise.
 */
public sealed interface AttentionAround extends Attention
        permits SlidingWindow,
                ChunkedLocal,
                IndexedAttention,
                SharedCache,
                RepeatedAttention,
                Bidirectional,
                CrossAttention {
    /**
     * The attention inside.
     *
     * @return what is limited, repeated or shared
     */
    Attention inner();

    @Override
    default List<WeightTensor> tensors(long hidden) {
        return inner().tensors(hidden);
    }

    @Override
    default List<RecurrentState> states() {
        return inner().states();
    }

    @Override
    default long heads() {
        return inner().heads();
    }

    @Override
    default long keyValueHeads() {
        return inner().keyValueHeads();
    }

    @Override
    default boolean cutsInto(long tensorRanks) {
        return inner().cutsInto(tensorRanks);
    }

    @Override
    default List<Attention> parts() {
        return inner().parts();
    }
}
