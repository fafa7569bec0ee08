package io.llmsizing.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.document.MalformedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads a stretch of a file from front to back, a piece at a time; what is skipped is not read. Pieces begin small and
 * grow, since most headers are short and each piece of a file on a server is a request.
 */
final class HeaderInput extends InputStream {
    private static final int FIRST_PIECE = 1 << 17;

    private final ByteSource source;
    private long end;
    private byte[] piece = new byte[0];
    private long pieceStart;
    private int pieceLength;
    private long position;

    /** The bytes of a source from one offset up to another. */
    HeaderInput(ByteSource source, long start, long end) {
        checkArgument(
                start >= 0 && start <= end && end <= source.length(),
                "bytes %s to %s of %s",
                start,
                end,
                source.length());
        this.source = source;
        this.end = end;
        this.position = start;
        this.pieceStart = start;
    }

    /** The offset in the file of the byte that is read next. */
    long position() {
        return position;
    }

    /** Ends the stretch earlier. */
    void endAt(long earlier) {
        checkArgument(earlier >= position && earlier <= end, "an end at byte %s of %s", earlier, end);
        end = earlier;
    }

    /** Bytes up to the end of the stretch. */
    long left() {
        return end - position;
    }

    /** The next bytes, which are still to be read; fewer at the end. */
    byte[] peek(int count) throws IOException {
        long here = position;
        byte[] next = readNBytes(count);
        position = here;
        return next;
    }

    @Override
    public int read() throws IOException {
        if (position == end) {
            return -1;
        }
        fill();
        int value = piece[(int) (position - pieceStart)] & 0xff;
        position++;
        return value;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, target.length);
        if (count == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        fill();
        int inPiece = (int) (position - pieceStart);
        int taken = (int) Math.min(Math.min(count, pieceLength - inPiece), left());
        System.arraycopy(piece, inPiece, target, from, taken);
        position += taken;
        return taken;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, left()));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.max(0, Math.min(left(), pieceStart + pieceLength - position));
    }

    private void fill() throws IOException {
        if (position >= pieceStart && position < pieceStart + pieceLength) {
            return;
        }
        int larger = piece.length == 0 ? FIRST_PIECE : 2 * piece.length;
        int wanted = (int) Math.min(Math.min(larger, source.pieceBytes()), left());
        if (piece.length < wanted) {
            piece = new byte[wanted];
        }
        pieceLength = 0;
        try {
            source.read(position, piece, 0, wanted);
        } catch (EOFException shorter) {
            throw new MalformedFileException(
                    source.name(), "byte " + position, "the file ends here; it was " + source.length() + " B long");
        }
        pieceStart = position;
        pieceLength = wanted;
    }
}
