package io.llmsizing;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.parallel.Rank;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Deals a deployment's layers out over the devices of its stages and the host. */
final class StagePlan {
    private final Deployment deployment;
    private final EngineProfile engine;
    private final Placement placement;
    private final HostShare host;
    private final long maxSequences;
    private final long batchedTokens;

    StagePlan(Deployment deployment) {
        this.deployment = deployment;
        this.engine = deployment.engine();
        this.placement = Placement.of(deployment.cluster(), deployment.layout());
        this.host = deployment.hostShare();
        Accelerator first = deployment.cluster().firstAccelerator();
        this.maxSequences = deployment.workload().maxSequences().orElseGet(() -> engine.defaultMaxSequences(first));
        this.batchedTokens = Math.min(
                deployment.workload().maxBatchedTokens().orElseGet(() -> engine.defaultBatchedTokens(first)),
                Exact.multiplyCapped(maxSequences, deployment.model().contextTokens()));
    }

    List<Stage> stages() {
        ParallelLayout layout = deployment.layout();
        List<List<Accelerator>> devices = new ArrayList<>();
        long[] memory = new long[layout.pipeline()];
        for (int stage = 0; stage < memory.length; stage++) {
            devices.add(placement.devicesOf(stage));
            memory[stage] = smallest(devices.get(stage), DeviceMemory::usable).bytes();
        }
        int layers = deployment.model().layers().size();
        int[] boundaries = engine.stageBoundaries(layers - host.layers(), memory);
        ImmutableList.Builder<Stage> stages = ImmutableList.builder();
        for (int stage = 0; stage < memory.length; stage++) {
            stages.add(onDevices(stage, boundaries, devices.get(stage)));
        }
        if (!host.isNone()) {
            stages.add(onHost());
        }
        return stages.build();
    }

    private Stage onDevices(int stage, int[] boundaries, List<Accelerator> devices) {
        int from = boundaries[stage] + host.layers();
        int to = boundaries[stage + 1] + host.layers();
        Rank rank = Rank.of(
                        deployment.model(),
                        deployment.layout(),
                        stage,
                        deployment.isSpeculative(),
                        engine.vocabularyMultiple(),
                        boundaries)
                .withLayers(from, to);
        Rank experts = rank.withLayers(Math.max(from, host.expertLayers()), to);
        return new Stage(
                serving(rank, experts, host.isNone() ? Serving.Side.DEVICE : Serving.Side.DEVICE_BESIDE_HOST),
                devices,
                budget(devices, DeviceMemory::usable),
                budget(devices, DeviceMemory::usableLow),
                budget(devices, DeviceMemory::usableHigh));
    }

    private Stage onHost() {
        Rank rank = Rank.of(deployment.model(), ParallelLayout.SINGLE, 0, false, engine.vocabularyMultiple())
                .withLayers(0, host.layers());
        Rank experts = rank.withLayers(0, Math.max(host.layers(), host.expertLayers()));
        ByteSize size = host.memory().orElse(ByteSize.ofBytes(Long.MAX_VALUE));
        MemoryBudget budget = new MemoryBudget(size, size, 0, 0);
        return new Stage(serving(rank, experts, Serving.Side.HOST), List.of(), budget, budget, budget);
    }

    private Serving serving(Rank rank, Rank experts, Serving.Side side) {
        return new Serving(
                rank,
                experts,
                deployment.weights(),
                deployment.cache(),
                batchedTokens,
                Math.min(maxSequences, batchedTokens),
                deployment.isEager(),
                side);
    }

    private MemoryBudget budget(List<Accelerator> devices, Function<DeviceMemory, ByteSize> size) {
        return engine.budget(smallest(devices, size), deployment.memoryFraction());
    }

    private static ByteSize smallest(List<Accelerator> devices, Function<DeviceMemory, ByteSize> size) {
        return devices.stream()
                .map(device -> size.apply(device.memory()))
                .min(ByteSize::compareTo)
                .orElseThrow();
    }
}
