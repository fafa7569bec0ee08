package io.llmsizing.checkpoint;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.units.Exact;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the header of a GGUF file, versions 2 and 3, in either order of bytes: keys, values and where each tensor lies.
 * Nothing of the tensors is read, and of a vocabulary only its extent. Every number is checked against the file's length,
 * and an error names the byte.
 */
public final class GgufReader {
    private static final int MOST_TENSORS = 1 << 17;
    private static final int LONGEST_NAME = 256;
    private static final int MOST_DIMENSIONS = 4;
    private static final String ALIGNMENT = "general.alignment";
    private static final long USUAL_ALIGNMENT = 32;
    private static final long LARGEST_ALIGNMENT = 1 << 30;
    private static final int FIRST_VERSION = 1;
    private static final int OLDEST = 2;
    private static final int NEWEST = 3;

    private final ByteSource source;
    private final GgufInput input;
    private boolean isBigEndian;

    private GgufReader(ByteSource source) {
        this.source = source;
        this.input = new GgufInput(source);
    }

    /**
     * Reads a file. One part of a split file is read as it is; {@link GgufSplit} joins all.
     *
     * @param source the file's bytes, left open
     * @return what the header says
     * @throws MalformedFileException naming the byte, what stands there and what was expected
     * @throws IOException if the file can't be read
     */
    public static GgufFile read(ByteSource source) throws IOException {
        return new GgufReader(source).read();
    }

    private GgufFile read() throws IOException {
        magic();
        int version = version();
        long countAt = input.position();
        long tensorCount = input.count("the number of tensors", MOST_TENSORS);
        GgufValues values = new GgufValues(input);
        GgufMetadata metadata =
                new GgufMetadata(source.name(), values.read(input.count("the number of keys", source.length())));
        long alignment = alignment(metadata);
        List<Entry> entries = entries(tensorCount, countAt);
        long dataStart = Exact.padTo(input.position(), alignment);
        refuseOverlap(entries, dataStart, alignment);
        List<StoredTensor> tensors = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            tensors.add(new StoredTensor(
                    entry.name(),
                    entry.type(),
                    entry.shape(),
                    entry.bytes(),
                    source.name(),
                    dataStart + entry.offset()));
        }
        return new GgufFile(source.name(), version, isBigEndian, metadata, tensors, alignment, dataStart);
    }

    private void magic() throws IOException {
        int magic = input.fourBytes("the magic number");
        if (magic == 0x46554747) {
            return;
        }
        String found = String.format(Locale.ROOT, "%08x", Integer.reverseBytes(magic));
        throw input.problem(
                0,
                switch (magic) {
                    case 0x67676d6c, 0x67676d66, 0x67676a74 ->
                        "a ggml file from before GGUF (" + found + "); expected GGUF, to which llama.cpp converts it";
                    case 0x73726576 ->
                        "begins like a text, \"vers\", as a Git LFS pointer does; expected the file itself";
                    default -> "begins with the bytes " + found + "; expected 47475546, GGUF";
                });
    }

    /** The version, from which the order of bytes is seen. */
    private int version() throws IOException {
        long at = input.position();
        int version = input.fourBytes("the version");
        int swapped = Integer.reverseBytes(version);
        isBigEndian = swapped >= FIRST_VERSION && swapped <= NEWEST;
        if (isBigEndian) {
            input.order(ByteOrder.BIG_ENDIAN);
            version = swapped;
        }
        if (version == FIRST_VERSION) {
            throw input.problem(at, "version 1, which was in use for some days of 2023; expected 2 or 3");
        }
        if (version < OLDEST || version > NEWEST) {
            throw input.problem(
                    at, "version " + Integer.toUnsignedString(version) + "; expected 2 or 3, in either order of bytes");
        }
        return version;
    }

    private static long alignment(GgufMetadata metadata) {
        if (!metadata.has(ALIGNMENT)) {
            return USUAL_ALIGNMENT;
        }
        long alignment = metadata.whole(ALIGNMENT, 1, LARGEST_ALIGNMENT);
        if (Long.bitCount(alignment) != 1) {
            throw metadata.problem(ALIGNMENT, "expected a power of two");
        }
        return alignment;
    }

    /** A tensor whose offset counts from the start of the data. */
    private record Entry(long at, String name, BlockFormat type, List<Long> shape, long bytes, long offset) {
        long end() {
            return offset + bytes;
        }
    }

    private List<Entry> entries(long count, long countAt) throws IOException {
        long shortest = Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES;
        if (count > input.left() / shortest) {
            throw input.problem(
                    countAt,
                    String.format(
                            Locale.ROOT,
                            "truncated: %,d tensors are announced, and the file has %,d B left for them",
                            count,
                            input.left()));
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (long i = 0; i < count; i++) {
            Entry entry = entry(i);
            if (!names.add(entry.name())) {
                throw input.problem(entry.at(), "tensor " + entry.name() + " stands there twice");
            }
            entries.add(entry);
        }
        return entries;
    }

    private Entry entry(long number) throws IOException {
        long at = input.position();
        String name = input.text("the name of tensor " + number, LONGEST_NAME);
        long dimensionsAt = input.position();
        long dimensions = input.unsigned("the number of dimensions of " + name);
        if (dimensions > MOST_DIMENSIONS) {
            throw input.problem(
                    dimensionsAt, name + " has " + dimensions + " dimensions; expected at most " + MOST_DIMENSIONS);
        }
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < dimensions; i++) {
            shape.add(0, side(name));
        }
        long typeAt = input.position();
        long id = input.unsigned("the type of " + name);
        BlockFormat type = GgmlFormats.byId(id).orElseThrow(() -> input.problem(typeAt, unknownType(name, id)));
        long bytes = bytes(name, type, shape, dimensionsAt);
        long offsetAt = input.position();
        long offset = input.eightBytes("the offset of " + name);
        if (offset < 0 || offset > source.length()) {
            throw input.problem(
                    offsetAt,
                    String.format(
                            Locale.ROOT,
                            "the offset of %s is %s; the file has %,d B",
                            name,
                            Long.toUnsignedString(offset),
                            source.length()));
        }
        return new Entry(at, name, type, shape, bytes, offset);
    }

    private static String unknownType(String name, long id) {
        return "type " + id + " of " + name + " is not known; the highest of ggml's types known here is "
                + GgmlFormats.all().keySet().stream()
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
    }

    private long side(String name) throws IOException {
        long at = input.position();
        long side = input.eightBytes("a dimension of " + name);
        if (side < 1) {
            throw input.problem(
                    at, "a dimension of " + name + " is " + Long.toUnsignedString(side) + "; expected 1 or more");
        }
        return side;
    }

    private long bytes(String name, BlockFormat type, List<Long> shape, long at) {
        long block = GgmlFormats.blockElements(type);
        long row = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
        if (row % block != 0) {
            throw input.problem(
                    at,
                    String.format(
                            Locale.ROOT,
                            "rows of %s have %,d elements; expected whole blocks of %d, as %s has them",
                            name,
                            row,
                            block,
                            type.name()));
        }
        try {
            long bytes = Math.multiplyExact(row / block, blockBytes(type));
            for (long side : shape.subList(0, Math.max(0, shape.size() - 1))) {
                bytes = Math.multiplyExact(bytes, side);
            }
            return bytes;
        } catch (ArithmeticException tooLarge) {
            throw input.problem(at, name + " of the shape " + shape + " takes more bytes than a file can have");
        }
    }

    private static long blockBytes(BlockFormat type) {
        return type.bytes(1, GgmlFormats.blockElements(type));
    }

    /** Each tensor where it may lie, none over another, and all in the file. Their order in the header is free. */
    private void refuseOverlap(List<Entry> entries, long dataStart, long alignment) {
        List<Entry> byOffset = new ArrayList<>(entries);
        byOffset.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::end));
        long end = 0;
        String before = "";
        for (Entry entry : byOffset) {
            if (entry.offset() % alignment != 0) {
                throw input.problem(
                        entry.at(),
                        String.format(
                                Locale.ROOT,
                                "%s lies at %,d of the data; expected a multiple of %d",
                                entry.name(),
                                entry.offset(),
                                alignment));
            }
            if (entry.offset() < end) {
                throw input.problem(
                        entry.at(),
                        String.format(
                                Locale.ROOT,
                                "%s begins at %,d of the data, inside %s, which ends at %,d",
                                entry.name(),
                                entry.offset(),
                                before,
                                end));
            }
            if (entry.bytes() > source.length() - dataStart - entry.offset()) {
                throw input.problem(
                        entry.at(),
                        String.format(
                                Locale.ROOT,
                                "truncated: %s takes %,d B from byte %,d on, and the file ends at byte %,d",
                                entry.name(),
                                entry.bytes(),
                                dataStart + entry.offset(),
                                source.length()));
            }
            end = entry.end();
            before = entry.name();
        }
    }
}
