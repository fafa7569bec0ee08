package io.llmsizing.serverlog;

import java.util.Locale;

/** What logs say about how a server was started. */
public enum LogSetting {
    /** Version or build of the engine. */
    VERSION(false),
    /** The model's id, path or name. */
    MODEL(false),
    /** The class or architecture that it was loaded as. */
    ARCHITECTURE(false),
    /** The mix of types of a GGUF file. */
    FILE_TYPE(false),
    /** The type of plain weights. */
    DTYPE(false),
    /** The method of quantisation. */
    QUANTIZATION(false),
    /** How the cache is stored. */
    KV_CACHE(false),
    /** Tokens of the longest request. */
    CONTEXT(true),
    /** Tensor parallel ranks. */
    TENSOR_PARALLEL(true),
    /** Pipeline stages. */
    PIPELINE_PARALLEL(true),
    /** Data parallel replicas. */
    DATA_PARALLEL(true),
    /** Whether or over how many ranks experts are dealt out. */
    EXPERT_PARALLEL(false),
    /** The share of each device. */
    MEMORY_FRACTION(false),
    /** Requests of one step. */
    MAX_SEQUENCES(true),
    /** Tokens of one step. */
    MAX_BATCHED_TOKENS(true),
    /** Whether graphs are left out. */
    EAGER(false),
    /** How tokens are drafted. */
    SPECULATIVE_METHOD(false),
    /** How many. */
    SPECULATIVE_TOKENS(true),
    /** Tokens of a block of the cache. */
    PAGE_TOKENS(true),
    /** Slots for sequences. */
    SEQUENCES(true),
    /** Tokens of a batch of a command line tool, which reserves logits for all of them. */
    COMMAND_LINE_BATCH(true),
    /** Layers on devices. */
    OFFLOADED_LAYERS(true),
    /** Layers that could be there. */
    OFFLOADABLE_LAYERS(true);

    private final boolean count;

    LogSetting(boolean count) {
        this.count = count;
    }

    /**
     * Whether it is a whole number.
     *
     * @return whether its text has digits and separators alone, where a line of its own says it
     */
    public boolean isCount() {
        return count;
    }

    /**
     * The name in machine-readable answers.
     *
     * @return such as {@code memory_fraction}
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
