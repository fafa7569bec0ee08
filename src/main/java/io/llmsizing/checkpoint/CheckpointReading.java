package io.llmsizing.checkpoint;

import com.google.common.collect.ImmutableList;
import io.llmsizing.model.Model;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * A model whose weights are a checkpoint's own bytes, and how the checkpoint differs from what its config says.
 *
 * @param model the model: the shape of its family, and for every tensor the bytes that are stored. Stored bytes and {@code
 *     notLoaded} make up the checkpoint to the byte
 * @param bytes of all tensors of the checkpoint
 * @param formulaBytes what the config alone says these bytes are
 * @param unexpected tensors of which the family knows nothing; every rank of their stage is charged with all of them
 * @param missing tensors of the family that are not stored; they take no bytes
 * @param notLoaded tensors that engines do not load: tables that are computed, a head that is tied to the embedding,
 *     multi-token prediction where the config does not speak of it
 */
public record CheckpointReading(
        Model model,
        long bytes,
        long formulaBytes,
        List<StoredTensor> unexpected,
        List<Missing> missing,
        List<StoredTensor> notLoaded) {
    /**
     * A tensor that is not there.
     *
     * @param place the layer, or another block of the model
     * @param tensor what was expected
     */
    public record Missing(String place, WeightTensor tensor) {}

    /**
     * Copies the lists.
     *
     * @param model as documented above
     * @param bytes as documented above
     * @param formulaBytes as documented above
     * @param unexpected as documented above
     * @param missing as documented above
     * @param notLoaded as documented above
     */
    public CheckpointReading {
        unexpected = ImmutableList.copyOf(unexpected);
        missing = ImmutableList.copyOf(missing);
        notLoaded = ImmutableList.copyOf(notLoaded);
    }
}
