package io.llmsizing.serverlog;

import java.util.Locale;

/** How a start ended. */
public enum LogOutcome {
    /** The server answers requests. */
    RUNS,
    /** Memory was not enough to start. */
    DOES_NOT_FIT,
    /** It started and ran out of memory later. */
    OOM_RUNTIME;

    /**
     * The name in machine-readable answers.
     *
     * @return such as {@code does_not_fit}
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
