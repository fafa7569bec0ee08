package io.llmsizing.checkpoint;

import com.google.common.collect.ImmutableList;
import io.llmsizing.document.JsonMembers;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Reads the header of a safetensors file: 8 bytes that say how long it is, then JSON. The tensors' bytes are never read,
 * but what the header says of them must fill the rest of the file without gap or overlap, as the format demands.
 */
public final class SafetensorsReader {
    /** The longest header that the format allows. */
    static final long LONGEST_HEADER = 100_000_000;

    private static final int LENGTH_BYTES = 8;
    private static final int MOST_TENSORS = 1 << 18;
    private static final int MOST_DIMENSIONS = 16;
    private static final String METADATA = "__metadata__";
    private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");

    private SafetensorsReader() {}

    /**
     * Reads one file's header.
     *
     * @param source the file
     * @return its tensors in the order of their bytes
     * @throws MalformedFileException if it is no such file, is cut off, or contradicts itself
     * @throws IOException if it can't be read
     */
    public static List<StoredTensor> read(ByteSource source) throws IOException {
        HeaderInput input = new HeaderInput(source, 0, source.length());
        long data = LENGTH_BYTES + headerLength(source, input);
        input.endAt(data);
        List<StoredTensor> tensors = new ArrayList<>();
        JsonMembers.forEach(input, source.name(), LENGTH_BYTES, (owner, key) -> {
            if (!key.equals(METADATA)) {
                if (tensors.size() == MOST_TENSORS) {
                    throw owner.problem(key, "one of more than " + MOST_TENSORS + " tensors in one file");
                }
                tensors.add(tensor(source, owner.requiredObject(key), key, data));
            }
        });
        tensors.sort(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::bytes));
        refuseGaps(source, tensors, data);
        return ImmutableList.copyOf(tensors);
    }

    /** Reads the length that stands in front of a header, and looks at what follows. */
    private static long headerLength(ByteSource source, HeaderInput input) throws IOException {
        byte[] first = input.peek(FileKind.bytesToTell(source.length()));
        String mistaken = FileKind.mistaken(first);
        if (!mistaken.isEmpty()) {
            throw new MalformedFileException(source.name(), "byte 0", mistaken);
        }
        if (first.length < LENGTH_BYTES + 2) {
            throw new MalformedFileException(
                    source.name(), "byte " + first.length, "the file ends here; expected the length of a header");
        }
        long header = 0;
        for (int i = LENGTH_BYTES - 1; i >= 0; i--) {
            header = (header << 8) | (first[i] & 0xff);
        }
        if (header < 2 || header > LONGEST_HEADER || first[LENGTH_BYTES] != '{') {
            throw new MalformedFileException(
                    source.name(),
                    "byte 0",
                    "not safetensors: a header of " + Long.toUnsignedString(header)
                            + " B is announced; expected 2 to 100,000,000 that begin with {");
        }
        if (header > source.length() - LENGTH_BYTES) {
            throw new MalformedFileException(
                    source.name(),
                    "byte " + source.length(),
                    "the file ends here; its header alone takes " + (LENGTH_BYTES + header) + " B");
        }
        input.skip(LENGTH_BYTES);
        return header;
    }

    private static StoredTensor tensor(ByteSource source, JsonObject entry, String name, long data) {
        entry.refuseOtherKeysThan(KEYS);
        String dtype = entry.requiredText("dtype");
        BlockFormat type = SafetensorsTypes.of(dtype);
        if (type == null) {
            throw entry.problem("dtype", "\"" + dtype + "\"; known: " + SafetensorsTypes.names());
        }
        if (!entry.has("shape")) {
            throw entry.problem("shape", "absent; expected a list of dimensions");
        }
        List<Long> shape = entry.wholes("shape", 0, 1L << 48);
        if (shape.size() > MOST_DIMENSIONS) {
            throw entry.problem("shape", shape.size() + " dimensions; at most " + MOST_DIMENSIONS + " are taken");
        }
        List<Long> offsets = entry.wholes("data_offsets", 0, Long.MAX_VALUE / 2);
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw entry.problem("data_offsets", offsets + "; expected begin and end");
        }
        long bytes = offsets.get(1) - offsets.get(0);
        BlockFormat.Part part = type.parts().get(0);
        try {
            StoredTensor tensor =
                    new StoredTensor(name, type, shape, bytes, source.name(), Math.addExact(data, offsets.get(0)));
            long elements = tensor.elements();
            if (elements % part.columns() != 0
                    || elements / part.columns() != bytes / part.bytes()
                    || bytes % part.bytes() != 0) {
                throw entry.problem(
                        "data_offsets",
                        offsets + ", " + bytes + " B; the shape " + shape + " in " + dtype + " takes another number");
            }
            return tensor;
        } catch (ArithmeticException tooLarge) {
            throw entry.problem("shape", shape + "; more elements than 2^63");
        }
    }

    private static void refuseGaps(ByteSource source, List<StoredTensor> tensors, long data) {
        long end = data;
        for (StoredTensor tensor : tensors) {
            if (tensor.offset() != end) {
                throw new MalformedFileException(
                        source.name(),
                        "byte " + Math.min(end, tensor.offset()),
                        tensor.name() + " begins at byte " + tensor.offset()
                                + (tensor.offset() < end ? " inside the tensor before it" : "")
                                + "; expected byte " + end + ", where the one before it ends");
            }
            end = Math.addExact(end, tensor.bytes());
        }
        if (end != source.length()) {
            throw new MalformedFileException(
                    source.name(),
                    "byte " + Math.min(end, source.length()),
                    "the file is " + source.length() + " B long and its tensors end at byte " + end
                            + (end > source.length() ? "; it is cut off" : ""));
        }
    }
}
