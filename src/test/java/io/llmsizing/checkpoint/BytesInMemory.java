package io.llmsizing.checkpoint;

import java.io.EOFException;

/** A file whose first bytes are given and whose others, as far as it is longer, are zero. */
final class BytesInMemory implements ByteSource {
    private final String name;
    private final byte[] bytes;
    private final long length;

    BytesInMemory(String name, byte[] bytes, long length) {
        this.name = name;
        this.bytes = bytes.clone();
        this.length = length;
    }

    static BytesInMemory of(byte[] bytes) {
        return new BytesInMemory("some.gguf", bytes, bytes.length);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void read(long offset, byte[] target, int from, int count) throws EOFException {
        if (offset + count > length) {
            throw new EOFException();
        }
        for (int i = 0; i < count; i++) {
            long at = offset + i;
            target[from + i] = at < bytes.length ? bytes[(int) at] : 0;
        }
    }

    @Override
    public void close() {}
}
