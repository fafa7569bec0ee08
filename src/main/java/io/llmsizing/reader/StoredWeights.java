package io.llmsizing.reader;

import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightBinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a config says about modules, bound to the tensors of a model: a format for each role, the one in which most of its
 * elements are stored, and exceptions for the tensors that are stored otherwise. Layers of one shape that are not stored
 * alike become groups of their own.
 */
final class StoredWeights {
    private final Model shape;
    private final ModuleFormats formats;
    private final WeightBinding binding;

    private StoredWeights(Model shape, ModuleFormats formats) {
        this.shape = shape;
        this.formats = formats;
        this.binding = new WeightBinding(shape);
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
            model.weights(stored.binding.byRole(formats.plain(), formats::ofRole));
        } else {
            stored.readLayers();
            stored.binding.bind(model, formats.plain(), formats::ofRole);
        }
    }

    /** Linear layers in one format, other roles as stated. */
    private static WeightScheme uniform(ModuleFormats formats) {
        WeightScheme scheme = WeightBinding.linearLayers(formats.ofRole(TensorRole.ATTENTION), formats.plain());
        for (TensorRole role : TensorRole.values()) {
            scheme = scheme.with(role, formats.ofRole(role));
        }
        return scheme;
    }

    private void readBlocks() {
        for (TensorBlock block : shape.blocks()) {
            if (block.part() == TensorBlock.Part.LAYERS) {
                if (formats.isByRole()) {
                    block.tensors()
                            .forEach(tensor -> binding.count(tensor, block.count(), formats.ofRole(tensor.role())));
                }
            } else {
                binding.block(block, storedBlock(block));
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
        Map<LayerGroup, List<WeightTensor>> ofKinds = new HashMap<>();
        Map<LayerGroup, List<NamedTensor>> namesOfKinds = new HashMap<>();
        Map<LayerGroup, List<BlockFormat>> storedKinds = new HashMap<>();
        boolean alike = formats.treatsLayersAlike();
        for (LayerGroup run : shape.layers().runs()) {
            LayerGroup kind = run.times(1);
            List<WeightTensor> tensors = ofKinds.computeIfAbsent(kind, layers -> layers.tensors(shape.hidden()));
            List<NamedTensor> named = namesOfKinds.computeIfAbsent(kind, layers -> namedInLayer(tensors));
            for (int i = 0; i < run.count(); i++) {
                int at = layer;
                List<BlockFormat> stored =
                        alike ? storedKinds.computeIfAbsent(kind, first -> stored(named, at)) : stored(named, at);
                binding.layer(tensors, stored);
                layer++;
            }
        }
    }

    private List<NamedTensor> namedInLayer(List<WeightTensor> tensors) {
        return tensors.stream()
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
}
