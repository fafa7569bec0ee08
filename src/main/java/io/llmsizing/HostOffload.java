package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.parallel.HostShare;
import io.llmsizing.units.ByteSize;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * How much of a model has to stand in host memory so that the rest fits its devices: exactly, by trying from nothing up.
 *
 * <p>Worked value: Llama-3.1-70B in Q4_K_M on one RTX 4090 under llama.cpp, with 8,192 tokens, leaves 39 of 80 layers to the
 * host.
 */
public final class HostOffload {
    private HostOffload() {}

    /**
     * The fewest bottom layers on the host, with their cache, with which the deployment fits for sure.
     *
     * @param builder everything but the host's share, for an engine that shares with the host
     * @param memory host memory that may be taken, where it is known
     * @return the deployment, with no layers on the host where it fits without; nothing where it does not fit even with all
     *     layers there
     * @throws IllegalArgumentException if the engine computes on devices alone
     */
    public static Optional<Deployment> fewestLayers(DeploymentBuilder builder, Optional<ByteSize> memory) {
        check(builder);
        return fewest(builder, layers -> new HostShare(layers, 0, memory));
    }

    /**
     * The fewest bottom layers whose routed experts stand on the host, with which the deployment fits for sure.
     *
     * @param builder everything but the host's share, for an engine that shares with the host
     * @param memory host memory that may be taken, where it is known
     * @return the deployment; nothing where the model has no routed experts, or does not fit even with all of them there
     * @throws IllegalArgumentException if the engine computes on devices alone
     */
    public static Optional<Deployment> fewestExpertLayers(DeploymentBuilder builder, Optional<ByteSize> memory) {
        check(builder);
        return builder.model.hasExperts()
                ? fewest(builder, layers -> new HostShare(0, layers, memory))
                : Optional.empty();
    }

    private static void check(DeploymentBuilder builder) {
        checkArgument(
                builder.engine().sharesWithHost(),
                "layers or experts on the host, but %s computes on devices alone; use llama.cpp",
                builder.engine());
    }

    private static Optional<Deployment> fewest(DeploymentBuilder builder, IntFunction<HostShare> share) {
        HostShare before = builder.hostShare;
        try {
            int all = builder.model.layers().size();
            for (int layers = 0; layers <= all; layers++) {
                Deployment deployment = builder.hostShare(share.apply(layers)).build();
                if (Sizing.fits(deployment)) {
                    return Optional.of(deployment);
                }
            }
            return Optional.empty();
        } finally {
            builder.hostShare(before);
        }
    }
}
