package io.llmsizing;

import java.util.Locale;

/** What runs out first. */
public enum Constraint {
    /** The weights alone are beyond the budget. */
    WEIGHTS,
    /** Weights fit, but not with the temporary memory and buffers of the engine. */
    ENGINE,
    /** The cache of the sequences asked for, or of more of them. */
    KV_CACHE,
    /** The engine's fraction leaves less of the device than its context needs. */
    DEVICE_CONTEXT,
    /** Memory would allow longer sequences, the model does not. */
    MODEL_CONTEXT;

    /**
     * The name in machine-readable answers.
     *
     * @return lower case, such as {@code kv_cache}
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
