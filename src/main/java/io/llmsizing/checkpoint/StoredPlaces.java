package io.llmsizing.checkpoint;

import io.llmsizing.document.Bundled;
import io.llmsizing.reader.ModuleNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tensors of a checkpoint by the place where they stand: in which layer of the language model, outside of the layers,
 * in a block of multi-token prediction, or in a tower. Layers are told by the numbers in names: the stack with as many as
 * the model has is the language model's, or else the one with the most bytes; an encoder's comes before its decoder's.
 */
final class StoredPlaces {
    private static final Set<String> COMPUTED = computedTensors();
    private static final Set<String> PREDICTING = Set.of("eh_proj", "enorm", "hnorm", "shared_head");

    private final Map<Integer, Map<String, StoredParameter>> layers = new TreeMap<>();
    private final Map<String, StoredParameter> outside = new LinkedHashMap<>();
    private final Map<String, StoredParameter> speculative = new LinkedHashMap<>();
    private final List<StoredTensor> elsewhere = new ArrayList<>();
    private final List<StoredTensor> computed = new ArrayList<>();

    private StoredPlaces() {}

    private static Set<String> computedTensors() {
        Set<String> names = new HashSet<>(Bundled.lines(StoredPlaces.class, "computed-tensors.txt"));
        names.removeIf(line -> line.startsWith("#"));
        return Set.copyOf(names);
    }

    /** A tensor, what its name says, and its path in our words. */
    private record Named(StoredTensor tensor, StoredName name, List<String> path) {
        /** The words in front of the first number, and that number; an empty front where there is none. */
        String front() {
            int at = numberAt();
            return at < 1 ? "" : String.join(".", path.subList(0, at));
        }

        int number() {
            int at = numberAt();
            return at < 1 ? -1 : Integer.parseInt(path.get(at));
        }

        private int numberAt() {
            for (int i = 0; i < path.size(); i++) {
                if (isNumber(path.get(i))) {
                    return i;
                }
            }
            return -1;
        }

        /** The path without numbers from some component on. */
        String key(int from) {
            return StoredPlaces.key(path.subList(Math.min(from, path.size()), path.size()));
        }

        /** What a layer has only if it predicts a further token. */
        boolean isOfPrediction() {
            return path.stream().anyMatch(PREDICTING::contains);
        }

        boolean isSpeculative() {
            return path.stream().anyMatch(word -> word.startsWith("mtp") || word.startsWith("nextn"));
        }
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.length() <= 6 && word.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    /** A tensor's path without numbers, as both sides are compared: {@code mlp.experts.gate_proj}. */
    static String keyOf(String ours) {
        return key(words(ours));
    }

    private static List<String> words(String name) {
        return List.of(ModuleNames.canonical(name).split("\\.", -1));
    }

    private static String key(List<String> path) {
        StringBuilder key = new StringBuilder();
        for (String word : path) {
            if (!isNumber(word) && !word.equals("N")) {
                key.append(key.length() == 0 ? "" : ".").append(word);
            }
        }
        return withoutWeight(key.toString());
    }

    private static String withoutWeight(String key) {
        return key.endsWith(".weight") ? key.substring(0, key.length() - ".weight".length()) : key;
    }

    /**
     * Sorts tensors.
     *
     * @param tensors of the checkpoint
     * @param layerCount layers that the model has
     * @param predictions blocks of multi-token prediction behind them
     */
    static StoredPlaces of(List<StoredTensor> tensors, int layerCount, int predictions) {
        Set<String> names = new HashSet<>();
        tensors.forEach(tensor -> names.add(tensor.name()));
        StoredPlaces places = new StoredPlaces();
        List<Named> all = new ArrayList<>(tensors.size());
        for (StoredTensor tensor : tensors) {
            if (COMPUTED.stream().anyMatch(end -> endsLike(tensor.name(), end))) {
                places.computed.add(tensor);
            } else {
                StoredName name = StoredName.of(tensor.name(), names::contains);
                all.add(new Named(tensor, name, words(name.parameter())));
            }
        }
        places.sort(all, Stacks.of(all, layerCount, predictions), predictions);
        return places;
    }

    private static boolean endsLike(String name, String end) {
        return name.endsWith(end)
                && (name.length() == end.length() || name.charAt(name.length() - end.length() - 1) == '.');
    }

    private void sort(List<Named> all, Stacks stacks, int predictions) {
        Set<Integer> predicting = new HashSet<>();
        for (int block = 0; block < predictions; block++) {
            predicting.add(stacks.layerCount + block);
        }
        all.stream().filter(Named::isOfPrediction).map(stacks::layer).forEach(predicting::add);
        for (Named named : all) {
            int layer = stacks.layer(named);
            boolean beyond = layer >= stacks.layerCount;
            if (named.isSpeculative() || (beyond && predicting.contains(layer))) {
                add(speculative, named, Math.max(1, named.numberAt() + 1));
            } else if (beyond) {
                elsewhere.add(named.tensor());
            } else if (layer >= 0) {
                add(layers.computeIfAbsent(layer, number -> new LinkedHashMap<>()), named, named.numberAt() + 1);
            } else if (named.number() < 0 && !stacks.isTower(named)) {
                add(outside, named, 0);
            } else {
                elsewhere.add(named.tensor());
            }
        }
    }

    private static void add(Map<String, StoredParameter> place, Named named, int from) {
        place.computeIfAbsent(named.key(from), StoredParameter::new).add(named.name(), named.tensor());
    }

    /** What is stored of a layer, by the keys of its parameters. */
    Map<String, StoredParameter> layer(int number) {
        return layers.getOrDefault(number, Map.of());
    }

    /** What stands in no layer: embedding, head, last norm. */
    Map<String, StoredParameter> outside() {
        return outside;
    }

    /** What belongs to multi-token prediction, all blocks together. */
    Map<String, StoredParameter> speculative() {
        return speculative;
    }

    /** What belongs to other stacks than the language model's. */
    List<StoredTensor> elsewhere() {
        return elsewhere;
    }

    /** What engines compute instead of loading it. */
    List<StoredTensor> computed() {
        return computed;
    }

    /** The stacks of layers that are the language model's: what stands before the number, and which layer number 0 is. */
    private static final class Stacks {
        private final Map<String, Integer> firstLayer = new HashMap<>();
        private final Set<String> otherFronts = new HashSet<>();
        private final int layerCount;

        private Stacks(int layerCount) {
            this.layerCount = layerCount;
        }

        static Stacks of(List<Named> all, int layerCount, int predictions) {
            Map<String, Long> bytes = new TreeMap<>();
            Map<String, Integer> counts = new HashMap<>();
            for (Named named : all) {
                if (named.number() >= 0 && !named.isSpeculative()) {
                    bytes.merge(named.front(), named.tensor().bytes(), Long::sum);
                    counts.merge(named.front(), named.number() + 1, Math::max);
                }
            }
            Stacks stacks = new Stacks(layerCount);
            stacks.choose(bytes, counts, predictions);
            for (String front : bytes.keySet()) {
                if (!stacks.firstLayer.containsKey(front)) {
                    stacks.otherFronts.add(firstWord(front));
                }
            }
            stacks.firstLayer.keySet().forEach(front -> stacks.otherFronts.remove(firstWord(front)));
            return stacks;
        }

        private void choose(Map<String, Long> bytes, Map<String, Integer> counts, int predictions) {
            String largest = largest(bytes, counts, layerCount)
                    .or(() -> largest(bytes, counts, layerCount + predictions))
                    .or(() -> largest(bytes, counts, 0))
                    .orElse("");
            String other = largest.contains("decoder")
                    ? largest.replace("decoder", "encoder")
                    : largest.replace("encoder", "decoder");
            int together = counts.getOrDefault(largest, 0) + counts.getOrDefault(other, 0);
            if (!other.equals(largest) && counts.containsKey(other) && together == layerCount) {
                String encoder = largest.contains("encoder") ? largest : other;
                firstLayer.put(encoder, 0);
                firstLayer.put(encoder.equals(largest) ? other : largest, counts.getOrDefault(encoder, 0));
            } else {
                firstLayer.put(largest, 0);
            }
        }

        /** The layer of the language model that a tensor is in, negative for none. */
        private int layer(Named named) {
            Integer first = firstLayer.get(named.front());
            return first == null ? -1 : first + named.number();
        }

        /** The stack with the most bytes, of those with so many layers; of all for 0. */
        private static Optional<String> largest(Map<String, Long> bytes, Map<String, Integer> counts, int layers) {
            return bytes.keySet().stream()
                    .filter(front -> layers == 0 || counts.getOrDefault(front, 0) == layers)
                    .max(Comparator.comparingLong((String front) -> bytes.getOrDefault(front, 0L)));
        }

        /** Whether it stands beside another stack: under the same first word, which is not the language model's. */
        boolean isTower(Named named) {
            return named.path().size() > 1 && otherFronts.contains(named.path().get(0));
        }

        private static String firstWord(String front) {
            int dot = front.indexOf('.');
            return dot < 0 ? front : front.substring(0, dot);
        }
    }
}
