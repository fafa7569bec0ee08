package io.llmsizing.weights;

import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/** Weight memory, tensor by tensor: elements of each stored part, never parameters times an average. */
public final class WeightMemory {
    /** Bytes of one stored part of the tensors of a kind. */
    public static final MemoryLine TENSOR = MemoryLine.exact(
            "weights.tensor",
            "layers * tensors * row_tiles * column_tiles * tile_bytes",
            "shape and storage format of the tensor");

    private WeightMemory() {}

    /**
     * Posts the tensor bytes of one rank.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param weights how tensors are stored
     * @throws ArithmeticException naming the tensor, if a size is beyond 2^63
     */
    public static void account(Ledger ledger, Rank rank, WeightScheme weights) {
        ledger.enter("weights");
        List<TensorBlock> blocks = rank.model().blocks();
        for (int i = 0; i < blocks.size(); i++) {
            TensorBlock block = blocks.get(i);
            if (rank.copiesOf(block) > 0) {
                ledger.enter(block.name());
                List<WeightTensor> tensors = block.tensors();
                for (int t = 0; t < tensors.size(); t++) {
                    account(ledger, rank, weights, block, tensors.get(t));
                }
                ledger.leave();
            }
        }
        ledger.leave();
    }

    /**
     * Posts what one rank holds of the tensors of one kind.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param weights how tensors are stored
     * @param block where the tensor stands
     * @param tensor one of the block's
     * @throws ArithmeticException naming the tensor, if a size is beyond 2^63
     */
    public static void account(Ledger ledger, Rank rank, WeightScheme weights, TensorBlock block, WeightTensor tensor) {
        long layers = rank.copiesOf(block);
        long count = rank.count(tensor);
        long rows = rank.rows(tensor);
        long columns = rank.columns(tensor);
        List<BlockFormat.Part> parts = weights.formatOf(block.name(), tensor).parts();
        for (int p = 0; p < parts.size(); p++) {
            BlockFormat.Part part = parts.get(p);
            ledger.post(
                    TENSOR,
                    tensor.name(),
                    parts.size() == 1 ? "" : part.name(),
                    layers,
                    count,
                    part.rowTiles(rows),
                    part.columnTiles(rows, columns),
                    part.bytes());
        }
    }

    /**
     * Bytes of a model's weights on one device that holds all of it.
     *
     * @param model the model
     * @param weights how tensors are stored
     * @param speculative whether multi-token prediction is counted (without its copies of embedding and head)
     * @return bytes: 673,150,611,808 for DeepSeek-V3 in its own FP8 without multi-token prediction
     * @throws ArithmeticException beyond 2^63
     */
    public static long bytes(Model model, WeightScheme weights, boolean speculative) {
        TotalLedger total = new TotalLedger();
        account(total, Rank.of(model, ParallelLayout.SINGLE, 0, speculative, 1), weights);
        return total.bytes();
    }

    /**
     * Bytes of the published checkpoint's tensors: the model, multi-token prediction and the copies stored for it.
     *
     * @param model the model
     * @param weights how tensors are stored
     * @return bytes: 688,574,839,360 for DeepSeek-V3 in its own FP8
     * @throws ArithmeticException beyond 2^63
     */
    public static long checkpointBytes(Model model, WeightScheme weights) {
        long bytes = bytes(model, weights, true);
        for (TensorBlock block : model.blocks()) {
            if (block.part() == TensorBlock.Part.SPECULATIVE_COPIES) {
                for (WeightTensor tensor : block.tensors()) {
                    bytes = Math.addExact(bytes, copiesBytes(weights, block, tensor));
                }
            }
        }
        return bytes;
    }

    /**
     * Bytes of the copies of embedding or head that a checkpoint holds for multi-token prediction.
     *
     * @param weights how tensors are stored
     * @param block the copies' block
     * @param tensor one of its tensors
     * @return bytes of that tensor for all prediction blocks
     * @throws ArithmeticException beyond 2^63
     */
    public static long copiesBytes(WeightScheme weights, TensorBlock block, WeightTensor tensor) {
        long each = weights.formatOf(block.name(), tensor).bytes(tensor.rows(), tensor.columns());
        return Math.multiplyExact((long) block.count(), each);
    }
}
