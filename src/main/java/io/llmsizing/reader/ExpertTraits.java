package io.llmsizing.reader;

import io.llmsizing.document.CsvTable;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * How one architecture states its gated experts: a line of {@code experts.csv}.
 *
 * @param experts routed experts
 * @param active experts that a token uses
 * @param width inner width of an expert
 * @param shared number of shared experts; 1 where only their width is stated
 * @param sharedWidth inner width of a shared expert; that of the routed ones where only their number is stated
 * @param corrected whether each routed expert has a routing correction
 * @param layers which layers have experts
 * @param denseWidth inner width of the blocks in the others
 */
record ExpertTraits(
        StatedSize experts,
        StatedSize active,
        StatedSize width,
        Optional<StatedSize> shared,
        Optional<StatedSize> sharedWidth,
        boolean corrected,
        SparseLayers.Rule layers,
        Optional<StatedSize> denseWidth) {
    private static final List<String> COLUMNS = List.of(
            "model_type", "experts", "active", "width", "shared", "shared_width", "corrected", "layers", "dense_width");

    private static final Map<String, ExpertTraits> BY_TYPE = TraitTable.read("experts.csv", COLUMNS, ExpertTraits::of);

    private static ExpertTraits of(CsvTable.Row row) {
        return new ExpertTraits(
                StatedSize.of(row, "experts"),
                StatedSize.of(row, "active"),
                StatedSize.of(row, "width"),
                unlessNone(row, "shared"),
                unlessNone(row, "shared_width"),
                TraitTable.isYes(row, "corrected"),
                TraitTable.constant(row, "layers", SparseLayers.Rule.values()),
                unlessNone(row, "dense_width"));
    }

    private static Optional<StatedSize> unlessNone(CsvTable.Row row, String column) {
        return row.required(column).equals("none") ? Optional.empty() : Optional.of(StatedSize.of(row, column));
    }

    static ExpertTraits of(String modelType) {
        return Objects.requireNonNull(BY_TYPE.get(modelType), modelType);
    }

    /** The block of each layer, counted from 0. */
    static IntFunction<FeedForward> read(Config config) {
        ExpertTraits traits = of(config.type());
        FeedForward sparse = traits.experts(config);
        IntPredicate isSparse = SparseLayers.read(config, traits.layers());
        if (traits.denseWidth().isEmpty()) {
            config.has("intermediate_size");
            return layer -> sparse;
        }
        FeedForward dense = DenseFeedForward.gated(traits.denseWidth().get().size(config));
        return layer -> isSparse.test(layer) ? sparse : dense;
    }

    /** The experts of a layer that has them. */
    MixtureOfExperts experts(Config config) {
        long expertWidth = width.size(config);
        long number = shared.map(stated -> stated.count(config)).orElse(sharedWidth.isPresent() ? 1L : 0L);
        long each = number == 0
                ? 0
                : sharedWidth.map(stated -> stated.count(config)).orElse(expertWidth);
        return new MixtureOfExperts(
                experts.size(config),
                active.size(config),
                expertWidth,
                Math.multiplyExact(number, each),
                corrected,
                false);
    }
}
