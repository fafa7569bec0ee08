package io.llmsizing.checkpoint;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/** The bytes of one file, of which any piece can be read without those before it: a local file, or one behind a server. */
public interface ByteSource extends Closeable {
    /**
     * The file.
     *
     * @return its name, for messages
     */
    String name();

    /**
     * The file's length.
     *
     * @return bytes
     */
    long length();

    /**
     * Reads a piece whole.
     *
     * @param offset of its first byte
     * @param target where the bytes go
     * @param from the first index there
     * @param count how many bytes
     * @throws EOFException if the file ends before the piece does
     * @throws IOException if it can't be read
     */
    void read(long offset, byte[] target, int from, int count) throws IOException;

    /**
     * How much is worth reading at once.
     *
     * @return bytes: little for a local file, more where every piece costs a request
     */
    default int pieceBytes() {
        return 1 << 16;
    }
}
