package io.llmsizing.checkpoint;

import com.google.common.collect.ImmutableList;
import io.llmsizing.document.JsonMembers;
import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which files of a repository make up the checkpoint. Repositories hold copies: the vendor's own layout in {@code
 * original/} or {@code consolidated*}, older pickles beside safetensors. One set is taken, the one that engines load, and
 * the others are named.
 *
 * @param weights the files that hold the tensors, in order
 * @param gguf whether they are GGUF
 * @param leftOut other files with weights, with the reason why they are not counted
 */
record CheckpointFiles(List<String> weights, boolean gguf, Map<String, String> leftOut) {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String WHOLE = "model.safetensors";
    private static final String VENDORS_OWN = "consolidated";
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.(safetensors|gguf)");
    private static final int MOST_PARTS = 4_096;
    private static final int MOST_SHOWN = 12;

    CheckpointFiles {
        weights = ImmutableList.copyOf(weights);
        leftOut = new LinkedHashMap<>(leftOut);
    }

    /** The files of a repository that engines load. */
    static CheckpointFiles in(Repository repository) throws IOException {
        SortedMap<String, Long> files = repository.files();
        List<String> weights = chosen(repository, files);
        Map<String, String> leftOut = new TreeMap<>();
        for (String file : files.keySet()) {
            if (holdsWeights(file) && !weights.contains(file)) {
                leftOut.put(file, reason(file));
            }
        }
        return new CheckpointFiles(weights, weights.get(0).endsWith(".gguf"), leftOut);
    }

    /** The files that belong together with one of a repository: itself, those it lists, or all parts of which it is one. */
    static CheckpointFiles with(Repository repository, String file) throws IOException {
        Matcher part = PART.matcher(file);
        List<String> weights = List.of(file);
        if (file.endsWith(".json")) {
            weights = indexed(repository, file, repository.files());
        } else if (part.matches()) {
            weights = parts(repository, repository.files(), part);
        }
        return new CheckpointFiles(weights, file.endsWith(".gguf"), Map.of());
    }

    private static List<String> chosen(Repository repository, SortedMap<String, Long> files) throws IOException {
        if (files.containsKey(INDEX)) {
            return indexed(repository, INDEX, files);
        }
        if (files.containsKey(WHOLE)) {
            return List.of(WHOLE);
        }
        Map<String, List<String>> sets = sets(files, ".safetensors", "");
        if (sets.isEmpty()) {
            sets = sets(files, ".gguf", "");
        }
        if (sets.isEmpty()) {
            sets = sets(files, ".safetensors", VENDORS_OWN);
        }
        if (sets.size() != 1) {
            throw new MalformedFileException(repository.name(), "files", sets.isEmpty() ? none(files) : several(sets));
        }
        List<String> set = sets.values().iterator().next();
        Matcher part = PART.matcher(set.get(0));
        return part.matches() ? parts(repository, files, part) : set;
    }

    /** Files at the top of one kind, parts of a whole together; adapters and projectors are no models. */
    private static Map<String, List<String>> sets(SortedMap<String, Long> files, String kind, String beginning) {
        Map<String, List<String>> sets = new TreeMap<>();
        for (String file : files.keySet()) {
            boolean main = !file.contains("/")
                    && !file.startsWith("adapter_")
                    && !file.startsWith("mmproj")
                    && file.startsWith(VENDORS_OWN) == beginning.equals(VENDORS_OWN);
            if (main && file.endsWith(kind)) {
                Matcher part = PART.matcher(file);
                sets.computeIfAbsent(part.matches() ? part.group(1) + part.group(3) : file, set -> new ArrayList<>())
                        .add(file);
            }
        }
        return sets;
    }

    private static boolean holdsWeights(String file) {
        return file.endsWith(".safetensors")
                || file.endsWith(".gguf")
                || (file.endsWith(".bin") && (file.contains("model") || file.contains("consolidated")))
                || file.endsWith(".pth")
                || file.endsWith(".pt");
    }

    private static String reason(String file) {
        if (file.startsWith("mmproj")) {
            return "a projector for images, loaded beside the model";
        }
        if (file.startsWith("adapter_")) {
            return "an adapter, loaded beside the model";
        }
        return "another copy, or weights of something else";
    }

    private static List<String> indexed(Repository repository, String file, SortedMap<String, Long> files)
            throws IOException {
        SortedSet<String> shards = new TreeSet<>();
        String name = repository.name() + "/" + file;
        try (ByteSource index = repository.open(file)) {
            JsonMembers.forEachWithin(
                    new HeaderInput(index, 0, index.length()),
                    name,
                    "weight_map",
                    (owner, key) -> shards.add(owner.requiredText(key)));
        }
        if (shards.isEmpty() || shards.size() > MOST_PARTS) {
            throw new MalformedFileException(
                    name, "weight_map", shards.size() + " files; 1 to " + MOST_PARTS + " expected");
        }
        List<String> missing =
                shards.stream().filter(shard -> !files.containsKey(shard)).collect(Collectors.toList());
        if (missing.isEmpty()) {
            return List.copyOf(shards);
        }
        if (files.containsKey(WHOLE)) {
            return List.of(WHOLE);
        }
        throw new MalformedFileException(
                name,
                "weight_map",
                missing.size() + " of " + shards.size() + " files are not there, such as " + missing.get(0)
                        + "; the download is not complete");
    }

    private static List<String> parts(Repository repository, SortedMap<String, Long> files, Matcher one) {
        int number = Integer.parseInt(one.group(2));
        int count = Integer.parseInt(one.group(3));
        if (count < 1 || count > MOST_PARTS || number < 1 || number > count) {
            throw new MalformedFileException(
                    repository.name(),
                    one.group(),
                    "part " + number + " of " + count + "; expected a part of 1 to " + MOST_PARTS);
        }
        List<String> parts = new ArrayList<>();
        for (int part = 1; part <= count; part++) {
            String file = String.format(Locale.ROOT, "%s-%05d-of-%05d.%s", one.group(1), part, count, one.group(4));
            if (!files.containsKey(file)) {
                throw new MalformedFileException(
                        repository.name(), file, "not there; part " + part + " of " + count + " is missing");
            }
            parts.add(file);
        }
        return parts;
    }

    private static String none(SortedMap<String, Long> files) {
        return "no safetensors and no GGUF among " + files.size() + " files"
                + (files.keySet().stream().anyMatch(CheckpointFiles::holdsWeights)
                        ? "; pickled weights are not read, convert them to safetensors"
                        : "");
    }

    private static String several(Map<String, List<String>> sets) {
        return sets.size() + " checkpoints: "
                + sets.values().stream()
                        .limit(MOST_SHOWN)
                        .map(set -> set.get(0))
                        .collect(Collectors.joining(", "))
                + "; name one of the files";
    }
}
