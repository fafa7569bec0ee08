package io.llmsizing.checkpoint;

import static com.google.common.base.Preconditions.checkState;

import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.model.TensorBlock.Part;
import io.llmsizing.model.VisionTower;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightBinding;
import io.llmsizing.weights.WeightMemory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts the stored tensors of a checkpoint in the places of a model that its config describes. */
final class CheckpointJoin {
    private static final int MOST_NAMED = 3;
    private static final Set<Part> OUTSIDE = Set.of(Part.EMBEDDING, Part.POSITIONS, Part.OUTPUT);
    private static final Set<Part> SPECULATIVE = Set.of(Part.SPECULATIVE, Part.SPECULATIVE_COPIES);

    private final Model shape;
    private final WeightScheme expected;
    private final StoredPlaces places;
    private final ModelBuilder model;
    private final List<StoredTensor> unexpected = new ArrayList<>();
    private final List<CheckpointReading.Missing> missing = new ArrayList<>();
    private final List<StoredTensor> notLoaded = new ArrayList<>();
    private final List<String> bySize = new ArrayList<>();
    private final List<Assumption> assumptions = new ArrayList<>();
    private final List<List<BlockFormat>> ofLayers = new ArrayList<>();
    private final Map<String, List<BlockFormat>> ofBlocks = new LinkedHashMap<>();

    private CheckpointJoin(Model shape, List<StoredTensor> tensors) {
        this.shape = shape;
        this.expected = shape.weights();
        this.places = StoredPlaces.of(
                tensors,
                shape.layers().size(),
                shape.speculativeHead().map(SpeculativeHead::depth).orElse(0));
        this.model = shape.toBuilder();
    }

    /**
     * Joins.
     *
     * @param shape the model that the config describes
     * @param tensors of the checkpoint, as published checkpoints name them
     */
    static CheckpointReading join(Model shape, List<StoredTensor> tensors) {
        CheckpointJoin join = new CheckpointJoin(shape, tensors);
        join.notLoaded.addAll(join.places.computed());
        join.readOutside();
        join.readSpeculative();
        join.readLayers();
        return join.reading(tensors.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact));
    }

    private List<BlockFormat> expected(String block, List<WeightTensor> tensors) {
        return tensors.stream().map(tensor -> expected.formatOf(block, tensor)).collect(Collectors.toList());
    }

    private void readLayers() {
        List<LayerGroup> runs = new ArrayList<>();
        Map<Integer, List<WeightTensor>> ofGroups = new HashMap<>();
        for (int layer = 0; layer < shape.layers().size(); layer++) {
            int group = shape.layers().groupOf(layer);
            LayerGroup kind = shape.layers().groups().get(group).times(1);
            List<WeightTensor> ours = ofGroups.computeIfAbsent(group, any -> kind.tensors(shape.hidden()));
            TensorMatching matching = TensorMatching.of(
                    ours,
                    expected("layers[" + group + "]", ours),
                    places.layer(layer).values());
            StoredBlocks more = StoredBlocks.of(matching.unexpected(), TensorRole.UNEXPECTED);
            unexpected.addAll(matching.unexpected());
            bySize.addAll(matching.toldBySize());
            report("layer " + layer, matching.missing());
            ofLayers.add(joined(matching.formats(), more.formats()));
            runs.add(kind.with(more.tensors()));
        }
        model.layers(LayerStack.of(runs));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }

    private void report(String place, List<WeightTensor> absent) {
        absent.forEach(tensor -> missing.add(new CheckpointReading.Missing(place, tensor)));
    }

    /** Matches the tensors of several blocks at once, which may stand many times. */
    private TensorMatching readBlocks(Set<Part> parts, Collection<StoredParameter> stored) {
        List<WeightTensor> ours = new ArrayList<>();
        List<BlockFormat> formats = new ArrayList<>();
        List<TensorBlock> blocks = shape.blocks().stream()
                .filter(block -> parts.contains(block.part()))
                .collect(Collectors.toList());
        for (TensorBlock block : blocks) {
            for (WeightTensor tensor : block.tensors()) {
                ours.add(tensor.times(
                        Math.multiplyExact(tensor.count(), block.count()),
                        Math.multiplyExact(tensor.activeCount(), block.count())));
            }
            formats.addAll(expected(block.name(), block.tensors()));
        }
        TensorMatching matching = TensorMatching.of(ours, formats, stored);
        int at = 0;
        for (TensorBlock block : blocks) {
            int end = at + block.tensors().size();
            ofBlocks.put(block.name(), new ArrayList<>(matching.formats().subList(at, end)));
            at = end;
        }
        bySize.addAll(matching.toldBySize());
        report(blocks.isEmpty() ? "" : blocks.get(0).name(), matching.missing());
        return matching;
    }

    private void readSpeculative() {
        if (shape.speculativeHead().isEmpty()) {
            places.speculative().values().forEach(parameter -> notLoaded.addAll(parameter.tensors()));
            return;
        }
        SpeculativeHead head = shape.speculativeHead().get();
        TensorMatching matching = readBlocks(SPECULATIVE, places.speculative().values());
        if (head.depth() > 1) {
            addBeside(matching.unexpected());
            return;
        }
        StoredBlocks more = StoredBlocks.of(matching.unexpected(), TensorRole.UNEXPECTED);
        unexpected.addAll(matching.unexpected());
        formats("speculative").addAll(more.formats());
        model.speculativeHead(new SpeculativeHead(
                head.depth(),
                head.layer(),
                head.storesEmbeddingCopies(),
                joined(head.others(), more.tensors()),
                head.normVectors()));
    }

    private List<BlockFormat> formats(String block) {
        return ofBlocks.computeIfAbsent(block, any -> new ArrayList<>());
    }

    private void readOutside() {
        List<StoredParameter> stored = new ArrayList<>(places.outside().values());
        if (shape.embedding().tied()) {
            stored.removeIf(parameter -> parameter.key().equals("lm_head") && notLoaded.addAll(parameter.tensors()));
        }
        TensorMatching matching = readBlocks(OUTSIDE, stored);
        List<StoredTensor> others = joined(matching.unexpected(), places.elsewhere());
        if (shape.visionTower().isPresent()) {
            readTower(shape.visionTower().get(), others);
        } else {
            addBeside(others);
        }
    }

    /** A tower is taken as it is stored, unless it is what the config says. */
    private void readTower(VisionTower tower, List<StoredTensor> stored) {
        long bytes = stored.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact);
        long said = 0;
        for (WeightTensor tensor : tower.tensors()) {
            long each = expected.formatOf("vision", tensor).bytes(tensor.rows(), tensor.columns());
            said = Math.addExact(said, Math.multiplyExact(tensor.count(), each));
        }
        if (bytes == said) {
            ofBlocks.put("vision", expected("vision", tower.tensors()));
            return;
        }
        StoredBlocks taken = StoredBlocks.of(stored, TensorRole.VISION);
        ofBlocks.put("vision", taken.formats());
        model.visionTower(new VisionTower(taken.tensors()));
        assumptions.add(new Assumption(
                "towers", "stored in " + bytes + " B where the config says " + said + " B; taken as they are stored"));
    }

    private void addBeside(List<StoredTensor> tensors) {
        StoredBlocks more = StoredBlocks.of(tensors, TensorRole.UNEXPECTED);
        unexpected.addAll(tensors);
        model.embedding(model.embedding().beside(more.tensors()));
        formats("positions").addAll(more.formats());
    }

    private CheckpointReading reading(long bytes) {
        Model joined = model.build();
        WeightBinding binding = new WeightBinding(joined);
        for (int layer = 0; layer < ofLayers.size(); layer++) {
            LayerGroup kind = joined.layers().groups().get(joined.layers().groupOf(layer));
            binding.layer(kind.tensors(joined.hidden()), ofLayers.get(layer));
        }
        for (TensorBlock block : joined.blocks()) {
            if (block.part() != Part.LAYERS) {
                binding.block(block, formats(block.name()));
            }
        }
        BlockFormat plain = binding.plain(expected.formatOf(TensorRole.NORM));
        binding.bind(model, plain, WeightScheme.uniform(plain)::formatOf);
        Model stored =
                model.assumptions(joined(shape.assumptions(), differences())).build();
        long left = notLoaded.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact);
        long told = Math.addExact(WeightMemory.checkpointBytes(stored, stored.weights()), left);
        checkState(told == bytes, "the model takes %s B and the checkpoint %s B", told, bytes);
        return new CheckpointReading(
                stored, bytes, WeightMemory.checkpointBytes(shape, expected), unexpected, missing, notLoaded);
    }

    private List<Assumption> differences() {
        List<Assumption> differences = new ArrayList<>(assumptions);
        if (!unexpected.isEmpty()) {
            differences.add(new Assumption(
                    "unexpected tensors",
                    said(unexpected) + "; every rank of their stage is charged with all of them"));
        }
        if (!bySize.isEmpty()) {
            differences.add(new Assumption(
                    "tensors told by size",
                    bySize.size() + ", such as "
                            + bySize.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                            + "; their names are not known, their bytes are those of the file"));
        }
        if (!notLoaded.isEmpty()) {
            differences.add(new Assumption("tensors not loaded", said(notLoaded) + "; not counted"));
        }
        if (!missing.isEmpty()) {
            differences.add(new Assumption(
                    "missing tensors",
                    missing.size() + ", such as "
                            + missing.stream()
                                    .limit(MOST_NAMED)
                                    .map(absent -> absent.tensor().name() + " of " + absent.place())
                                    .collect(Collectors.joining(", "))
                            + "; not counted"));
        }
        return differences;
    }

    private static String said(List<StoredTensor> tensors) {
        long bytes = tensors.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact);
        return tensors.size() + " of " + bytes + " B, such as "
                + tensors.stream().limit(MOST_NAMED).map(StoredTensor::name).collect(Collectors.joining(", "));
    }
}
