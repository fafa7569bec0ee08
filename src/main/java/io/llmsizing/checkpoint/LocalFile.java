package io.llmsizing.checkpoint;

import io.llmsizing.document.MalformedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of this machine. */
final class LocalFile implements ByteSource {
    private final String name;
    private final FileChannel channel;
    private final long length;

    LocalFile(Path file) throws IOException {
        this.name = file.toString();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new MalformedFileException(name, "file", "no regular file: a folder, a pipe or a device");
        }
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.length = channel.size();
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
    public void read(long offset, byte[] target, int from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, from, count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position() - from) < 0) {
                throw new EOFException(name + " ends before byte " + (offset + count));
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
