package io.llmsizing.reader;

/** A model whose architecture the library does not know, or knows not to be able to count exactly. */
public final class UnsupportedArchitectureException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** File and key. */
    private final String at;

    /**
     * Names what is not known.
     *
     * @param at file and key
     * @param problem the value, and what is known
     */
    public UnsupportedArchitectureException(String at, String problem) {
        super(at + ": " + problem);
        this.at = at;
    }

    /**
     * The place.
     *
     * @return file and key
     */
    public String at() {
        return at;
    }
}
