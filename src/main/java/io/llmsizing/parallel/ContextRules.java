package io.llmsizing.parallel;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Over how many tensor ranks the cached tokens of a sequence can be spread: those that would otherwise keep copies, which are
 * all of them for a latent, and tensor / key-value heads for grouped heads. The rules are those that vLLM checks at start
 * (config/model.py, config/parallel.py).
 */
final class ContextRules {
    private ContextRules() {}

    static Optional<Supplier<String>> violation(Model model, ParallelLayout layout) {
        int ranks = layout.context();
        if (ranks == 1) {
            return Optional.empty();
        }
        for (LayerGroup group : model.layers().groups()) {
            if (!keepsWhole(group.attention())) {
                return Optional.of(() -> String.format(
                        Locale.ROOT,
                        "context parallel %d: layers of %s in %s do not keep one row for every token; leave it out",
                        ranks,
                        group.attention().label(),
                        model.name()));
            }
        }
        if (works(model, layout.tensor(), ranks)) {
            return Optional.empty();
        }
        return Optional.of(() -> String.format(
                Locale.ROOT,
                "context parallel %d: it must divide tensor parallel %d, and %s; sizes that work: %s",
                ranks,
                layout.tensor(),
                reason(model, layout.tensor()),
                IntStream.rangeClosed(1, layout.tensor())
                        .filter(size -> works(model, layout.tensor(), size))
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", "))));
    }

    private static String reason(Model model, int tensor) {
        return model.layers().groups().stream()
                .map(LayerGroup::attention)
                .filter(attention -> !attention.cacheRows(1).isEmpty() && !isLatent(attention))
                .findFirst()
                .map(attention -> String.format(
                        Locale.ROOT,
                        "the copies of each of %d key-value heads (tensor / heads) and the %d query heads of each must be a"
                                + " multiple of it or more",
                        attention.keyValueHeads(),
                        attention.heads() / attention.keyValueHeads()))
                .orElse("a latent stands on all " + tensor);
    }

    private static boolean works(Model model, int tensor, int ranks) {
        return tensor % ranks == 0
                && model.layers().groups().stream().allMatch(group -> works(group.attention(), tensor, ranks));
    }

    private static boolean works(Attention attention, int tensor, int ranks) {
        if (ranks == 1 || attention.cacheRows(1).isEmpty() || isLatent(attention)) {
            return true;
        }
        long heads = attention.keyValueHeads();
        return tensor > heads && ranks <= tensor / heads && attention.heads() / heads % ranks == 0;
    }

    private static boolean isLatent(Attention attention) {
        return attention.parts().stream().anyMatch(MultiHeadLatent.class::isInstance);
    }

    private static boolean keepsWhole(Attention attention) {
        return attention.states().isEmpty()
                && attention.cacheRows(1).stream()
                        .allMatch(row -> row.limit().equals(CacheRow.UNLIMITED) && row.stride() == 1);
    }
}
