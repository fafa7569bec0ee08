package io.llmsizing.engine;

import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;
import java.util.List;

/**
 * PyTorch's caching allocator: what it charges for a tensor is more than the tensor. Small and middle tensors are rounded
 * to 512 bytes; one of 10 MiB and more gets a segment of whole 2 MiB of its own, of which the rest is charged too unless
 * it is more than 1 MiB.
 */
public final class TorchAllocator {
    /** Bytes that are charged beyond the tensors' own. */
    public static final MemoryLine ROUNDING = MemoryLine.exact(
            "loading.allocator_rounding",
            "layers * parameters * unused_bytes",
            "PyTorch c10 CUDACachingAllocator: should_split, get_allocation_size");

    private static final long MIB = 1L << 20;

    private TorchAllocator() {}

    /**
     * Bytes charged for one tensor.
     *
     * @param bytes of the tensor, 0 or more
     * @return bytes charged: 260 MiB for 259 MiB, but 24.5 MiB for 24.5 MiB
     */
    public static long charge(long bytes) {
        long rounded = Exact.padTo(bytes, 512);
        if (rounded < 10 * MIB) {
            return rounded;
        }
        long segment = Exact.padTo(rounded, 2 * MIB);
        return segment - rounded <= MIB ? segment : rounded;
    }

    /**
     * Posts what the allocator charges beyond the tensor bytes of one rank. Tensors that the engine fuses into one
     * parameter are charged as one where they are stored alike: query, key and value; gate and up; all experts of a rank.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param weights how tensors are stored
     */
    public static void account(Ledger ledger, Rank rank, WeightScheme weights) {
        forEachParameter(rank, weights, (name, part, layers, parameters, bytes) -> {
            long unused = charge(bytes) - bytes;
            if (unused > 0) {
                ledger.post(ROUNDING, name, part, layers, parameters, unused, 1, 1);
            }
        });
    }

    /** What is done with the parts of a parameter, each a tensor of its own. */
    interface ParameterPart {
        /**
         * Takes equal tensors.
         *
         * @param name of the parameter
         * @param part its name where the parameter has several, else empty
         * @param layers that have it
         * @param parameters of a layer
         * @param bytes of one
         */
        void take(String name, String part, long layers, long parameters, long bytes);
    }

    /** Goes over all parameters of a rank as the engine makes them, tensors stored alike fused into one. */
    static void forEachParameter(Rank rank, WeightScheme weights, ParameterPart taker) {
        List<TensorBlock> blocks = rank.model().blocks();
        for (int i = 0; i < blocks.size(); i++) {
            TensorBlock block = blocks.get(i);
            long layers = rank.copiesOf(block);
            if (layers > 0) {
                forEachParameter(rank, weights, block, layers, taker);
            }
        }
    }

    private static void forEachParameter(
            Rank rank, WeightScheme weights, TensorBlock block, long layers, ParameterPart taker) {
        List<WeightTensor> tensors = block.tensors();
        int first = 0;
        while (first < tensors.size()) {
            WeightTensor head = tensors.get(first);
            BlockFormat format = weights.formatOf(block.name(), head);
            int end = first + 1;
            while (end < tensors.size()
                    && tensors.get(end).fusedInto().equals(head.fusedInto())
                    && weights.formatOf(block.name(), tensors.get(end)).equals(format)) {
                end++;
            }
            boolean expertsTogether = head.role() == TensorRole.EXPERT;
            long parameters = expertsTogether ? 1 : rank.count(head);
            List<BlockFormat.Part> parts = format.parts();
            for (int p = 0; p < parts.size(); p++) {
                BlockFormat.Part part = parts.get(p);
                long bytes = 0;
                for (int t = first; t < end; t++) {
                    WeightTensor tensor = tensors.get(t);
                    long copies = expertsTogether ? rank.count(tensor) : 1;
                    bytes += copies
                            * part.rowTiles(rank.rows(tensor))
                            * part.columnTiles(rank.rows(tensor), rank.columns(tensor))
                            * part.bytes();
                }
                taker.take(head.fusedInto(), parts.size() == 1 ? "" : part.name(), layers, parameters, bytes);
            }
            first = end;
        }
    }
}
