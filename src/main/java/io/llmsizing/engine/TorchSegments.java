package io.llmsizing.engine;

import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Exact;

/**
 * What a device loses to the segments that PyTorch's caching allocator asks for: tensors up to 1 MiB share segments of 2 MiB,
 * tensors below 10 MiB segments of 20 MiB, and larger ones have whole 2 MiB each of their own. What is left of a segment is
 * gone for the device, whether or not it is charged to a tensor.
 */
final class TorchSegments {
    private static final MemoryLine OWN = MemoryLine.exact(
            "loading.segment_rounding",
            "layers * parameters * unused_bytes",
            "PyTorch c10 CUDACachingAllocator: get_allocation_size");
    private static final MemoryLine SHARED = MemoryLine.exact(
            "loading.shared_segments", "unused_bytes", "PyTorch c10 CUDACachingAllocator: get_allocation_size");

    private static final long MIB = 1L << 20;
    private static final long SMALL = MIB;
    private static final long SMALL_SEGMENT = 2 * MIB;
    private static final long LARGE = 10 * MIB;
    private static final long LARGE_SEGMENT = 20 * MIB;

    private TorchSegments() {}

    /**
     * Posts what segments take beyond the tensor bytes of one rank.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param weights how tensors are stored
     */
    static void account(Ledger ledger, Rank rank, WeightScheme weights) {
        Shared small = new Shared("tensors up to 1 MiB", SMALL_SEGMENT);
        Shared middle = new Shared("tensors below 10 MiB", LARGE_SEGMENT);
        TorchAllocator.forEachParameter(rank, weights, (name, part, layers, parameters, bytes) -> {
            long rounded = Exact.padTo(bytes, 512);
            if (rounded >= LARGE) {
                long unused = Exact.padTo(rounded, SMALL_SEGMENT) - bytes;
                if (unused > 0) {
                    ledger.post(OWN, name, part, layers, parameters, unused, 1, 1);
                }
            } else {
                Shared pool = rounded > SMALL ? middle : small;
                pool.add(Math.multiplyExact(layers, parameters), bytes, rounded);
            }
        });
        small.account(ledger);
        middle.account(ledger);
    }

    /** Segments that tensors share. */
    private static final class Shared {
        private final String name;
        private final long segment;
        private long bytes;
        private long rounded;

        Shared(String name, long segment) {
            this.name = name;
            this.segment = segment;
        }

        void add(long tensors, long each, long eachRounded) {
            bytes = Math.addExact(bytes, Math.multiplyExact(tensors, each));
            rounded = Math.addExact(rounded, Math.multiplyExact(tensors, eachRounded));
        }

        void account(Ledger ledger) {
            long unused = Exact.padTo(rounded, segment) - bytes;
            if (unused > 0) {
                ledger.post(SHARED, name, unused);
            }
        }
    }
}
