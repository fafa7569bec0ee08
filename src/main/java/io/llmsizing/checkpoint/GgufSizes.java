package io.llmsizing.checkpoint;

import io.llmsizing.checkpoint.GgufExpression.Missing;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a GGUF file says about sizes: the keys of its architecture, remembering which were asked for, and its tensors. */
final class GgufSizes {
    private static final long LARGEST = 1L << 40;
    private static final Pattern NUMBERED = Pattern.compile("blk\\.(\\d{1,6})\\.");

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, StoredTensor> first = new LinkedHashMap<>();
    private final Map<String, BitSet> layersOf = new LinkedHashMap<>();

    GgufSizes(GgufFile file) {
        this.file = file;
        this.metadata = file.metadata();
        for (StoredTensor tensor : file.tensors()) {
            Matcher number = NUMBERED.matcher(tensor.name());
            boolean numbered = number.find() && Integer.parseInt(number.group(1)) < LayerGroup.MOST_LAYERS;
            String pattern = numbered ? number.replaceFirst("blk.*.") : tensor.name();
            first.putIfAbsent(pattern, tensor);
            if (numbered) {
                layersOf.computeIfAbsent(pattern, name -> new BitSet()).set(Integer.parseInt(number.group(1)));
            }
        }
    }

    GgufFile file() {
        return file;
    }

    /** Suffixes of the keys that were asked for. */
    Set<String> asked() {
        return asked;
    }

    private String key(String suffix) {
        asked.add(suffix);
        return metadata.keyOf(suffix);
    }

    /** A number, a text or a truth value; of a list the one value that all layers have. */
    Object value(String suffix) {
        String key = key(suffix);
        if (!metadata.has(key)) {
            return new Missing(key);
        }
        if (metadata.isList(key)) {
            List<Long> values = wholes(key);
            if (Set.copyOf(values).size() != 1) {
                throw new UnsupportedArchitectureException(
                        metadata.file() + ": " + key,
                        metadata.shown(key) + ": one value for all layers is known for this architecture");
            }
            return values.get(0);
        }
        return metadata.whole(key, 0, LARGEST);
    }

    boolean flag(String suffix) {
        return metadata.flag(key(suffix), false);
    }

    /** One number for each layer, from a list or from a number for all. */
    Object list(String suffix) {
        String key = key(suffix);
        return metadata.has(key) ? wholes(key) : new Missing(key);
    }

    /** Some files have values for the blocks that predict too, behind those of the layers. */
    private List<Long> wholes(String key) {
        List<Long> values = metadata.wholes(key, 0, LARGEST);
        int layers = layers();
        if (!metadata.isList(key)) {
            return Collections.nCopies(layers, values.get(0));
        }
        if (values.size() < layers) {
            throw metadata.problem(key, "expected one value for each of " + layers + " layers");
        }
        return values.subList(0, layers);
    }

    /** The layers without the blocks that predict further tokens, which are counted with them. */
    int layers() {
        long blocks = metadata.whole(key("block_count"), 1, LayerGroup.MOST_LAYERS);
        long predicting = predictions();
        if (predicting >= blocks) {
            throw metadata.problem(
                    metadata.keyOf("nextn_predict_layers"), "expected fewer than the " + blocks + " of block_count");
        }
        return (int) (blocks - predicting);
    }

    long predictions() {
        String key = key("nextn_predict_layers");
        return metadata.has(key) ? metadata.whole(key, 0, LayerGroup.MOST_LAYERS) : 0;
    }

    /** A tensor, {@code blk.*.} for that of the first layer that has it. */
    Optional<StoredTensor> tensor(String pattern) {
        return Optional.ofNullable(first.get(pattern));
    }

    /** The layers that have a tensor. */
    BitSet layersOf(String pattern) {
        return layersOf.getOrDefault(pattern, new BitSet());
    }

    /** A side of a tensor, counted from the last, which is 1. */
    Object side(String pattern, int fromLast) {
        Optional<StoredTensor> tensor = tensor(pattern);
        if (tensor.isEmpty()) {
            return new Missing("tensor " + pattern);
        }
        List<Long> shape = tensor.get().shape();
        if (shape.size() < fromLast) {
            throw new MalformedFileException(
                    tensor.get().file(),
                    "tensor " + tensor.get().name(),
                    "has " + shape.size() + " dimensions; expected " + fromLast + " or more");
        }
        return shape.get(shape.size() - fromLast);
    }
}
