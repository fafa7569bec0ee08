package io.llmsizing;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.CsvTable;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The published size of one checkpoint beside the formula, and what lies between them. */
final class PublishedCheckpoint {
    /** What lies between formula and publication, by arithmetic of its own; and what is not explained. */
    enum Term {
        ROUTERS_IN_FP32,
        SECOND_COPY,
        VISION_ENCODER,
        SHAPES_OF_PACKED_EXPERTS,
        UNEXPLAINED
    }

    private static final Catalog CATALOG = Catalog.bundled();
    private static final long HALF_A_HUNDREDTH_OF_A_GIB = 5_368_710;
    private static final List<CsvTable.Row> DIFFERENCES =
            rows("explained-differences.csv", "model", "term", "of", "bytes", "why");

    private final CsvTable.Row row;
    private final Optional<CsvTable.Row> difference;
    private final Model shape;
    private final WeightScheme weights;

    private PublishedCheckpoint(CsvTable.Row row) {
        this.row = row;
        String of = row.text("shape_of");
        shape = CATALOG.model(of.isEmpty() ? model() : of);
        String scheme = row.text("weights");
        weights = scheme.isEmpty() ? shape.weights() : WeightSchemes.named(scheme);
        difference = DIFFERENCES.stream()
                .filter(one -> one.required("model").equals(model()))
                .findFirst();
    }

    private static List<CsvTable.Row> rows(String file, String... columns) {
        try (InputStream bytes =
                Objects.requireNonNull(PublishedCheckpoint.class.getResourceAsStream("/io/llmsizing/" + file), file)) {
            return CsvTable.read(bytes, file, List.of(columns)).rows();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<PublishedCheckpoint> all() {
        return rows("published-checkpoints.csv", "model", "shape_of", "weights", "bytes", "rounding", "source").stream()
                .map(PublishedCheckpoint::new)
                .collect(Collectors.toUnmodifiableList());
    }

    static List<String> modelsThatDiffer() {
        return DIFFERENCES.stream().map(one -> one.required("model")).collect(Collectors.toUnmodifiableList());
    }

    String model() {
        return row.required("model");
    }

    String scheme() {
        return weights.name();
    }

    String source() {
        return row.required("source");
    }

    long published() {
        return row.whole("bytes", 1, Long.MAX_VALUE);
    }

    boolean isExact() {
        return row.required("rounding").equals("exact");
    }

    /** What the published figure may be off by. */
    long rounding() {
        return isExact() ? 0 : HALF_A_HUNDREDTH_OF_A_GIB;
    }

    long formula() {
        return WeightMemory.checkpointBytes(shape, weights);
    }

    Optional<Term> term() {
        return difference.map(one -> Term.valueOf(one.required("term").toUpperCase(Locale.ROOT)));
    }

    String why() {
        return difference.map(one -> one.required("why")).orElse("");
    }

    /** What the term comes to, computed; for what is not explained, the amount that was seen. */
    long explained() {
        return term().map(this::bytes).orElse(0L);
    }

    private long bytes(Term term) {
        return switch (term) {
            case ROUTERS_IN_FP32 -> 2 * elements(tensor -> tensor.role() == TensorRole.ROUTER && tensor.columns() > 1);
            case SECOND_COPY -> formula();
            case VISION_ENCODER ->
                encoder(CATALOG.model(difference.orElseThrow().required("of")));
            case SHAPES_OF_PACKED_EXPERTS -> 2 * Integer.BYTES * packedExperts();
            case UNEXPLAINED -> difference.orElseThrow().whole("bytes", Long.MIN_VALUE, Long.MAX_VALUE);
        };
    }

    private long elements(Predicate<WeightTensor> which) {
        long elements = 0;
        for (TensorBlock block : shape.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                elements += which.test(tensor) ? block.count() * tensor.elements() : 0;
            }
        }
        return elements;
    }

    private long packedExperts() {
        long matrices = 0;
        for (TensorBlock block : shape.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                matrices += tensor.role() == TensorRole.EXPERT ? block.count() * tensor.count() : 0;
            }
        }
        return matrices;
    }

    /** A sibling's encoder in BF16, its projector as wide as this model. */
    private long encoder(Model sibling) {
        LongUnaryOperator widened = side -> side == sibling.hidden() ? shape.hidden() : side;
        return sibling.blocks().stream()
                .filter(block -> block.part() == TensorBlock.Part.VISION)
                .flatMap(block -> block.tensors().stream())
                .mapToLong(tensor ->
                        2 * tensor.count() * widened.applyAsLong(tensor.rows()) * widened.applyAsLong(tensor.columns()))
                .sum();
    }

    /**
     * The most that files hold beside the tensors of the formula, where files were counted: an entry for each stored
     * tensor in a safetensors header and one in the index, under our names with the longest usual prefix.
     */
    long entriesAtMost() {
        long bytes = 0;
        for (TensorBlock block : shape.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                for (BlockFormat.Part part :
                        weights.formatOf(block.name(), tensor).parts()) {
                    bytes += entries(block, tensor, part.name());
                }
            }
        }
        return isExact() ? 0 : bytes;
    }

    /** The same for what the term adds. */
    long entriesOfTerm() {
        return switch (term().orElse(Term.UNEXPLAINED)) {
            case SECOND_COPY -> entriesAtMost();
            case SHAPES_OF_PACKED_EXPERTS ->
                shape.blocks().stream()
                        .flatMapToLong(block -> block.tensors().stream()
                                .filter(tensor -> tensor.role() == TensorRole.EXPERT)
                                .mapToLong(tensor -> entries(block, tensor, "weight_shape")))
                        .sum();
            case ROUTERS_IN_FP32, VISION_ENCODER, UNEXPLAINED -> 0;
        };
    }

    private static long entries(TensorBlock block, WeightTensor tensor, String part) {
        return block.count() * tensor.count() * entries(name(block, tensor, part));
    }

    private static String name(TensorBlock block, WeightTensor tensor, String part) {
        String name =
                tensor.name().replace(".N.", "." + (tensor.count() - 1) + ".").replaceAll("weight$", part);
        return block.part() == TensorBlock.Part.EMBEDDING || block.part() == TensorBlock.Part.OUTPUT
                ? "language_model.model." + name
                : "language_model.model.layers.99." + name;
    }

    private static long entries(String name) {
        String header = "\"" + name
                + "\":{\"dtype\":\"F8_E4M3\",\"shape\":[99999,99999],\"data_offsets\":[4999999999,4999999999]},";
        String index = "    \"" + name + "\": \"model-00001-of-00163.safetensors\",\n";
        return (long) header.length() + index.length();
    }
}
