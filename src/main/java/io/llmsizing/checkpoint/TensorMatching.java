package io.llmsizing.checkpoint;

import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which stored parameter is which tensor of ours, in one place of a model. Names decide, those of fused parameters too;
 * what they leave is told by its size: equal tensors, neighbours that are stored as one, one that is stored in pieces.
 */
final class TensorMatching {
    /** So many neighbours may be one: query, key, value and a gate. */
    private static final int MOST_JOINED = 4;

    private final List<WeightTensor> ours;
    private final List<BlockFormat> expected;
    private final BlockFormat[] formats;
    private final List<StoredParameter> left = new ArrayList<>();
    private final List<String> toldBySize = new ArrayList<>();

    private TensorMatching(List<WeightTensor> ours, List<BlockFormat> expected) {
        this.ours = ours;
        this.expected = expected;
        this.formats = new BlockFormat[ours.size()];
    }

    /**
     * Matches the tensors of a place.
     *
     * @param ours the model's, with as many as stand there
     * @param expected in which the config says they are stored
     * @param stored what the checkpoint holds there
     */
    static TensorMatching of(List<WeightTensor> ours, List<BlockFormat> expected, Collection<StoredParameter> stored) {
        TensorMatching matching = new TensorMatching(ours, expected);
        matching.byName(stored);
        matching.bySize();
        return matching;
    }

    private void byName(Collection<StoredParameter> stored) {
        Map<String, List<Integer>> own = new LinkedHashMap<>();
        Map<String, List<Integer>> fused = new LinkedHashMap<>();
        for (int i = 0; i < ours.size(); i++) {
            own.computeIfAbsent(StoredPlaces.keyOf(ours.get(i).name()), key -> new ArrayList<>())
                    .add(i);
            fused.computeIfAbsent(StoredPlaces.keyOf(ours.get(i).fusedInto()), key -> new ArrayList<>())
                    .add(i);
        }
        for (StoredParameter parameter : stored) {
            boolean known = take(own.getOrDefault(parameter.key(), List.of()), parameter)
                    || take(fused.getOrDefault(parameter.key(), List.of()), parameter);
            if (!known) {
                left.add(parameter);
            }
        }
    }

    /** Gives tensors of ours the bytes of a stored parameter, if they can be the same and have none yet. */
    private boolean take(List<Integer> tensors, StoredParameter stored) {
        if (tensors.isEmpty() || tensors.stream().anyMatch(tensor -> formats[tensor] != null)) {
            return false;
        }
        Optional<List<BlockFormat>> found = StoredFormats.of(
                tensors.stream().map(ours::get).collect(Collectors.toList()),
                tensors.stream().map(expected::get).collect(Collectors.toList()),
                stored);
        for (int i = 0; found.isPresent() && i < tensors.size(); i++) {
            formats[tensors.get(i)] = found.get().get(i);
        }
        return found.isPresent();
    }

    private void bySize() {
        List<StoredParameter> single = new ArrayList<>();
        left.removeIf(parameter -> parameter.isPlain() && single.addAll(parameter.apart()));
        single.sort(Comparator.comparing(parameter -> parameter.tensors().get(0).name()));
        takeFused(single);
        for (int i = 0; i < ours.size(); i++) {
            if (formats[i] == null && !takeEqual(i, single)) {
                takePieces(i, single);
            }
        }
        for (int i = 0; i < ours.size(); i++) {
            if (formats[i] == null) {
                takeNeighbours(i, single);
            }
        }
        left.addAll(single);
    }

    /** One stored tensor that is all of ours that engines fuse. */
    private void takeFused(List<StoredParameter> single) {
        Map<String, List<Integer>> fused = new LinkedHashMap<>();
        for (int i = 0; i < ours.size(); i++) {
            if (formats[i] == null) {
                fused.computeIfAbsent(ours.get(i).fusedInto(), parameter -> new ArrayList<>())
                        .add(i);
            }
        }
        for (List<Integer> together : fused.values()) {
            long wanted =
                    StoredFormats.elements(together.stream().map(ours::get).collect(Collectors.toList()));
            Optional<StoredParameter> one = together.size() == 1
                    ? Optional.empty()
                    : single.stream()
                            .filter(parameter -> parameter.elements() == wanted)
                            .findFirst();
            one.ifPresent(parameter -> takeAll(together, List.of(parameter), single));
        }
    }

    /** As many stored tensors of the size of ours as there are of ours. */
    private boolean takeEqual(int tensor, List<StoredParameter> single) {
        WeightTensor wanted = ours.get(tensor);
        long each = Math.multiplyExact(wanted.rows(), wanted.columns());
        List<StoredParameter> equal = single.stream()
                .filter(parameter -> parameter.elements() == each)
                .limit(wanted.count())
                .collect(Collectors.toList());
        return equal.size() == wanted.count() && takeAll(List.of(tensor), equal, single);
    }

    /** Stored neighbours that make up one of ours, or a single one that stacks all of ours. */
    private boolean takePieces(int tensor, List<StoredParameter> single) {
        long wanted = ours.get(tensor).elements();
        for (int from = 0; from < single.size(); from++) {
            long sum = 0;
            for (int to = from; to < Math.min(single.size(), from + MOST_JOINED) && sum < wanted; to++) {
                sum += single.get(to).elements();
                if (sum == wanted) {
                    return takeAll(List.of(tensor), List.copyOf(single.subList(from, to + 1)), single);
                }
            }
        }
        return false;
    }

    /** One stored tensor that is several neighbours of ours. */
    private void takeNeighbours(int first, List<StoredParameter> single) {
        List<Integer> neighbours = new ArrayList<>();
        long sum = 0;
        for (int i = first; i < ours.size() && neighbours.size() < MOST_JOINED && formats[i] == null; i++) {
            neighbours.add(i);
            sum = Math.addExact(sum, ours.get(i).elements());
            long wanted = sum;
            Optional<StoredParameter> fused = neighbours.size() == 1
                    ? Optional.empty()
                    : single.stream()
                            .filter(parameter -> parameter.elements() == wanted)
                            .findFirst();
            if (fused.isPresent() && takeAll(neighbours, List.of(fused.get()), single)) {
                return;
            }
        }
    }

    private boolean takeAll(List<Integer> tensors, List<StoredParameter> taken, List<StoredParameter> single) {
        boolean fits = take(tensors, StoredParameter.joined(taken));
        if (fits) {
            note(taken.get(0).tensors().get(0), tensors);
            single.removeAll(new HashSet<>(taken));
        }
        return fits;
    }

    /** What stands whole on every rank is charged alike under any name. */
    private void note(StoredTensor stored, List<Integer> tensors) {
        List<WeightTensor> guessed = tensors.stream().map(ours::get).toList();
        if (guessed.stream().anyMatch(tensor -> !tensor.shardRule().equals(ShardRule.REPLICATED))) {
            toldBySize.add(stored.name() + " as "
                    + guessed.stream().map(WeightTensor::name).collect(Collectors.joining(" and ")));
        }
    }

    /** The format of each tensor of ours, in their order; those that are missing take no bytes. */
    List<BlockFormat> formats() {
        return Arrays.stream(formats)
                .map(format -> format == null ? Formats.NOT_STORED : format)
                .collect(Collectors.toList());
    }

    /** What ranks cut and was told by its size: a stored name, and which of ours it was taken for. */
    List<String> toldBySize() {
        return toldBySize;
    }

    /** The tensors of ours that are not stored. */
    List<WeightTensor> missing() {
        List<WeightTensor> missing = new ArrayList<>();
        for (int i = 0; i < formats.length; i++) {
            if (formats[i] == null) {
                missing.add(ours.get(i));
            }
        }
        return missing;
    }

    /** What is stored and is none of ours. */
    List<StoredTensor> unexpected() {
        return left.stream().flatMap(parameter -> parameter.tensors().stream()).collect(Collectors.toList());
    }
}
