package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Several mixers in one layer, side by side (Falcon-H1: attention and Mamba-2) or one after the other (LongCat: two latent
 * attentions; decoders of encoder-decoders: self and cross attention).
 *
 * @param mixers at least two
 */
public record ParallelMixers(List<Attention> mixers) implements Attention {
    /**
     * Copies the list.
     *
     * @param mixers as documented above
     * @throws IllegalArgumentException if there are fewer than two
     */
    public ParallelMixers {
        checkArgument(mixers.size() >= 2, "%s mixers; two or more", mixers.size());
        mixers = ImmutableList.copyOf(mixers);
    }

    /**
     * Several mixers.
     *
     * @param mixers at least two
     * @return the layer's mixer
     */
    public static ParallelMixers of(Attention... mixers) {
        return new ParallelMixers(ImmutableList.copyOf(mixers));
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        return mixers.stream()
                .flatMap(mixer -> mixer.tensors(hidden).stream())
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return mixers.stream()
                .flatMap(mixer -> mixer.cacheRows(tensorRanks).stream())
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public List<RecurrentState> states() {
        return mixers.stream().flatMap(mixer -> mixer.states().stream()).collect(ImmutableList.toImmutableList());
    }

    @Override
    public String label() {
        return mixers.stream()
                .map(Attention::label)
                .distinct()
                .reduce((a, b) -> a + " + " + b)
                .orElse("");
    }

    @Override
    public long heads() {
        return mixers.stream().mapToLong(Attention::heads).max().orElse(0);
    }

    @Override
    public long keyValueHeads() {
        return mixers.stream().mapToLong(Attention::keyValueHeads).max().orElse(0);
    }

    @Override
    public boolean cutsInto(long tensorRanks) {
        return mixers.stream().allMatch(mixer -> mixer.cutsInto(tensorRanks));
    }

    @Override
    public List<Attention> parts() {
        return mixers.stream().flatMap(mixer -> mixer.parts().stream()).collect(ImmutableList.toImmutableList());
    }
}
