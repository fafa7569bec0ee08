package io.llmsizing.hub;

/** Text of others, made fit for a message of ours. */
final class Shown {
    private static final int LONGEST = 200;

    private Shown() {}

    /** The text on one line, without what a terminal would obey, shortened to 200 characters. */
    static String text(String foreign) {
        StringBuilder shown = new StringBuilder();
        foreign.codePoints().limit(4L * LONGEST).map(Shown::plain).forEach(shown::appendCodePoint);
        String line = shown.toString().strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }

    /** The same without a secret that must not be repeated. */
    static String text(String foreign, String secret) {
        String line = text(foreign);
        return secret.isEmpty() || (!foreign.contains(secret) && !line.contains(secret))
                ? line
                : "(a text that repeats the token)";
    }

    private static int plain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> ' ';
            default -> character;
        };
    }
}
