package io.llmsizing.checkpoint;

import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Stored tensors that are taken as they are, whatever they mean: on every rank whole, equal ones together.
 *
 * @param tensors the tensors
 * @param formats what each is stored in
 */
record StoredBlocks(List<WeightTensor> tensors, List<BlockFormat> formats) {
    private static final Pattern NUMBER = Pattern.compile("(?<=^|\\.)\\d+(?=\\.|$)");

    /** Tells a tensor that is not expected from one of ours that may be called like it. */
    private static final String MARK = " (unexpected)";

    StoredBlocks {
        tensors = List.copyOf(tensors);
        formats = List.copyOf(formats);
    }

    /**
     * Takes tensors as they are.
     *
     * @param stored the tensors; empty ones are left out
     * @param role what they are taken for
     * @throws MalformedFileException if one is larger than any tensor of a model
     */
    static StoredBlocks of(List<StoredTensor> stored, TensorRole role) {
        Map<String, WeightTensor> tensors = new LinkedHashMap<>();
        Map<String, BlockFormat> formats = new LinkedHashMap<>();
        for (StoredTensor tensor : stored) {
            if (tensor.bytes() > 0) {
                try {
                    add(tensors, formats, tensor, role);
                } catch (IllegalArgumentException | ArithmeticException outOfRange) {
                    throw new MalformedFileException(
                            tensor.file(), tensor.name(), String.valueOf(outOfRange.getMessage()));
                }
            }
        }
        return new StoredBlocks(new ArrayList<>(tensors.values()), new ArrayList<>(formats.values()));
    }

    private static void add(
            Map<String, WeightTensor> tensors, Map<String, BlockFormat> formats, StoredTensor tensor, TensorRole role) {
        List<Long> shape = tensor.shape();
        long columns = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
        long rows = tensor.elements() / columns;
        BlockFormat format = tensor.type().bytes(rows, columns) == tensor.bytes()
                ? tensor.type()
                : new BlockFormat(
                        tensor.type().name(), List.of(new BlockFormat.Part("weight", WHOLE, WHOLE, tensor.bytes())));
        String pattern = NUMBER.matcher(tensor.name()).replaceAll("N") + (role == TensorRole.UNEXPECTED ? MARK : "");
        String name = pattern;
        for (int other = 2; tensors.containsKey(name); other++) {
            WeightTensor known = tensors.get(name);
            if (known.rows() == rows && known.columns() == columns && format.equals(formats.get(name))) {
                tensors.put(name, known.times(known.count() + 1, known.count() + 1));
                return;
            }
            name = pattern + " (" + other + ")";
        }
        tensors.put(name, WeightTensor.matrix(name, role, rows, columns, ShardRule.REPLICATED));
        formats.put(name, format);
    }
}
