package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.ByteSize;

/** The sizes of a full step that the API server takes when the user sets none: by device memory. */
final class SchedulerDefaults {
    private static final ByteSize LARGEST_CLASS = ByteSize.ofGibibytes(160);
    private static final ByteSize LARGE_CLASS = ByteSize.ofGibibytes(70);

    private final long[] batchedTokens;
    private final long[] maxSequences;

    SchedulerDefaults(EngineFacts facts, EngineVersion version) {
        String[] classes = {"160gib", "70gib", "small"};
        batchedTokens = new long[classes.length];
        maxSequences = new long[classes.length];
        for (int i = 0; i < classes.length; i++) {
            batchedTokens[i] =
                    facts.constant("batched_tokens_" + classes[i], version).whole();
            maxSequences[i] =
                    facts.constant("max_sequences_" + classes[i], version).whole();
        }
    }

    long batchedTokens(Accelerator accelerator) {
        return batchedTokens[memoryClass(accelerator)];
    }

    long maxSequences(Accelerator accelerator) {
        return maxSequences[memoryClass(accelerator)];
    }

    /** vLLM engine/arg_utils.py: the device's name decides too, an A100 counts as small whatever its memory. */
    private static int memoryClass(Accelerator accelerator) {
        ByteSize usable = accelerator.memory().usable();
        if (usable.compareTo(LARGEST_CLASS) >= 0) {
            return 0;
        }
        return usable.compareTo(LARGE_CLASS) >= 0 && !isA100(accelerator.name()) ? 1 : 2;
    }

    private static boolean isA100(String name) {
        return name.contains("A100") || name.contains("a100");
    }
}
