package io.llmsizing.parallel;

import io.llmsizing.attention.Attention;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.ShardRule.Cut;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which layouts can be: heads and widths divide, a cut matrix keeps whole quantisation blocks, every stage has a layer.
 * The rules are those that vLLM checks at start.
 */
public final class LayoutRules {
    private static final int LARGEST_SUGGESTION = 64;

    /** To what the engines that cut a vocabulary pad it first. */
    private static final long VOCABULARY_MULTIPLE = 64;

    private LayoutRules() {}

    /**
     * Why a layout can't be.
     *
     * @param model what is laid out
     * @param weights how it is stored
     * @param layout how it is laid out
     * @return the first reason found with the sizes that work, or nothing if the layout is valid
     */
    public static Optional<String> violation(Model model, WeightScheme weights, ParallelLayout layout) {
        Optional<Supplier<String>> outer = outerViolation(model, layout);
        if (outer.isPresent()) {
            return outer.map(Supplier::get);
        }
        Optional<String> cut = tensorViolation(model, weights, layout)
                .map(reason -> reason.get() + "; " + wayOut(model, weights, layout));
        return cut.or(() -> ContextRules.violation(model, layout).map(Supplier::get))
                .or(() -> RedundancyRules.violation(model, layout).map(Supplier::get));
    }

    /**
     * Whether a layout can be, without saying why not.
     *
     * @param model what is laid out
     * @param weights how it is stored
     * @param layout how it is laid out
     * @return whether {@link #violation} is empty
     */
    public static boolean isValid(Model model, WeightScheme weights, ParallelLayout layout) {
        return outerViolation(model, layout).isEmpty()
                && tensorViolation(model, weights, layout).isEmpty()
                && ContextRules.violation(model, layout).isEmpty()
                && RedundancyRules.violation(model, layout).isEmpty();
    }

    private static Optional<Supplier<String>> outerViolation(Model model, ParallelLayout layout) {
        int layers = model.layers().size();
        if (layout.pipeline() > layers) {
            return Optional.of(() -> String.format(
                    Locale.ROOT,
                    "pipeline parallel %d: %s has %d layers; 1 to %d stages allowed",
                    layout.pipeline(),
                    model.name(),
                    layers,
                    layers));
        }
        if (layout.expert() && !model.hasExperts()) {
            return Optional.of(() -> "expert parallel: " + model.name() + " has no experts; leave it off");
        }
        return Optional.empty();
    }

    private static String wayOut(Model model, WeightScheme weights, ParallelLayout layout) {
        String sizes = IntStream.rangeClosed(1, LARGEST_SUGGESTION)
                .filter(size ->
                        tensorViolation(model, weights, layout.withTensor(size)).isEmpty())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        String rest = (layout.data() > 1 ? " with data parallel " + layout.data() : "")
                + (layout.expert() ? " with expert parallel" : "");
        return sizes.isEmpty()
                ? "no tensor parallel size works" + rest + " (up to " + LARGEST_SUGGESTION + " tried); change that"
                : "tensor parallel sizes that work" + rest + ": " + sizes + " (up to " + LARGEST_SUGGESTION + " tried)";
    }

    private static Optional<Supplier<String>> tensorViolation(
            Model model, WeightScheme weights, ParallelLayout layout) {
        if (layout.expertRanks() == 1) {
            return Optional.empty();
        }
        for (LayerGroup group : model.layers().groups()) {
            if (!group.attention().cutsInto(layout.tensor())) {
                return headViolation(group.attention(), layout);
            }
        }
        if (model.speculativeHead().isPresent()) {
            Attention attention = model.speculativeHead().get().layer().attention();
            if (!attention.cutsInto(layout.tensor())) {
                return headViolation(attention, layout);
            }
        }
        long vocabulary = Exact.padTo(model.embedding().vocabulary(), VOCABULARY_MULTIPLE);
        if (!Exact.isMultiple(vocabulary, layout.tensor())) {
            return Optional.of(() -> String.format(
                    Locale.ROOT,
                    "tensor parallel %d: the vocabulary, padded to %d rows, does not divide",
                    layout.tensor(),
                    vocabulary));
        }
        Rank rank = Rank.of(model, layout, 0, false, 1);
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                Optional<Supplier<String>> violation =
                        tensorViolation(tensor, weights.formatOf(block.name(), tensor), rank);
                if (violation.isPresent()) {
                    return violation;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Supplier<String>> headViolation(Attention attention, ParallelLayout layout) {
        return Optional.of(() -> attention.heads() % layout.tensor() != 0
                ? String.format(
                        Locale.ROOT,
                        "tensor parallel %d: %d attention heads do not divide",
                        layout.tensor(),
                        attention.heads())
                : String.format(
                        Locale.ROOT,
                        "tensor parallel %d: %d key-value heads neither divide nor can be copied evenly",
                        layout.tensor(),
                        attention.keyValueHeads()));
    }

    /** Kernels for MXFP4 pad what a rank holds, so that its groups may be cut; no others do. */
    private static Optional<Supplier<String>> tensorViolation(WeightTensor tensor, BlockFormat format, Rank rank) {
        Cut cut = tensor.shardRule().cut();
        long ranks = rank.cutsOf(tensor);
        if (ranks == 1 || cut == Cut.NONE || cut == Cut.VOCABULARY) {
            return Optional.empty();
        }
        boolean columns = cut == Cut.COLUMNS;
        String size = tensor.role() == TensorRole.EXPERT ? "tensor x data parallel" : "tensor parallel";
        String side = columns ? "columns" : "rows";
        long whole = columns ? tensor.columns() : tensor.rows();
        long part = columns ? rank.columns(tensor) : rank.rows(tensor);
        if (cut != Cut.HEADS && part * ranks != whole) {
            return Optional.of(() -> String.format(
                    Locale.ROOT, "%s %d: the %d %s of %s do not divide", size, ranks, whole, side, tensor.name()));
        }
        for (BlockFormat.Part stored : format.parts()) {
            long tile = columns ? stored.columns() : stored.rows();
            boolean bound = tile != 1
                    && tile != BlockFormat.WHOLE
                    && stored.rows() != BlockFormat.CONTINUED
                    && !format.equals(Formats.MXFP4);
            if (bound && !Exact.isMultiple(part, tile)) {
                return Optional.of(() -> String.format(
                        Locale.ROOT,
                        "%s %d: each rank's %d %s of %s are not a multiple of %s's blocks of %d",
                        size,
                        ranks,
                        part,
                        side,
                        tensor.name(),
                        format.name(),
                        tile));
            }
        }
        return Optional.empty();
    }
}
