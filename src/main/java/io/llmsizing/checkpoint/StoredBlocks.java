package io.llmsizing.checkpoint;

import static io.llmsizing.quantization.BlockFormat.WHOLE;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        Map<Kind, WeightTensor> tensors = new LinkedHashMap<>();
        Names names = new Names();
        for (StoredTensor tensor : stored) {
            if (tensor.bytes() > 0) {
                try {
                    Kind kind = Kind.of(tensor, role);
                    WeightTensor known = tensors.get(kind);
                    tensors.put(
                            kind,
                            known == null
                                    ? kind.tensor(names.next(kind.pattern()), role)
                                    : known.times(known.count() + 1, known.count() + 1));
                } catch (IllegalArgumentException | ArithmeticException outOfRange) {
                    throw new MalformedFileException(
                            tensor.file(), tensor.name(), String.valueOf(outOfRange.getMessage()));
                }
            }
        }
        return new StoredBlocks(
                new ArrayList<>(tensors.values()),
                tensors.keySet().stream().map(Kind::format).toList());
    }

    /** What equal tensors have in common. */
    private record Kind(String pattern, long rows, long columns, BlockFormat format) {
        static Kind of(StoredTensor tensor, TensorRole role) {
            List<Long> shape = tensor.shape();
            long columns = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
            long rows = tensor.elements() / columns;
            BlockFormat format = tensor.type().bytes(rows, columns) == tensor.bytes()
                    ? tensor.type()
                    : new BlockFormat(
                            tensor.type().name(),
                            List.of(new BlockFormat.Part("weight", WHOLE, WHOLE, tensor.bytes())));
            String pattern = NUMBER.matcher(tensor.name()).replaceAll("N");
            return new Kind(role == TensorRole.UNEXPECTED ? pattern + MARK : pattern, rows, columns, format);
        }

        WeightTensor tensor(String name, TensorRole role) {
            return WeightTensor.matrix(name, role, rows, columns, ShardRule.REPLICATED);
        }
    }

    /** Names that are given once: those of a pattern are counted from the second on. */
    private static final class Names {
        private final Set<String> given = new HashSet<>();
        private final Map<String, Integer> ofPattern = new HashMap<>();

        String next(String pattern) {
            String name;
            do {
                int number = ofPattern.merge(pattern, 1, Integer::sum);
                name = number == 1 ? pattern : pattern + " (" + number + ")";
            } while (!given.add(name));
            return name;
        }
    }
}
