package io.llmsizing.model;

import com.google.common.collect.ImmutableList;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * The vision encoder and its projector, as an inventory of tensors.
 *
 * @param tensors all of them; the count of a tensor is that of its equal copies over all layers of the tower
 */
public record VisionTower(List<WeightTensor> tensors) {
    /**
     * Copies the list.
     *
     * @param tensors as documented above
     */
    public VisionTower {
        tensors = ImmutableList.copyOf(tensors);
    }
}
