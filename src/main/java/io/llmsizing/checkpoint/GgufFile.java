package io.llmsizing.checkpoint;

import com.google.common.collect.ImmutableList;
import io.llmsizing.units.Ratio;
import java.util.List;

/**
 * What the header of a GGUF file says, or of all the files of a split one. Tensors stand in the order in which the header
 * lists them.
 *
 * @param name of the file, of the first one where they are split
 * @param version of the format, 2 or 3
 * @param bigEndian whether numbers are written with the highest byte first
 * @param metadata the keys and their values; of the first file where they are split
 * @param tensors all tensors, with their exact bytes
 * @param alignment to which every tensor's offset is rounded up, in bytes; 32 unless the file says otherwise
 * @param dataStart where the first tensor may lie; of the first file where they are split
 */
public record GgufFile(
        String name,
        int version,
        boolean bigEndian,
        GgufMetadata metadata,
        List<StoredTensor> tensors,
        long alignment,
        long dataStart) {
    /**
     * Copies the list.
     *
     * @param name as documented above
     * @param version as documented above
     * @param bigEndian as documented above
     * @param metadata as documented above
     * @param tensors as documented above
     * @param alignment as documented above
     * @param dataStart as documented above
     */
    public GgufFile {
        tensors = ImmutableList.copyOf(tensors);
    }

    /**
     * The bytes of all tensors, without the header and without what aligns them.
     *
     * @return 4,912,898,048 for Llama-3.1-8B in Q4_K_M
     * @throws ArithmeticException beyond a {@code long}
     */
    public long tensorBytes() {
        return tensors.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact);
    }

    /**
     * The elements of all tensors.
     *
     * @return such as 8,030,261,312 for Llama-3.1-8B: its parameters and 64 frequencies
     * @throws ArithmeticException beyond a {@code long}
     */
    public long elements() {
        return tensors.stream().mapToLong(StoredTensor::elements).reduce(0, Math::addExact);
    }

    /**
     * Bits that an element takes on average, scales included.
     *
     * @return 8 x bytes / elements, such as 4.8944 for Llama-3.1-8B in Q4_K_M
     * @throws ArithmeticException beyond a {@code long}
     * @throws IllegalArgumentException if there are no tensors
     */
    public Ratio bitsPerWeight() {
        return Ratio.of(Math.multiplyExact(8, tensorBytes()), elements());
    }
}
