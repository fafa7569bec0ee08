package io.llmsizing.checkpoint;

import io.llmsizing.quantization.BlockFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint stores of one parameter of a layer, or of the equal ones of all experts: the elements, and beside
 * them scales and zero points.
 */
final class StoredParameter {
    /**
     * The tensors of one part in one type.
     *
     * @param name such as {@code weight_scale_inv}
     * @param type of the elements
     * @param elements of all the tensors
     * @param bytes of all the tensors
     */
    record Part(String name, BlockFormat type, long elements, long bytes) {
        private Part with(StoredTensor tensor) {
            return new Part(
                    name, type, Math.addExact(elements, tensor.elements()), Math.addExact(bytes, tensor.bytes()));
        }
    }

    private final String key;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final List<StoredTensor> tensors = new ArrayList<>();
    private boolean packed;

    StoredParameter(String key) {
        this.key = key;
    }

    void add(StoredName name, StoredTensor tensor) {
        packed |= name.packed();
        parts.merge(
                name.part() + " " + tensor.type().name(),
                new Part(name.part(), tensor.type(), tensor.elements(), tensor.bytes()),
                (sum, one) -> sum.with(tensor));
        tensors.add(tensor);
    }

    /** The parameter's path inside its layer, in our words and without numbers. */
    String key() {
        return key;
    }

    List<Part> parts() {
        return List.copyOf(parts.values());
    }

    List<StoredTensor> tensors() {
        return tensors;
    }

    long bytes() {
        return parts.values().stream().mapToLong(Part::bytes).reduce(0, Math::addExact);
    }

    /** Whether its elements are stored one by one, or in blocks that hold their own scales. */
    boolean isPlain() {
        return parts.size() == 1 && !packed;
    }

    /** Elements of a plain parameter. */
    long elements() {
        return parts.values().stream().mapToLong(Part::elements).reduce(0, Math::addExact);
    }

    /** The type of a plain parameter. */
    BlockFormat type() {
        return parts.values().iterator().next().type();
    }

    /** Each tensor of a plain parameter by itself. */
    List<StoredParameter> apart() {
        List<StoredParameter> apart = new ArrayList<>();
        for (StoredTensor tensor : tensors) {
            StoredParameter one = new StoredParameter(key);
            one.add(new StoredName(tensor.name(), "weight", packed), tensor);
            apart.add(one);
        }
        return apart;
    }

    /** Several parameters as one, for a tensor of ours that a checkpoint stores in pieces. */
    static StoredParameter joined(List<StoredParameter> pieces) {
        StoredParameter joined = new StoredParameter(pieces.get(0).key);
        for (StoredParameter piece : pieces) {
            piece.tensors.forEach(tensor -> joined.add(new StoredName(tensor.name(), "weight", piece.packed), tensor));
        }
        return joined;
    }
}
