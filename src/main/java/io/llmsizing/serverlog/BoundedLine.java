package io.llmsizing.serverlog;

/**
 * A line that may be looked at only so often, so that no line made for it keeps a search going: a few dozen looks a
 * character, for all texts together.
 */
final class BoundedLine implements CharSequence {
    private static final long LOOKS = 1 << 18;
    private static final long LOOKS_A_CHARACTER = 20;

    private final String line;
    private long left;

    BoundedLine(String line) {
        this.line = line;
        this.left = LOOKS + LOOKS_A_CHARACTER * line.length();
    }

    @Override
    public int length() {
        return line.length();
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw new Exhausted();
        }
        return line.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return line.substring(start, end);
    }

    @Override
    public String toString() {
        return line;
    }

    /** The line was looked at too often. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("looked at too often", null, false, false);
        }
    }
}
