package io.llmsizing.catalog;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A name that means nothing, or more than one thing, in a catalogue. The message lists what may have been meant. */
public final class UnknownNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** What was looked for. */
    private final String kind;
    /** What may have been meant. */
    private final ImmutableList<String> candidates;

    UnknownNameException(String kind, String message, List<String> candidates) {
        super(message);
        this.kind = kind;
        this.candidates = ImmutableList.copyOf(candidates);
    }

    /**
     * What was looked for.
     *
     * @return {@code model} or {@code accelerator}
     */
    public String kind() {
        return kind;
    }

    /**
     * What may have been meant.
     *
     * @return names that the catalogue knows, the likeliest first
     */
    public List<String> candidates() {
        return candidates;
    }
}
