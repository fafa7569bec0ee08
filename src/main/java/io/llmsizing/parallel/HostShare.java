package io.llmsizing.parallel;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.ByteSize;
import java.util.Optional;

/**
 * What of a model the machine's processors keep and compute, because devices have no room for it. Whole layers from the
 * bottom up, and the routed experts of some layers more.
 *
 * @param layers bottom layers that stand in host memory with their cache, 0 or more
 * @param expertLayers bottom layers whose routed experts stand there, 0 or more; what is not above {@code layers} says nothing
 *     more
 * @param memory host memory that may be taken; where empty, all that is known of the machines', and no limit where that is not
 *     known
 */
public record HostShare(int layers, int expertLayers, Optional<ByteSize> memory) {
    /** Everything is on devices. */
    public static final HostShare NONE = new HostShare(0, 0, Optional.empty());

    /**
     * Checks the ranges.
     *
     * @param layers as documented above
     * @param expertLayers as documented above
     * @param memory as documented above
     * @throws IllegalArgumentException if a number is negative
     */
    public HostShare {
        checkArgument(
                layers >= 0 && expertLayers >= 0,
                "%s layers and the experts of %s on the host; 0 or more of both",
                layers,
                expertLayers);
    }

    /**
     * Whether everything is on devices.
     *
     * @return whether nothing stands on the host
     */
    public boolean isNone() {
        return layers == 0 && expertLayers == 0;
    }
}
