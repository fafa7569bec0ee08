package io.llmsizing.model;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * Tensors that stand in one place of a model.
 *
 * @param part the place
 * @param name for people: {@code embedding}, {@code layers[0]}
 * @param group the index of the layer group for {@link Part#LAYERS}, 0 elsewhere
 * @param count how many times the tensors stand in the whole model
 * @param tensors one layer's, or the part's
 */
public record TensorBlock(Part part, String name, int group, int count, List<WeightTensor> tensors) {
    /** The places of tensors in a model. */
    public enum Part {
        /** The vision encoder and its projector. */
        VISION,
        /** The token embedding. */
        EMBEDDING,
        /** Learned positions, and the norm of the embedded tokens. */
        POSITIONS,
        /** The layers of one group. */
        LAYERS,
        /** The last norm and, where it is not tied, the output head. */
        OUTPUT,
        /** Multi-token prediction. */
        SPECULATIVE,
        /** Copies of embedding and head that checkpoints hold for multi-token prediction, and engines share. */
        SPECULATIVE_COPIES
    }

    /**
     * Copies the list.
     *
     * @param part as documented above
     * @param name as documented above
     * @param group as documented above
     * @param count as documented above
     * @param tensors as documented above
     */
    public TensorBlock {
        tensors = ImmutableList.copyOf(tensors);
    }

    /**
     * Parameters of all its tensors in the whole model.
     *
     * @return the number
     * @throws ArithmeticException beyond a {@code long}
     */
    public long elements() {
        long sum = 0;
        for (WeightTensor tensor : tensors) {
            if (isParameter(tensor)) {
                sum = Math.addExact(sum, Math.multiplyExact((long) count, tensor.elements()));
            }
        }
        return sum;
    }

    /**
     * Parameters that one token uses.
     *
     * @return the number
     * @throws ArithmeticException beyond a {@code long}
     */
    public long activeElements() {
        long sum = 0;
        for (WeightTensor tensor : tensors) {
            if (isParameter(tensor)) {
                sum = Math.addExact(sum, Math.multiplyExact((long) count, tensor.activeElements()));
            }
        }
        return sum;
    }

    private static boolean isParameter(WeightTensor tensor) {
        return tensor.role() != TensorRole.ROUTING_TABLE && tensor.role() != TensorRole.UNEXPECTED;
    }
}
