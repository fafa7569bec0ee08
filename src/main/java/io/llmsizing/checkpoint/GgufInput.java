package io.llmsizing.checkpoint;

import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The numbers and texts of a GGUF header, one after the other. Each is checked against the end of the file before it is read. */
final class GgufInput {
    private static final int WIDEST = 8;

    private final ByteSource source;
    private final HeaderInput input;
    private final ByteBuffer number = ByteBuffer.allocate(WIDEST).order(ByteOrder.LITTLE_ENDIAN);

    GgufInput(ByteSource source) {
        this.source = source;
        this.input = new HeaderInput(source, 0, source.length());
    }

    void order(ByteOrder order) {
        number.order(order);
    }

    long position() {
        return input.position();
    }

    long left() {
        return input.left();
    }

    /** One byte, unsigned. */
    int oneByte(String what) throws IOException {
        return fill(1, what).get(0) & 0xff;
    }

    /** Two bytes, signed. */
    short twoBytes(String what) throws IOException {
        return fill(Short.BYTES, what).getShort(0);
    }

    /** Four bytes, signed. */
    int fourBytes(String what) throws IOException {
        return fill(Integer.BYTES, what).getInt(0);
    }

    /** Four bytes, unsigned. */
    long unsigned(String what) throws IOException {
        return Integer.toUnsignedLong(fourBytes(what));
    }

    /** Eight bytes, signed. */
    long eightBytes(String what) throws IOException {
        return fill(Long.BYTES, what).getLong(0);
    }

    /** Eight bytes, unsigned, that count something of which there are at most so many. */
    long count(String what, long most) throws IOException {
        long at = position();
        long count = eightBytes(what);
        if (count < 0 || count > most) {
            throw problem(
                    at,
                    String.format(
                            Locale.ROOT, "%s is %s; expected at most %,d", what, Long.toUnsignedString(count), most));
        }
        return count;
    }

    private ByteBuffer fill(int bytes, String what) throws IOException {
        require(bytes, what);
        int done = 0;
        while (done < bytes) {
            done += input.read(number.array(), done, bytes - done);
        }
        return number;
    }

    /** Passes over bytes without reading them. */
    void skip(long bytes, String what) {
        require(bytes, what);
        long skipped = input.skip(bytes);
        if (skipped != bytes) {
            throw new AssertionError(skipped + " of " + bytes);
        }
    }

    /** Passes over a text without reading it. */
    void skipText(String what) throws IOException {
        skip(textLength(what), what);
    }

    /** The length of the text that follows, which the file has room for. */
    long textLength(String what) throws IOException {
        long at = position();
        long length = eightBytes(what);
        if (length < 0 || length > left()) {
            throw problem(
                    at,
                    String.format(
                            Locale.ROOT,
                            "%s is %s B long; expected at most the %,d B that are left in the file",
                            what,
                            Long.toUnsignedString(length),
                            left()));
        }
        return length;
    }

    /** A text of at most so many bytes. */
    String text(String what, int longest) throws IOException {
        long at = position();
        long length = textLength(what);
        if (length > longest) {
            throw problem(
                    at, String.format(Locale.ROOT, "%s is %,d B long; expected at most %,d B", what, length, longest));
        }
        return text(what, at, (int) length);
    }

    /** A text whose length is read already. */
    String text(String what, long at, int length) throws IOException {
        require(length, what);
        byte[] bytes = input.readNBytes(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw problem(at, what + " is not UTF-8");
        }
    }

    private void require(long bytes, String what) {
        if (bytes > left()) {
            throw problem(
                    position(),
                    String.format(
                            Locale.ROOT,
                            "truncated: %s takes %,d B from here, and the file ends at byte %,d",
                            what,
                            bytes,
                            source.length()));
        }
    }

    MalformedFileException problem(long at, String problem) {
        return new MalformedFileException(source.name(), "byte " + at, problem);
    }
}
