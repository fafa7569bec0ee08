package io.llmsizing.serverlog;

import java.util.ArrayList;
import java.util.List;

/** Tells in one pass over a line which texts may stand in it: nearly all lines of a server have none. */
final class LogHints {
    /** Letters of a hint that are looked up at once. */
    static final int GRAM = 4;

    private static final int BITS = 14;

    private final List<LogText> texts;
    private final boolean[] grams = new boolean[1 << BITS];

    LogHints(List<LogText> texts) {
        this.texts = texts;
        for (LogText text : texts) {
            grams[slot(gram(text.hint(), 0))] = true;
        }
    }

    private static long gram(String text, int at) {
        long gram = 0;
        for (int i = at; i < at + GRAM; i++) {
            gram = gram << 16 | text.charAt(i);
        }
        return gram;
    }

    private static int slot(long gram) {
        return (int) ((gram * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - BITS));
    }

    /** The texts whose hints stand in a line, in their order. */
    List<LogText> in(String line) {
        long gram = 0;
        boolean hit = false;
        for (int i = 0; i < line.length() && !hit; i++) {
            gram = gram << 16 | line.charAt(i);
            hit = i >= GRAM - 1 && grams[slot(gram)];
        }
        if (!hit) {
            return List.of();
        }
        List<LogText> found = new ArrayList<>();
        for (LogText text : texts) {
            if (line.contains(text.hint())) {
                found.add(text);
            }
        }
        return found;
    }
}
