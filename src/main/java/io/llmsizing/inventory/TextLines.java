package io.llmsizing.inventory;

import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.Optional;

/** The lines of a text of at most 16 MiB, in UTF-8 or, with its mark, UTF-16, with their numbers. */
final class TextLines {
    private static final int LONGEST_TEXT = 16 << 20;
    private static final int LONGEST_LINE = 1 << 16;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Iterator<String> lines;
    private final Findings findings;
    private int number;

    private TextLines(Iterator<String> lines, Findings findings) {
        this.lines = lines;
        this.findings = findings;
    }

    static TextLines of(InputStream bytes, Findings findings) throws IOException {
        return new TextLines(text(bytes, findings.file()).lines().iterator(), findings);
    }

    /** All of a text, without its mark. */
    static String text(InputStream bytes, String file) throws IOException {
        byte[] content = bytes.readNBytes(LONGEST_TEXT + 1);
        if (content.length > LONGEST_TEXT) {
            throw new MalformedFileException(file, "bytes", "longer than " + LONGEST_TEXT + " bytes");
        }
        Charset charset = InventoryForm.charset(content);
        try {
            return withoutMark(
                    charset.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException noText) {
            throw new MalformedFileException(file, "bytes", "not a text in " + charset.name());
        }
    }

    /** What can be read of a text that may be cut within a character. */
    static String decoded(byte[] head) {
        return withoutMark(new String(head, InventoryForm.charset(head)));
    }

    private static String withoutMark(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** The next line that is not blank. Lines of no sane length are left out. */
    Optional<String> next() {
        while (lines.hasNext()) {
            String line = lines.next();
            number++;
            if (line.length() > LONGEST_LINE) {
                findings.add(place(), "a line of " + line.length() + " characters; left out");
            } else if (!line.isBlank()) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    String place() {
        return "line " + number;
    }
}
