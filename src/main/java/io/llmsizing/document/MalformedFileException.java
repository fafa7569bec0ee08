package io.llmsizing.document;

import java.util.Locale;

/**
 * A file that says something it must not say, or does not say what it must. The message names the file, the place,
 * the value and what was expected.
 */
public final class MalformedFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** The name of the file. */
    private final String file;
    /** The place inside the file. */
    private final String at;

    /**
     * Names what is wrong and where.
     *
     * @param file the file's name, for people
     * @param at the place inside it: line and column, or a key's path
     * @param problem the value found and what was expected
     */
    public MalformedFileException(String file, String at, String problem) {
        super(String.format(Locale.ROOT, "%s: %s: %s", file, at, problem));
        this.file = file;
        this.at = at;
    }

    /**
     * The file.
     *
     * @return its name as the reader was given it
     */
    public String file() {
        return file;
    }

    /**
     * The place inside the file.
     *
     * @return line and column, or a key's path
     */
    public String at() {
        return at;
    }
}
