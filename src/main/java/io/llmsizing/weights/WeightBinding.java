package io.llmsizing.weights;

import static com.google.common.base.Preconditions.checkArgument;

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
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What each tensor of a model is stored in, told tensor by tensor, and the scheme that says the same: a format for each
 * role, the one in which most of its elements are stored, and exceptions for the tensors that are stored otherwise.
 * Layers of one shape that are not stored alike become groups of their own.
 *
 * <pre>{@code
 * WeightBinding binding = new WeightBinding(model);
 * for (int layer = 0; layer < model.layers().size(); layer++) {
 *     binding.layer(formatsOf(layer, binding.tensorsOf(layer)));
 * }
 * binding.bind(model.toBuilder(), Formats.BF16, role -> Formats.BF16);
 * }</pre>
 */
public final class WeightBinding {
    private final Model shape;

    /** The formats of each layer's tensors, in their order; layers that are stored alike share a list. */
    private final List<List<BlockFormat>> ofLayers = new ArrayList<>();

    private final Map<List<BlockFormat>, List<BlockFormat>> known = new HashMap<>();
    private final Map<String, List<BlockFormat>> ofBlocks = new LinkedHashMap<>();
    private final Map<TensorRole, Map<BlockFormat, Long>> elements = new EnumMap<>(TensorRole.class);

    /**
     * Nothing told yet.
     *
     * @param shape the model whose tensors these are
     */
    public WeightBinding(Model shape) {
        this.shape = shape;
    }

    /**
     * The formats of the tensors of the next layer.
     *
     * @param tensors of the layer, in the model's order
     * @param stored the format of each
     * @throws IllegalArgumentException if there are not as many of these as of those
     */
    public void layer(List<WeightTensor> tensors, List<BlockFormat> stored) {
        List<BlockFormat> shared = known.computeIfAbsent(stored, same -> same);
        count(tensors, shared, 1);
        ofLayers.add(shared);
    }

    /**
     * The formats of the tensors of a block outside the layers.
     *
     * @param block one of the model's
     * @param stored the format of each of its tensors
     * @throws IllegalArgumentException if there are not as many of these as of those
     */
    public void block(TensorBlock block, List<BlockFormat> stored) {
        count(block.tensors(), stored, block.count());
        ofBlocks.put(block.name(), stored);
    }

    /**
     * Tells how many elements are stored in a format, without saying where.
     *
     * @param tensor one of the model's
     * @param copies how many times it stands in the model
     * @param format its format
     */
    public void count(WeightTensor tensor, long copies, BlockFormat format) {
        elements.computeIfAbsent(tensor.role(), role -> new LinkedHashMap<>())
                .merge(format, Math.multiplyExact(copies, tensor.elements()), Math::addExact);
    }

    private void count(List<WeightTensor> tensors, List<BlockFormat> stored, long copies) {
        checkArgument(
                tensors.size() == stored.size(), "%s tensors and %s formats for them", tensors.size(), stored.size());
        for (int i = 0; i < stored.size(); i++) {
            count(tensors.get(i), copies, stored.get(i));
        }
    }

    private BlockFormat most(TensorRole role, BlockFormat otherwise) {
        return most(elements.getOrDefault(role, Map.of()), otherwise);
    }

    private static BlockFormat most(Map<BlockFormat, Long> numbers, BlockFormat otherwise) {
        BlockFormat most = otherwise;
        long largest = 0;
        for (Map.Entry<BlockFormat, Long> entry : numbers.entrySet()) {
            if (entry.getValue() > largest) {
                most = entry.getKey();
                largest = entry.getValue();
            }
        }
        return most;
    }

    /**
     * What tensors that are no linear layers are stored in, element by element.
     *
     * @param otherwise the answer if none of them is
     * @return the type in which most of their elements are
     */
    public BlockFormat plain(BlockFormat otherwise) {
        Map<BlockFormat, Long> plain = new LinkedHashMap<>();
        elements.forEach((role, formats) -> {
            if (!WeightScheme.LINEAR_LAYERS.contains(role)) {
                formats.forEach((format, number) -> {
                    if (format.parts().size() == 1 && !format.isPacked()) {
                        plain.merge(format, number, Math::addExact);
                    }
                });
            }
        });
        return most(plain, otherwise);
    }

    /**
     * The scheme by role, named after the linear layers of the role that has the most elements.
     *
     * @param plain what is stored in no format of its own
     * @param otherwise the formats of roles of which nothing was told
     * @return the scheme, without exceptions
     */
    public WeightScheme byRole(BlockFormat plain, Function<TensorRole, BlockFormat> otherwise) {
        BlockFormat base = plain;
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
        WeightScheme scheme = linearLayers(base, plain);
        for (TensorRole role : TensorRole.values()) {
            boolean linear = WeightScheme.LINEAR_LAYERS.contains(role);
            scheme = scheme.with(role, most(role, linear ? base : otherwise.apply(role)));
        }
        return scheme;
    }

    /**
     * Linear layers in one format and the rest in another, which may be the same.
     *
     * @param linear of the linear layers
     * @param plain of the rest
     * @return the scheme
     */
    public static WeightScheme linearLayers(BlockFormat linear, BlockFormat plain) {
        return linear.equals(plain) ? WeightScheme.uniform(linear) : WeightScheme.linearLayers(linear, plain);
    }

    /**
     * Gives a model the layers and the scheme that say what was told.
     *
     * @param model of the same shape
     * @param plain what is stored in no format of its own
     * @param otherwise the formats of roles of which nothing was told
     * @throws IllegalArgumentException unless something was told of every layer
     */
    public void bind(ModelBuilder model, BlockFormat plain, Function<TensorRole, BlockFormat> otherwise) {
        bind(model, byRole(plain, otherwise));
    }

    /**
     * Gives a model the layers that say what was told, and a scheme with exceptions for what it does not say itself.
     *
     * @param model of the same shape
     * @param scheme the formats by role
     * @throws IllegalArgumentException unless something was told of every layer
     */
    public void bind(ModelBuilder model, WeightScheme scheme) {
        checkArgument(
                ofLayers.size() == shape.layers().size(),
                "formats of %s layers for a model of %s",
                ofLayers.size(),
                shape.layers().size());
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
