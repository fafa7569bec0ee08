package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;

/** What SGLang sets by a device's memory, as its driver reports it: the chunk of a prefill and the largest captured batch. */
final class SglangDefaults {
    private static final int CLASSES = 6;
    private static final int MANY_RANKS = 4;
    private static final long MIB = 1L << 20;

    private final long[] below = new long[CLASSES];
    private final long[] chunk = new long[CLASSES];
    private final long[] graphBatch = new long[CLASSES];
    private final long[] graphBatchOfMany = new long[CLASSES];

    SglangDefaults(EngineFacts facts, EngineVersion version) {
        for (int i = 0; i < CLASSES; i++) {
            String memory = "class" + (i + 1) + "_";
            below[i] = i == CLASSES - 1
                    ? Long.MAX_VALUE
                    : facts.constant(memory + "below_mib", version).whole();
            chunk[i] = facts.constant(memory + "chunk", version).whole();
            graphBatch[i] = facts.constant(memory + "graph_batch", version).whole();
            graphBatchOfMany[i] =
                    facts.constant(memory + "graph_batch_tp4", version).whole();
        }
    }

    /** The memory in MiB that classes go by. */
    static long mebibytes(Accelerator accelerator) {
        return accelerator.memory().driver().bytes() / MIB;
    }

    /** The class of a device, 0 for the smallest. */
    int memoryClass(Accelerator accelerator) {
        int found = 0;
        while (mebibytes(accelerator) >= below[found]) {
            found++;
        }
        return found;
    }

    long chunk(Accelerator accelerator) {
        return chunk[memoryClass(accelerator)];
    }

    /** Sequences of the largest captured decode step. */
    long graphBatch(Accelerator accelerator, long tensorRanks) {
        int found = memoryClass(accelerator);
        return tensorRanks < MANY_RANKS ? graphBatch[found] : graphBatchOfMany[found];
    }
}
