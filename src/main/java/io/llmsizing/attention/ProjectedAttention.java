package io.llmsizing.attention;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Attention that keeps what another one keeps and has projections of its own: low-rank queries (Step 3), heads that a router
 * chooses (JetMoe), gated and differential heads over a latent (Motif 3).
 *
 * @param kept the attention whose cache it has
 * @param weights its weight tensors
 */
public record ProjectedAttention(Attention kept, List<WeightTensor> weights) implements Attention {
    /**
     * Copies the list.
     *
     * @param kept as documented above
     * @param weights as documented above
     */
    public ProjectedAttention {
        weights = ImmutableList.copyOf(weights);
    }

    @Override
    public List<WeightTensor> tensors(long hidden) {
        return weights;
    }

    @Override
    public String label() {
        return kept.label();
    }

    @Override
    public List<CacheRow> cacheRows(long tensorRanks) {
        return kept.cacheRows(tensorRanks);
    }

    @Override
    public List<RecurrentState> states() {
        return kept.states();
    }

    @Override
    public long heads() {
        return kept.heads();
    }

    @Override
    public long keyValueHeads() {
        return kept.keyValueHeads();
    }

    @Override
    public boolean cutsInto(long tensorRanks) {
        return kept.cutsInto(tensorRanks);
    }

    @Override
    public List<Attention> parts() {
        return kept.parts();
    }
}
