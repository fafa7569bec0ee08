package io.llmsizing.catalog;

import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.model.TensorBlock.Part;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** Why a count of parameters that was made elsewhere differs from ours, and by how many elements where that can be counted. */
enum DifferingCount {
    WITHOUT_ROUTING_CORRECTIONS("without routing corrections", model -> -ofRole(model, TensorRole.ROUTER_BIAS)),
    PREDICTION("with the prediction block", model -> model.parameters().speculative()),
    PREDICTION_AND_COPIES("with the prediction block and its copies", DifferingCount::predictionAndCopies),
    SCALES("with scales", model -> scales(model, false)),
    PREDICTION_AND_SCALES(
            "with the prediction block and scales", model -> model.parameters().speculative() + scales(model, true)),
    PREDICTION_COPIES_AND_SCALES(
            "with the prediction block, its copies and scales",
            model -> predictionAndCopies(model) + scales(model, true)),
    TIED_COPY("with a copy of the tied embedding", DifferingCount::table),
    NO_HEAD("without the head", model -> -table(model)),
    NO_NORMS("without norms", model -> -ofRole(model, TensorRole.NORM)),
    SOME_NORMS("without FP32 tensors", null),
    BUFFERS("with buffers", null),
    PACKED("packed words counted once", null),
    SOME_PREDICTION("with a prediction block of another shape", null),
    SOME_SCALES("with other scales", null),
    OTHER_HEAD("with another head", null),
    TOWERS("with other towers", null),
    ADAPTERS("with adapters", null),
    POSITIONS("without padding of the position table", null),
    TABLES("without n-gram tables", null),
    NOT_EXPLAINED("not explained", null),
    NAME("size in the name", null),
    ROUNDED("rounded", null);

    private final String reason;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<ToLongFunction<Model>> counted;

    DifferingCount(String reason, ToLongFunction<Model> counted) {
        this.reason = reason;
        this.counted = counted == null ? List.of() : List.of(counted);
    }

    static DifferingCount of(String reason) {
        return Arrays.stream(values())
                .filter(known -> known.reason.equals(reason))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no reason '" + reason + "'"));
    }

    OptionalLong elements(Model model) {
        return counted.stream().mapToLong(count -> count.applyAsLong(model)).findFirst();
    }

    private static long predictionAndCopies(Model model) {
        return model.parameters().speculative() + model.parameters().speculativeCopies();
    }

    private static long table(Model model) {
        long width = model.embedding().width() > 0 ? model.embedding().width() : model.hidden();
        return model.embedding().vocabulary() * width;
    }

    private static long ofRole(Model model, TensorRole role) {
        return model.blocks().stream()
                .filter(block -> block.part() != Part.SPECULATIVE && block.part() != Part.SPECULATIVE_COPIES)
                .flatMapToLong(block -> block.tensors().stream()
                        .filter(tensor -> tensor.role() == role)
                        .mapToLong(tensor -> block.count() * tensor.elements()))
                .sum();
    }

    /** Stored values beside the elements themselves. */
    private static long scales(Model model, boolean prediction) {
        return model.blocks().stream()
                .filter(block -> block.part() != Part.SPECULATIVE_COPIES)
                .filter(block -> prediction || block.part() != Part.SPECULATIVE)
                .mapToLong(block -> block.tensors().stream()
                        .mapToLong(tensor -> scales(model, block, tensor))
                        .sum())
                .sum();
    }

    private static long scales(Model model, TensorBlock block, WeightTensor tensor) {
        List<BlockFormat.Part> parts =
                model.weights().formatOf(block.name(), tensor).parts();
        return parts.stream()
                .skip(1)
                .mapToLong(part -> block.count()
                        * tensor.count()
                        * part.rowTiles(tensor.rows())
                        * part.columnTiles(tensor.rows(), tensor.columns()))
                .sum();
    }
}
