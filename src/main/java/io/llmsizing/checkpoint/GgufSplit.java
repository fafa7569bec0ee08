package io.llmsizing.checkpoint;

import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GGUF files that together are one: {@code name-00001-of-00003.gguf} and so on. */
public final class GgufSplit {
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.DOTALL);
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final int MOST_PARTS = 10_000;

    private GgufSplit() {}

    /**
     * The names of all parts of a file.
     *
     * @param name of one part, with folders or without
     * @return the names of all in their order, or the name alone if it is not one of a part
     * @throws IllegalArgumentException if the name says that there is no such part, or more than 10,000
     */
    public static List<String> partsOf(String name) {
        Matcher part = PART.matcher(name);
        if (!part.matches()) {
            return List.of(name);
        }
        int number = Integer.parseInt(part.group(2));
        int count = Integer.parseInt(part.group(3));
        if (number < 1 || number > count || count > MOST_PARTS) {
            throw new IllegalArgumentException(
                    name + ": part " + number + " of " + count + "; expected 1 to the count, at most " + MOST_PARTS);
        }
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", part.group(1), i, count));
        }
        return names;
    }

    /**
     * Reads all parts of a file as one.
     *
     * @param parts the files' bytes in their order, left open; one alone may be a whole file
     * @return the metadata of the first part and the tensors of all
     * @throws MalformedFileException if a part is malformed, missing, doubled or out of its place, or if the tensors are
     *     not as many as the first part says
     * @throws IOException if a file can't be read
     */
    public static GgufFile read(List<? extends ByteSource> parts) throws IOException {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("no parts; expected one file at least");
        }
        List<GgufFile> read = new ArrayList<>();
        for (ByteSource part : parts) {
            GgufFile file = GgufReader.read(part);
            refuseOtherPlace(file, read.size(), parts.size());
            read.add(file);
        }
        return read.size() == 1 ? read.get(0) : joined(read);
    }

    private static void refuseOtherPlace(GgufFile file, int index, int given) {
        GgufMetadata metadata = file.metadata();
        if (given == 1 && !metadata.has(COUNT)) {
            return;
        }
        long count = metadata.whole(COUNT, 0, MOST_PARTS);
        if (Math.max(1, count) != given) {
            throw metadata.problem(COUNT, "expected " + given + ", as many files as are given");
        }
        if (metadata.whole(NUMBER, 0, MOST_PARTS) != index) {
            throw metadata.problem(NUMBER, "expected " + index + ", counted from 0");
        }
        Matcher name = PART.matcher(file.name());
        if (name.matches() && Integer.parseInt(name.group(2)) != index + 1) {
            throw metadata.problem(NUMBER, "the file's name says part " + Integer.parseInt(name.group(2)));
        }
    }

    private static GgufFile joined(List<GgufFile> parts) {
        GgufFile first = parts.get(0);
        List<StoredTensor> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (GgufFile part : parts) {
            for (StoredTensor tensor : part.tensors()) {
                if (!names.add(tensor.name())) {
                    throw new MalformedFileException(
                            part.name(), "tensor " + tensor.name(), "stands in an earlier part too");
                }
                tensors.add(tensor);
            }
        }
        if (first.metadata().whole(TENSORS, 0, Integer.MAX_VALUE) != tensors.size()) {
            throw first.metadata().problem(TENSORS, "expected " + tensors.size() + ", as many as the parts hold");
        }
        return new GgufFile(
                first.name(),
                first.version(),
                first.bigEndian(),
                first.metadata(),
                tensors,
                first.alignment(),
                first.dataStart());
    }
}
