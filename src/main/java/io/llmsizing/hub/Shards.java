package io.llmsizing.hub;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that hold weights of one kind.
 *
 * @param present those that are there
 * @param missing those that are known to belong to them and are not
 */
record Shards(Set<String> present, Set<String> missing) {
    private static final Pattern NUMBERED = Pattern.compile("(.*-)([0-9]{5,6})-of-([0-9]{5,6})(\\.[a-z]+)");
    private static final int MOST_SHARDS = 20_000;
    private static final int LONGEST_NAME = 255;
    private static final long LONGEST_INDEX = 256L << 20;

    boolean isNone() {
        return present.isEmpty() && missing.isEmpty();
    }

    boolean isWhole() {
        return !present.isEmpty() && missing.isEmpty();
    }

    Shards and(Shards others) {
        return new Shards(
                ImmutableSet.copyOf(Sets.union(present, others.present)),
                ImmutableSet.copyOf(Sets.union(missing, others.missing)));
    }

    /** The files with an ending, and those that belong to {@code x-00001-of-00003} by its name. */
    static Shards named(Set<String> files, String ending) {
        Set<String> present = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        for (String file : files) {
            if (file.endsWith(ending) && present.add(file)) {
                Matcher name = NUMBERED.matcher(file);
                int count = name.matches() ? Integer.parseInt(name.group(3)) : 0;
                for (int shard = 1; shard <= Math.min(count, MOST_SHARDS) && missing.size() < MOST_SHARDS; shard++) {
                    String number = String.valueOf(shard);
                    String other = name.group(1)
                            + "0".repeat(Math.max(0, name.group(2).length() - number.length()))
                            + number
                            + "-of-" + name.group(3) + name.group(4);
                    if (!files.contains(other)) {
                        missing.add(other);
                    }
                }
            }
        }
        return new Shards(present, missing);
    }

    /**
     * The files that an index of safetensors names. Only values that end in {@code .safetensors} are looked for: an index
     * may hold more tensors than a document has room for.
     */
    static Shards ofIndex(Path index, Set<String> files) throws IOException {
        Set<String> present = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        if (Files.size(index) > LONGEST_INDEX) {
            throw new IOException(index + " is longer than " + LONGEST_INDEX + " B; expected an index of tensors");
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(index), 1 << 16)) {
            StringBuilder text = new StringBuilder();
            boolean inside = false;
            boolean value = false;
            for (int next = bytes.read(); next >= 0; next = bytes.read()) {
                if (next == '"') {
                    String name = text.toString();
                    if (inside && value && name.endsWith(".safetensors") && missing.size() < MOST_SHARDS) {
                        (files.contains(name) ? present : missing).add(name);
                    }
                    text.setLength(0);
                    inside = !inside;
                } else if (!inside) {
                    value = next == ':' || (value && next == ' ');
                } else {
                    int meant = next == '\\' ? bytes.read() : next;
                    if (text.length() < LONGEST_NAME) {
                        text.append((char) meant);
                    }
                }
            }
        }
        return new Shards(present, missing);
    }
}
