package io.llmsizing.checkpoint;

import static io.llmsizing.quantization.BlockFormat.CONTINUED;
import static io.llmsizing.quantization.BlockFormat.WHOLE;

import com.google.common.math.LongMath;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The format that gives tensors of ours the very bytes that a checkpoint stores for them. What the config says is taken if
 * it gives those bytes, then the plain type, then any known format; otherwise one is made of the stored parts, their bytes
 * spread evenly over the elements.
 */
final class StoredFormats {
    private static final List<BlockFormat> KNOWN = known();

    private StoredFormats() {}

    private static List<BlockFormat> known() {
        return WeightSchemes.names().stream()
                .map(name -> WeightSchemes.named(name).formatOf(TensorRole.ATTENTION))
                .filter(format -> format.parts().size() > 1)
                .distinct()
                .collect(Collectors.toUnmodifiableList());
    }

    /**
     * A format for each of the tensors that share a stored parameter.
     *
     * @param ours one tensor, or neighbours that the checkpoint stores as one
     * @param expected what the config says of each
     * @param stored what is stored for all of them
     * @return nothing if they can't be those tensors
     */
    static Optional<List<BlockFormat>> of(List<WeightTensor> ours, List<BlockFormat> expected, StoredParameter stored) {
        long bytes = stored.bytes();
        if (stored.isPlain()) {
            if (stored.elements() != elements(ours)) {
                return Optional.empty();
            }
            if (bytes(ours, stored.type()) == bytes) {
                return Optional.of(alike(ours, stored.type()));
            }
        } else {
            if (bytes(ours, expected) == bytes && partsAgree(expected, stored)) {
                return Optional.of(expected);
            }
            for (BlockFormat format : KNOWN) {
                if (format.parts().size() == stored.parts().size() && bytes(ours, format) == bytes) {
                    return Optional.of(alike(ours, format));
                }
            }
        }
        BlockFormat spread = spread(stored, elements(ours));
        if (bytes(ours, spread) == bytes) {
            return Optional.of(alike(ours, spread));
        }
        return first(ours, stored);
    }

    private static boolean partsAgree(List<BlockFormat> expected, StoredParameter stored) {
        return expected.stream()
                .allMatch(format -> format.parts().size() <= stored.parts().size());
    }

    private static List<BlockFormat> alike(List<WeightTensor> ours, BlockFormat format) {
        return Collections.nCopies(ours.size(), format);
    }

    static long elements(List<WeightTensor> ours) {
        return ours.stream().mapToLong(WeightTensor::elements).reduce(0, Math::addExact);
    }

    private static long bytes(List<WeightTensor> ours, BlockFormat format) {
        return bytes(ours, alike(ours, format));
    }

    private static long bytes(List<WeightTensor> ours, List<BlockFormat> formats) {
        long bytes = 0;
        for (int i = 0; i < ours.size(); i++) {
            WeightTensor tensor = ours.get(i);
            long each = formats.get(i).bytes(tensor.rows(), tensor.columns());
            bytes = Math.addExact(bytes, Math.multiplyExact(tensor.count(), each));
        }
        return bytes;
    }

    private static String name(StoredParameter stored) {
        return stored.parts().stream().map(part -> part.type().name()).collect(Collectors.joining("+"));
    }

    /** Every part in the smallest tiles that hold whole elements and whole bytes. */
    private static BlockFormat spread(StoredParameter stored, long elements) {
        List<BlockFormat.Part> parts = new ArrayList<>();
        for (StoredParameter.Part part : stored.parts()) {
            long divisor = Math.max(1, LongMath.gcd(part.bytes(), elements));
            parts.add(new BlockFormat.Part(
                    part.name(), CONTINUED, Math.max(1, elements / divisor), part.bytes() / divisor));
        }
        return new BlockFormat(name(stored), parts);
    }

    /** All bytes with the first tensor, where they can't be spread. */
    private static Optional<List<BlockFormat>> first(List<WeightTensor> ours, StoredParameter stored) {
        long count = ours.get(0).count();
        if (stored.bytes() % count != 0) {
            return Optional.empty();
        }
        List<BlockFormat> formats = new ArrayList<>(alike(ours, Formats.NOT_STORED));
        formats.set(
                0,
                new BlockFormat(
                        name(stored), List.of(new BlockFormat.Part("weight", WHOLE, WHOLE, stored.bytes() / count))));
        return Optional.of(formats);
    }
}
