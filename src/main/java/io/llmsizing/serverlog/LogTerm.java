package io.llmsizing.serverlog;

import java.util.Locale;

/** The figures that logs state. */
public enum LogTerm {
    /** Weights after loading, of the fullest rank. */
    LOADED(Unit.BYTES, Keep.HIGHEST),
    /** Weights of a second model that drafts. */
    DRAFT_LOADED(Unit.BYTES, Keep.HIGHEST),
    /** Peak of temporary memory in the trial run. */
    ACTIVATION(Unit.BYTES, Keep.HIGHEST),
    /** What the framework did not allocate itself: communication, kernels. */
    NON_TORCH(Unit.BYTES, Keep.HIGHEST),
    /** Weights and what is not the framework's in one figure. */
    CONSUMED(Unit.BYTES, Keep.HIGHEST),
    /** Captured graphs. */
    GRAPHS(Unit.BYTES, Keep.HIGHEST),
    /** Captured graphs as estimated before. */
    GRAPHS_ESTIMATED(Unit.BYTES, Keep.HIGHEST),
    /** All memory of a device. */
    DEVICE_TOTAL(Unit.BYTES, Keep.LOWEST),
    /** Free memory of a device before the start. */
    DEVICE_FREE(Unit.BYTES, Keep.LOWEST),
    /** The share that the engine takes. */
    BUDGET(Unit.BYTES, Keep.LOWEST),
    /** The cache of the rank with the least left. */
    POOL(Unit.BYTES, Keep.LOWEST),
    /** Keys of the cache. */
    POOL_KEYS(Unit.BYTES, Keep.LOWEST),
    /** Values of the cache. */
    POOL_VALUES(Unit.BYTES, Keep.LOWEST),
    /** The cache of a second model that drafts. */
    DRAFT_POOL(Unit.BYTES, Keep.LOWEST),
    /** Blocks of the cache. */
    POOL_BLOCKS(Unit.COUNT, Keep.LOWEST),
    /** Tokens of the cache. */
    POOL_TOKENS(Unit.COUNT, Keep.LOWEST),
    /** Full-length requests that the cache holds, in hundredths. */
    CONCURRENCY(Unit.HUNDREDTHS, Keep.LOWEST),
    /** Tokens of each of these requests. */
    CONCURRENCY_TOKENS(Unit.COUNT, Keep.HIGHEST),
    /** What one full-length request needs of the cache. */
    POOL_NEEDED(Unit.BYTES, Keep.HIGHEST),
    /** The longest request that the cache would hold. */
    CONTEXT_ESTIMATED(Unit.COUNT, Keep.LOWEST),
    /** Layers that a group of cache pages was filled up with. */
    PADDING_LAYERS(Unit.COUNT, Keep.HIGHEST),
    /** Slots of recurrent state. */
    STATE_SLOTS(Unit.COUNT, Keep.LOWEST),
    /** Recurrent state. */
    STATE_POOL(Unit.BYTES, Keep.LOWEST),
    /** Recurrent state of convolutions. */
    STATE_CONVOLUTION(Unit.BYTES, Keep.LOWEST),
    /** Tokens of full layers. */
    FULL_TOKENS(Unit.COUNT, Keep.LOWEST),
    /** Tokens of layers with a window. */
    WINDOW_TOKENS(Unit.COUNT, Keep.LOWEST),
    /** Free before weights are loaded. */
    FREE_BEFORE_LOAD(Unit.BYTES, Keep.LOWEST),
    /** Free behind them. */
    FREE_AFTER_LOAD(Unit.BYTES, Keep.LOWEST),
    /** Free behind the cache. */
    FREE_AFTER_POOL(Unit.BYTES, Keep.LOWEST),
    /** Free when all is there. */
    FREE_AT_END(Unit.BYTES, Keep.LOWEST),
    /** What joining the other ranks took. */
    COMMUNICATION(Unit.BYTES, Keep.HIGHEST),
    /** Weights of one buffer. */
    MODEL_BUFFER(Unit.BYTES, Keep.HIGHEST),
    /** Cache of one buffer. */
    CACHE_BUFFER(Unit.BYTES, Keep.HIGHEST),
    /** Recurrent state of one buffer. */
    STATE_BUFFER(Unit.BYTES, Keep.HIGHEST),
    /** Cache and recurrent state of one device. */
    CONTEXT_BUFFER(Unit.BYTES, Keep.HIGHEST),
    /** Temporary memory of one buffer. */
    COMPUTE_BUFFER(Unit.BYTES, Keep.HIGHEST),
    /** Logits for the caller of one buffer. */
    OUTPUT_BUFFER(Unit.BYTES, Keep.HIGHEST),
    /** Keys of all caches. */
    CACHE_KEYS(Unit.BYTES, Keep.HIGHEST),
    /** Values of all caches. */
    CACHE_VALUES(Unit.BYTES, Keep.HIGHEST),
    /** Cells of a cache. */
    CACHE_CELLS(Unit.COUNT, Keep.HIGHEST),
    /** What others and the driver hold of a device. */
    UNACCOUNTED(Unit.BYTES, Keep.HIGHEST),
    /** What the engine expects to take of all devices. */
    PROJECTED(Unit.BYTES, Keep.HIGHEST),
    /** The model's file. */
    FILE_SIZE(Unit.BYTES, Keep.HIGHEST);

    /** In what a term is counted. */
    public enum Unit {
        /** Bytes. */
        BYTES,
        /** Tokens, blocks, layers. */
        COUNT,
        /** Hundredths of one. */
        HUNDREDTHS
    }

    /** Which rank's figure counts for all. */
    enum Keep {
        LOWEST,
        HIGHEST
    }

    private final Unit unit;
    private final Keep keep;

    LogTerm(Unit unit, Keep keep) {
        this.unit = unit;
        this.keep = keep;
    }

    /**
     * In what the term is counted.
     *
     * @return the unit of its values
     */
    public Unit unit() {
        return unit;
    }

    Keep keep() {
        return keep;
    }

    /**
     * The name in machine-readable answers.
     *
     * @return such as {@code pool_tokens}
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
