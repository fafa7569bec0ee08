package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;
import java.util.List;
import java.util.Optional;

/** Finds latent attention, by itself or as a part of another. */
final class LatentLayers {
    private LatentLayers() {}

    /** The first of a model, whatever part of the model the rank holds. */
    static Optional<MultiHeadLatent> first(Rank rank) {
        for (LayerGroup group : rank.model().layers().groups()) {
            List<MultiHeadLatent> latents = in(group.attention());
            if (!latents.isEmpty()) {
                return Optional.of(latents.get(0));
            }
        }
        return Optional.empty();
    }

    /** Those of one attention. */
    static List<MultiHeadLatent> in(Attention attention) {
        if (attention instanceof MultiHeadLatent latent) {
            return List.of(latent);
        }
        ImmutableList.Builder<MultiHeadLatent> latents = ImmutableList.builder();
        for (Attention part : attention.parts()) {
            if (part instanceof MultiHeadLatent latent) {
                latents.add(latent);
            }
        }
        return latents.build();
    }
}
