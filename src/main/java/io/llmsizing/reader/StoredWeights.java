package io.llmsizing.reader;

import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a config says about modules, bound to the tensors of a model: a format for each role, the one in which most of its
 * elements are stored, and exceptions for the tensors that are stored otherwise. Layers of one shape that are not stored
 * alike become groups of their own.
 */
final class StoredWeights {
    private final Model shape;
    private final ModuleFormats formats;

    /** The formats of each layer's tensors, in their order; layers that are stored alike share a list. */
    private final List<List<BlockFormat>> ofLayers = new ArrayList<>();

    private final Map<String, List<BlockFormat>> ofBlocks = new LinkedHashMap<>();
    private final Map<TensorRole, Map<BlockFormat, Long>> elements = new EnumMap<>(TensorRole.class);

    private StoredWeights(Model shape, ModuleFormats formats) {
        this.shape = shape;
        this.formats = formats;
    }

    /** Gives a model the scheme that its config states, and tells its layers apart where that must be. */
    static void bind(ModelBuilder model, ModuleFormats formats) {
        if (formats.isUniform()) {
            model.weights(uniform(formats));
            return;
        }
        StoredWeights stored = new StoredWeights(model.build(), formats);
        stored.readBlocks();
        if (formats.isByRole()) {
            model.weights(stored.scheme());
        } else {
            stored.readLayers();
            stored.bindLayers(model);
        }
    }

    private static WeightScheme linearLayers(BlockFormat linear, BlockFormat plain) {
        return linear.equals(plain) ? WeightScheme.uniform(linear) : WeightScheme.linearLayers(linear, plain);
    }

    /** Linear layers in one format, other roles as stated. */
    private static WeightScheme uniform(ModuleFormats formats) {
        WeightScheme scheme = linearLayers(formats.ofRole(TensorRole.ATTENTION), formats.plain());
        for (TensorRole role : TensorRole.values()) {
            scheme = scheme.with(role, formats.ofRole(role));
        }
        return scheme;
    }

    private void readBlocks() {
        for (TensorBlock block : shape.blocks()) {
            if (block.part() == TensorBlock.Part.LAYERS) {
                if (formats.isByRole()) {
                    block.tensors().forEach(tensor -> count(tensor, block.count(), formats.ofRole(tensor.role())));
                }
            } else {
                ofBlocks.put(block.name(), storedBlock(block));
            }
        }
    }

    private List<BlockFormat> storedBlock(TensorBlock block) {
        boolean speculative =
                block.part() == TensorBlock.Part.SPECULATIVE || block.part() == TensorBlock.Part.SPECULATIVE_COPIES;
        List<BlockFormat> first = List.of();
        for (int depth = 0; depth < block.count(); depth++) {
            List<NamedTensor> named = named(block.tensors(), speculative ? depth : -1);
            List<BlockFormat> stored =
                    stored(named, speculative ? shape.layers().size() + depth : -1);
            count(named, stored);
            if (depth > 0 && !stored.equals(first)) {
                throw formats.problem("blocks of multi-token prediction are stored differently; expected alike");
            }
            first = stored;
        }
        return first;
    }

    /** A tensor and what its module may be called: inside a layer, or in the model. */
    private record NamedTensor(WeightTensor tensor, List<ModuleName> inLayer, List<ModuleName> outside) {}

    /** The tensors of a block outside the layers; prediction blocks stand behind the layers or under their own name. */
    private List<NamedTensor> named(List<WeightTensor> tensors, int depth) {
        List<NamedTensor> named = new ArrayList<>();
        for (WeightTensor tensor : tensors) {
            List<ModuleName> outside = new ArrayList<>();
            if (depth < 0) {
                outside.addAll(names(tensor, "", 0));
            } else {
                outside.addAll(names(tensor, "mtp.layers." + depth + ".", 0));
                outside.addAll(names(tensor, "mtp." + depth + ".", 0));
                outside.addAll(names(tensor, "decoder.", 0));
            }
            named.add(new NamedTensor(tensor, depth < 0 ? List.of() : names(tensor, "", 0), outside));
        }
        return named;
    }

    private List<ModuleName> names(WeightTensor tensor, String front, long expert) {
        return TensorModules.mayBeQuantized(tensor)
                ? TensorModules.names(tensor, front, expert, formats.speaksOfMixers())
                : List.of();
    }

    private void readLayers() {
        int layer = 0;
        Map<List<BlockFormat>, List<BlockFormat>> known = new HashMap<>();
        Map<LayerGroup, List<NamedTensor>> ofKinds = new HashMap<>();
        Map<LayerGroup, List<BlockFormat>> storedKinds = new HashMap<>();
        boolean alike = formats.treatsLayersAlike();
        for (LayerGroup run : shape.layers().runs()) {
            LayerGroup kind = run.times(1);
            List<NamedTensor> named = ofKinds.computeIfAbsent(kind, this::named);
            for (int i = 0; i < run.count(); i++) {
                int at = layer;
                List<BlockFormat> stored = alike
                        ? storedKinds.computeIfAbsent(kind, first -> stored(named, at))
                        : known.computeIfAbsent(stored(named, at), same -> same);
                count(named, stored);
                ofLayers.add(stored);
                layer++;
            }
        }
    }

    private void count(List<NamedTensor> named, List<BlockFormat> stored) {
        for (int i = 0; i < stored.size(); i++) {
            count(named.get(i).tensor(), 1, stored.get(i));
        }
    }

    private List<NamedTensor> named(LayerGroup kind) {
        return kind.tensors(shape.hidden()).stream()
                .map(tensor -> new NamedTensor(tensor, names(tensor, "", 0), List.of()))
                .collect(Collectors.toList());
    }

    private List<BlockFormat> stored(List<NamedTensor> named, int layer) {
        List<BlockFormat> stored = new ArrayList<>(named.size());
        for (NamedTensor one : named) {
            WeightTensor tensor = one.tensor();
            BlockFormat format = formats.of(layer, one.inLayer(), one.outside(), tensor.role());
            if (tensor.role() == TensorRole.EXPERT) {
                refuseUnlessAlike(one, layer, format);
            }
            stored.add(format);
        }
        return stored;
    }

    private void refuseUnlessAlike(NamedTensor one, int layer, BlockFormat format) {
        WeightTensor tensor = one.tensor();
        boolean alike = !formats.saysOfSome(layer, one.inLayer(), tensor.count());
        for (long expert = 1; alike && formats.distinguishesExperts() && expert < tensor.count(); expert++) {
            List<ModuleName> names = names(tensor, "", expert);
            alike = formats.of(layer, names, List.of(), tensor.role()).equals(format);
        }
        if (!alike) {
            throw formats.problem("experts of layer " + layer + " are not stored alike; expected one format");
        }
    }

    private void count(WeightTensor tensor, long copies, BlockFormat format) {
        elements.computeIfAbsent(tensor.role(), role -> new LinkedHashMap<>())
                .merge(format, Math.multiplyExact(copies, tensor.elements()), Math::addExact);
    }

    private BlockFormat most(TensorRole role, BlockFormat otherwise) {
        BlockFormat most = otherwise;
        long largest = 0;
        for (Map.Entry<BlockFormat, Long> entry :
                elements.getOrDefault(role, Map.of()).entrySet()) {
            if (entry.getValue() > largest) {
                most = entry.getKey();
                largest = entry.getValue();
            }
        }
        return most;
    }

    /** The scheme by role, named after the linear layers of the role that has the most elements. */
    private WeightScheme scheme() {
        BlockFormat base = formats.plain();
        long largest = 0;
        for (TensorRole role : TensorRole.values()) {
            long all = WeightScheme.LINEAR_LAYERS.contains(role)
                    ? elements.getOrDefault(role, Map.of()).values().stream()
                            .mapToLong(Long::longValue)
                            .sum()
                    : 0;
            if (all > largest) {
                base = most(role, base);
                largest = all;
            }
        }
        WeightScheme scheme = linearLayers(base, formats.plain());
        for (TensorRole role : TensorRole.values()) {
            boolean linear = WeightScheme.LINEAR_LAYERS.contains(role);
            scheme = scheme.with(role, most(role, linear ? base : formats.ofRole(role)));
        }
        return scheme;
    }

    private void bindLayers(ModelBuilder model) {
        WeightScheme scheme = scheme();
        Map<Map<String, BlockFormat>, String> variants = new HashMap<>();
        variants.put(Map.of(), "");
        Map<String, Map<String, BlockFormat>> ofVariant = new HashMap<>();
        List<LayerGroup> runs = new ArrayList<>();
        Map<LayerGroup, List<WeightTensor>> ofKinds = new HashMap<>();
        int layer = 0;
        for (LayerGroup run : shape.layers().runs()) {
            List<WeightTensor> tensors = ofKinds.computeIfAbsent(run.times(1), kind -> kind.tensors(shape.hidden()));
            for (int i = 0; i < run.count(); i++) {
                List<BlockFormat> stored = ofLayers.get(layer);
                if (i > 0 && stored.equals(ofLayers.get(layer - 1))) {
                    LayerGroup last = runs.get(runs.size() - 1);
                    runs.set(runs.size() - 1, last.times(last.count() + 1));
                } else {
                    Map<String, BlockFormat> exceptions = exceptions(tensors, stored, scheme);
                    String storage = variants.computeIfAbsent(exceptions, other -> "storage " + variants.size());
                    String variant = (run.variant() + " " + storage).strip();
                    ofVariant.put(variant, exceptions);
                    runs.add(run.times(1).withVariant(variant));
                }
                layer++;
            }
        }
        LayerStack layers = LayerStack.of(runs);
        Map<String, Map<String, BlockFormat>> byBlock = new LinkedHashMap<>();
        for (TensorBlock block : shape.blocks()) {
            List<BlockFormat> stored = ofBlocks.get(block.name());
            if (stored != null) {
                byBlock.put(block.name(), exceptions(block.tensors(), stored, scheme));
            }
        }
        for (int group = 0; group < layers.groups().size(); group++) {
            String variant = layers.groups().get(group).variant();
            byBlock.put("layers[" + group + "]", ofVariant.getOrDefault(variant, Map.of()));
        }
        model.layers(layers).weights(scheme.withExceptions(byBlock));
    }

    private static Map<String, BlockFormat> exceptions(
            List<WeightTensor> tensors, List<BlockFormat> stored, WeightScheme scheme) {
        Map<String, BlockFormat> exceptions = new TreeMap<>();
        IntStream.range(0, tensors.size())
                .filter(i ->
                        !stored.get(i).equals(scheme.formatOf(tensors.get(i).role())))
                .forEach(i -> exceptions.put(tensors.get(i).name(), stored.get(i)));
        return exceptions;
    }
}
