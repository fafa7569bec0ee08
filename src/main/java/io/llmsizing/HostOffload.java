package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.units.ByteSize;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

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
     * @param memory host memory that may be taken; where empty, what is known of the machines'
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
     * @param memory host memory that may be taken; where empty, what is known of the machines'
     * @return the deployment; nothing where the model has no routed experts, or does not fit even with all of them there
     * @throws IllegalArgumentException if the engine computes on devices alone
     */
    public static Optional<Deployment> fewestExpertLayers(DeploymentBuilder builder, Optional<ByteSize> memory) {
        check(builder);
        return builder.model.hasExperts()
                ? fewest(builder, layers -> new HostShare(0, layers, memory))
                : Optional.empty();
    }

    /**
     * Why neither layers nor experts on the host are enough.
     *
     * @param builder everything but the host's share, for an engine that shares with the host
     * @param memory host memory that may be taken; where empty, what is known of the machines'
     * @return what the host would have to hold, or what is too small with all layers there; nothing where some share is enough
     * @throws IllegalArgumentException if the engine computes on devices alone
     */
    public static Optional<String> whyNot(DeploymentBuilder builder, Optional<ByteSize> memory) {
        if (fewestLayers(builder, memory).isPresent()
                || fewestExpertLayers(builder, memory).isPresent()) {
            return Optional.empty();
        }
        Optional<String> without = withoutHost(builder.cluster);
        if (without.isPresent()) {
            return without;
        }
        Optional<ByteSize> endless = Optional.of(ByteSize.ofBytes(Long.MAX_VALUE));
        return Stream.of(fewestExpertLayers(builder, endless), fewestLayers(builder, endless))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(HostOffload::held))
                .map(enough -> hostTooSmall(enough, memory))
                .or(() -> Optional.of(devicesTooSmall(builder, endless)));
    }

    /** Why nothing can be left to the host, where that is so of every machine: its memory is counted as the device's. */
    static Optional<String> withoutHost(Cluster cluster) {
        return cluster.hasHostMemory()
                ? Optional.empty()
                : Optional.of("nothing can stand on the host: "
                        + cluster.firstAccelerator().name()
                        + " uses the machine's own memory, one pool of which all that it may take is counted already; leave"
                        + " host layers out, take a smaller format, or more machines");
    }

    /** At the upper end of its bands. */
    private static ByteSize held(Deployment deployment) {
        return deployment.hostShare().isNone()
                ? ByteSize.ZERO
                : ByteSize.ofBytes(
                        Sizing.explain(deployment, deployment.stages().size() - 1)
                                .high());
    }

    private static String hostTooSmall(Deployment enough, Optional<ByteSize> memory) {
        HostShare share = enough.hostShare();
        String part = share.layers() > 0
                ? share.layers() + " of " + enough.model().layers().size() + " layers"
                : "the experts of " + share.expertLayers() + " of "
                        + enough.model().layers().size() + " layers";
        return "the host is too small: " + part + " would take " + held(enough).toDisplay() + " there, of "
                + memory.map(given -> given.toDisplay() + " that may be taken")
                        .orElseGet(() -> enough.cluster()
                                .hostMemory()
                                .map(known -> known.toDisplay() + " that the machine has")
                                .orElse("what the machines chosen have"));
    }

    private static String devicesTooSmall(DeploymentBuilder builder, Optional<ByteSize> endless) {
        HostShare before = builder.hostShare;
        try {
            HostShare all = new HostShare(builder.model.layers().size(), 0, endless);
            Finding finding = Sizing.size(builder.hostShare(all).build()).finding();
            long missing = finding.high().bytes() - finding.budget().bytes();
            return "even with all layers on the host, " + finding.rank() + " needs up to "
                    + ByteSize.ofBytes(Math.max(0, missing)).toDisplay() + " more than its "
                    + finding.budget().toDisplay();
        } finally {
            builder.hostShare(before);
        }
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
            int all = builder.cluster.hasHostMemory() ? builder.model.layers().size() : 0;
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
