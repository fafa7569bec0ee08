package io.llmsizing.hub;

import io.llmsizing.checkpoint.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;

/** A file of a Hub. Each piece is a request of its own, so several threads may read at once; nothing is kept. */
final class HubFile implements ByteSource {
    private static final int PIECE = 1 << 20;

    private final HubHttp http;
    private final HubId id;
    private final String path;
    private final URI uri;
    private final long length;

    HubFile(HubHttp http, HubId id, String path, URI uri, long length) {
        this.http = http;
        this.id = id;
        this.path = path;
        this.uri = uri;
        this.length = length;
    }

    @Override
    public String name() {
        return id + "/" + path;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int pieceBytes() {
        return PIECE;
    }

    @Override
    public void read(long offset, byte[] target, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, target.length);
        if (offset < 0 || offset > length - count) {
            throw new EOFException(
                    name() + " has " + length + " B; asked for " + count + " B from byte " + offset + " on");
        }
        int done = 0;
        while (done < count) {
            int wanted = Math.min(PIECE, count - done);
            http.get(new PieceRequest(id, path, uri, length, offset + done, wanted))
                    .body()
                    .copyTo(target, from + done);
            done += wanted;
        }
    }

    /** Nothing is held open. */
    @Override
    public void close() {}
}
