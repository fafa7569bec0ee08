package io.llmsizing.calibration;

import java.util.Optional;

/** A figure that servers print of each rank, and what a setup has to state for it to be predictable. */
public enum Term {
    /** Weights as the framework's allocator charges them after loading, in bytes. */
    LOADED("loaded"),
    /** The peak of temporary memory of a full step, in bytes. */
    ACTIVATION("activation"),
    /** What communication and kernels take beside the allocator, in bytes. */
    RUNTIME("runtime"),
    /** Captured graphs, in bytes. */
    GRAPHS("graphs"),
    /** The cache pool, in bytes. */
    POOL_BYTES("pool bytes"),
    /** Tokens that the pool holds, over all ranks. */
    POOL_TOKENS("pool tokens");

    private final String label;

    Term(String label) {
        this.label = label;
    }

    /**
     * The term for people.
     *
     * @return such as {@code pool bytes}
     */
    public String label() {
        return label;
    }

    /** The column of the tables. */
    String column() {
        return label.replace(' ', '_');
    }

    /**
     * What a setup does not state though the figure depends on it.
     *
     * @param setup the setup
     * @return the first such fact, or nothing
     */
    public Optional<String> unstated(Setup setup) {
        if (this == LOADED) {
            return Optional.empty();
        }
        if (setup.accelerator().isEmpty()) {
            return Optional.of("accelerator");
        }
        if (setup.version().isEmpty()) {
            return Optional.of("engine version");
        }
        boolean pool = this == POOL_BYTES || this == POOL_TOKENS;
        return pool && setup.fraction().isEmpty() ? Optional.of("memory fraction") : Optional.empty();
    }
}
