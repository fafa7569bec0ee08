package io.llmsizing.parallel;

import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How many copies of experts can be dealt out: experts and copies together must divide over the ranks (vLLM
 * distributed/eplb, config/parallel.py).
 */
final class RedundancyRules {
    private static final int SUGGESTIONS = 6;

    private RedundancyRules() {}

    static Optional<Supplier<String>> violation(Model model, ParallelLayout layout) {
        int copies = layout.redundantExperts();
        if (copies == 0) {
            return Optional.empty();
        }
        if (!layout.expert()) {
            return Optional.of(() -> "redundant experts " + copies
                    + ": only whole experts are copied; take expert parallel too, or leave them out");
        }
        int ranks = layout.expertRanks();
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                if (tensor.role() == TensorRole.EXPERT && (tensor.count() + copies) % ranks != 0) {
                    return Optional.of(() -> String.format(
                            Locale.ROOT,
                            "redundant experts %d: %d experts and %d copies do not divide over %d ranks; numbers that work: %s"
                                    + " ...",
                            copies,
                            tensor.count(),
                            copies,
                            ranks,
                            LongStream.iterate((ranks - tensor.count() % ranks) % ranks, number -> number + ranks)
                                    .limit(SUGGESTIONS)
                                    .mapToObj(Long::toString)
                                    .collect(Collectors.joining(", "))));
                }
            }
        }
        return Optional.empty();
    }
}
