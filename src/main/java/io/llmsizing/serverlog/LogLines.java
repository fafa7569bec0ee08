package io.llmsizing.serverlog;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a log of any length, one at a time. A carriage return ends a line as a progress bar's does and is not counted;
 * what a line has beyond {@value #LONGEST} characters is dropped; colours are taken out.
 */
final class LogLines {
    static final int LONGEST = 1 << 16;

    private static final Pattern COLOUR = Pattern.compile("\u001B?\\[[0-9;]{0,16}m");

    private final Reader reader;
    private final char[] buffer = new char[1 << 14];
    private final StringBuilder line = new StringBuilder();
    private int next;
    private int filled;
    private long number;
    private boolean newLine = true;
    private boolean cut;

    LogLines(InputStream bytes) throws IOException {
        BufferedInputStream marked = new BufferedInputStream(bytes);
        reader = new InputStreamReader(marked, charset(marked));
    }

    private static Charset charset(BufferedInputStream bytes) throws IOException {
        bytes.mark(2);
        int mark = bytes.read() << 8 | bytes.read();
        bytes.reset();
        return mark == 0xFFFE || mark == 0xFEFF ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    /** The next line, without what ends it; {@code null} behind the last. */
    @Nullable
    String next() throws IOException {
        line.setLength(0);
        cut = false;
        boolean any = false;
        while (next < filled || fill()) {
            char read = buffer[next++];
            if (newLine) {
                number++;
                newLine = false;
            }
            any = true;
            if (read == '\n') {
                newLine = true;
                return text();
            }
            if (read == '\r') {
                return text();
            }
            if (line.length() < LONGEST) {
                line.append(read);
            } else {
                cut = true;
            }
        }
        return any ? text() : null;
    }

    private boolean fill() throws IOException {
        filled = reader.read(buffer);
        next = 0;
        return filled > 0;
    }

    private String text() {
        String text = line.toString();
        return text.indexOf('\u001B') >= 0 || text.contains("[0m") || text.contains("[0;")
                ? COLOUR.matcher(text).replaceAll("")
                : text;
    }

    /** The number of the line that was read last, counted from 1. */
    long number() {
        return number;
    }

    /** Whether that line was longer than what was kept of it. */
    boolean wasCut() {
        return cut;
    }
}
