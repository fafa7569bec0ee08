package io.llmsizing.serverlog;

import java.util.Optional;

/**
 * A figure that a log states.
 *
 * @param term of what
 * @param place the device or buffer, such as {@code CUDA0}; empty where it stands for the whole server
 * @param value bytes, a count or hundredths, as the term has it; where ranks print it each, that of the tightest
 * @param resolution half a unit of the last digit that was printed
 * @param line where it stands, counted from 1
 * @param seen how often it was printed
 * @param spread by how much the others differ at most
 */
public record LogFigure(LogTerm term, String place, long value, long resolution, long line, long seen, long spread) {
    /** The same figure of another rank. */
    LogFigure and(LogFigure other) {
        boolean replaces = term.keep() == LogTerm.Keep.LOWEST ? other.value < value : other.value > value;
        LogFigure kept = replaces ? other : this;
        long furthest = Math.max(Math.max(spread, other.spread), Math.abs(value - other.value));
        return new LogFigure(term, place, kept.value, kept.resolution, kept.line, seen + other.seen, furthest);
    }

    /** The tightest of two that may not be there. */
    static Optional<LogFigure> merged(Optional<LogFigure> one, LogFigure other) {
        return Optional.of(one.map(figure -> figure.and(other)).orElse(other));
    }
}
