package io.llmsizing.report;

import com.google.common.collect.ImmutableList;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.model.TensorBlock.Part;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.function.Predicate;

/**
 * All tensors of a model, each kind once, with what one rank holds of it. Bytes are those that the ledger adds up for a
 * verdict: the same postings.
 */
public final class TensorListing {
    private final Model model;
    private final WeightScheme weights;
    private final Rank rank;
    private final List<Row> rows;

    /**
     * The tensors of one kind in one place.
     *
     * @param block where they stand
     * @param tensor one of them
     * @param bytes of all of them, scales and zero points included
     * @param rankBytes what the rank holds of them; copies of embedding and head for multi-token prediction are shared with
     *     the model and take none
     */
    public record Row(TensorBlock block, WeightTensor tensor, long bytes, long rankBytes) {
        /**
         * How many there are in the whole model.
         *
         * @return layers x tensors of a layer
         */
        public long count() {
            return Math.multiplyExact((long) block.count(), tensor.count());
        }
    }

    private TensorListing(Model model, WeightScheme weights, Rank rank, List<Row> rows) {
        this.model = model;
        this.weights = weights;
        this.rank = rank;
        this.rows = rows;
    }

    /**
     * Lists a model's tensors.
     *
     * @param model the model
     * @param weights how tensors are stored
     * @param layout how ranks share them; the rank shown is that of the stage with the most weights
     * @return from the bottom up
     * @throws ArithmeticException beyond 2^63
     */
    public static TensorListing of(Model model, WeightScheme weights, ParallelLayout layout) {
        Rank whole = Rank.of(model, ParallelLayout.SINGLE, 0, true, 1);
        Rank fullest = fullest(model, weights, layout);
        ImmutableList.Builder<Row> rows = ImmutableList.builder();
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                long bytes = block.part() == Part.SPECULATIVE_COPIES
                        ? WeightMemory.copiesBytes(weights, block, tensor)
                        : bytes(whole, weights, block, tensor);
                rows.add(new Row(block, tensor, bytes, bytes(fullest, weights, block, tensor)));
            }
        }
        return new TensorListing(model, weights, fullest, rows.build());
    }

    private static long bytes(Rank rank, WeightScheme weights, TensorBlock block, WeightTensor tensor) {
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, rank, weights, block, tensor);
        return total.bytes();
    }

    private static Rank fullest(Model model, WeightScheme weights, ParallelLayout layout) {
        int fullest = 0;
        long most = -1;
        for (int stage = 0; stage < layout.pipeline(); stage++) {
            TotalLedger total = new TotalLedger();
            WeightMemory.account(total, Rank.of(model, layout, stage, false, 1), weights);
            if (total.bytes() > most) {
                most = total.bytes();
                fullest = stage;
            }
        }
        return Rank.of(model, layout, fullest, true, 1);
    }

    /**
     * The model.
     *
     * @return whose tensors these are
     */
    public Model model() {
        return model;
    }

    /**
     * How tensors are stored.
     *
     * @return the scheme
     */
    public WeightScheme weights() {
        return weights;
    }

    /**
     * The rank whose share is shown.
     *
     * @return that of the stage with the most weights, multi-token prediction loaded
     */
    public Rank rank() {
        return rank;
    }

    /**
     * The tensors.
     *
     * @return from the bottom up
     */
    public List<Row> rows() {
        return rows;
    }

    /**
     * What the format of a tensor is called.
     *
     * @param row of this listing
     * @return its name
     */
    public String format(Row row) {
        return weights.formatOf(row.block().name(), row.tensor()).name();
    }

    /**
     * Bytes of the tensors in some places.
     *
     * @param parts which places count
     * @return the sum over the whole model
     * @throws ArithmeticException beyond 2^63
     */
    public long bytes(Predicate<Part> parts) {
        return rows.stream()
                .filter(row -> parts.test(row.block().part()))
                .mapToLong(Row::bytes)
                .reduce(0, Math::addExact);
    }

    /**
     * Bytes of the tensors in some places on the rank.
     *
     * @param parts which places count
     * @return the sum over what it holds
     * @throws ArithmeticException beyond 2^63
     */
    public long rankBytes(Predicate<Part> parts) {
        return rows.stream()
                .filter(row -> parts.test(row.block().part()))
                .mapToLong(Row::rankBytes)
                .reduce(0, Math::addExact);
    }
}
