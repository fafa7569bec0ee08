package io.llmsizing.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.document.MalformedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Reads a stretch of a file from front to back, a piece at a time; what is skipped is not read. */
final class HeaderInput extends InputStream {
    private final ByteSource source;
    private final long end;
    private final byte[] piece;
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
        this.piece = new byte[(int) Math.min(source.pieceBytes(), Math.max(1, end - start))];
        this.position = start;
        this.pieceStart = start;
    }

    /** The offset in the file of the byte that is read next. */
    long position() {
        return position;
    }

    /** Bytes up to the end of the stretch. */
    long left() {
        return end - position;
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
        int taken = Math.min(count, pieceLength - inPiece);
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
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, pieceStart + pieceLength - position));
    }

    private void fill() throws IOException {
        if (position >= pieceStart && position < pieceStart + pieceLength) {
            return;
        }
        int wanted = (int) Math.min(piece.length, left());
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
