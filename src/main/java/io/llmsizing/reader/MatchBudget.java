package io.llmsizing.reader;

import io.llmsizing.document.MalformedFileException;
import java.util.function.Supplier;

/**
 * How many steps the patterns of one config may take. A hostile regular expression takes exponentially many; when they
 * are used up, the config is refused.
 */
final class MatchBudget {
    private static final long STEPS = 2_000_000;

    private final Supplier<MalformedFileException> refusal;
    private long left = STEPS;

    MatchBudget(Supplier<MalformedFileException> refusal) {
        this.refusal = refusal;
    }

    void step() {
        if (--left < 0) {
            throw spent();
        }
    }

    MalformedFileException spent() {
        return refusal.get();
    }

    /** A text whose every look-up is a step. */
    CharSequence counting(String text) {
        return new Counting(text);
    }

    private final class Counting implements CharSequence {
        private final String text;

        Counting(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            step();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counting(text.substring(start, end));
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
