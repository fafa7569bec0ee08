package io.llmsizing.hub;

import java.io.IOException;

/**
 * What the Hub, or the way to it, did not give. The message says what happened, for which model and file, and what can
 * be done; it never holds a token.
 */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Says what happened.
     *
     * @param message what, for which model, and the way out
     */
    public HubException(String message) {
        super(message);
    }

    /**
     * Says what happened, and after what.
     *
     * @param message what, for which model, and the way out
     * @param cause what was thrown before
     */
    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
