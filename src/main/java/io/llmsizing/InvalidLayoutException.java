package io.llmsizing;

/** A parallel layout that the model's shape does not allow. The message names the reason and the sizes that work. */
public final class InvalidLayoutException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * Names what is wrong.
     *
     * @param message reason and way out
     */
    public InvalidLayoutException(String message) {
        super(message);
    }
}
