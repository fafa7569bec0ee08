package io.llmsizing.calibration;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The concepts of which a model's memory is made, read off its shape. Fitted constants belong to a concept, never to a
 * model.
 *
 * @param cache the most peculiar thing that its layers keep
 * @param experts whether tokens are routed to experts
 */
public record ModelFamily(Cache cache, boolean experts) implements Comparable<ModelFamily> {
    private static final Comparator<ModelFamily> ORDER =
            Comparator.comparing(ModelFamily::cache).thenComparing(ModelFamily::experts);

    /** What layers keep of a sequence, the plainest first. */
    public enum Cache {
        /** A key and a value for every token. */
        FULL,
        /** In some layers the last tokens alone. */
        WINDOWED,
        /** A latent for every token. */
        LATENT,
        /** Rows that several tokens share. */
        COMPRESSED,
        /** In some layers a state instead of the tokens. */
        RECURRENT
    }

    /**
     * The family of a model.
     *
     * @param model the model
     * @return from its shape alone
     */
    public static ModelFamily of(Model model) {
        Cache cache = Cache.FULL;
        for (LayerGroup group : model.layers().groups()) {
            Cache kept = kept(group.attention());
            cache = kept.compareTo(cache) > 0 ? kept : cache;
        }
        return new ModelFamily(cache, model.hasExperts());
    }

    private static Cache kept(Attention attention) {
        List<Attention> parts = attention.parts();
        if (parts.stream().anyMatch(CompressedAttention.class::isInstance)) {
            return Cache.COMPRESSED;
        }
        if (!attention.states().isEmpty()) {
            return Cache.RECURRENT;
        }
        if (parts.stream().anyMatch(MultiHeadLatent.class::isInstance)) {
            return Cache.LATENT;
        }
        return attention.cacheRows(1).stream().anyMatch(row -> row.window().isPresent()) ? Cache.WINDOWED : Cache.FULL;
    }

    /**
     * The family for people.
     *
     * @return such as {@code dense} or {@code latent experts}
     */
    public String label() {
        String feedForward = experts ? "experts" : "dense";
        return cache == Cache.FULL ? feedForward : cache.name().toLowerCase(Locale.ROOT) + " " + feedForward;
    }

    @Override
    public int compareTo(ModelFamily other) {
        return ORDER.compare(this, other);
    }
}
