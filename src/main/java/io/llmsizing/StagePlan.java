package io.llmsizing;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.parallel.Rank;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Deals a deployment's layers out over the devices of its stages and the host. */
final class StagePlan {
    private final Deployment deployment;
    private final EngineProfile engine;
    private final Placement placement;
    private final HostShare host;
    private final long maxSequences;
    private final long batchedTokens;
    private final List<Stage> planned = new ArrayList<>();
    private final List<TotalLedger> fixed = new ArrayList<>();
    private final List<Integer> alike = new ArrayList<>();
    private Ratio firstFraction = Ratio.ONE;

    StagePlan(Deployment deployment) {
        this.deployment = deployment;
        this.engine = deployment.engine();
        this.placement = deployment.placement();
        this.host = deployment.hostShare();
        Accelerator first = deployment.cluster().firstAccelerator();
        this.maxSequences = deployment
                .workload()
                .maxSequences()
                .orElseGet(() -> engine.defaultMaxSequences(
                        first,
                        Exact.ceilDiv(
                                deployment.workload().sequences(),
                                deployment.layout().data())));
        this.batchedTokens = Math.min(
                deployment
                        .workload()
                        .maxBatchedTokens()
                        .orElseGet(() -> engine.defaultBatchedTokens(
                                first, deployment.workload().contextTokens())),
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
        int[] boundaries = engine.stageBoundaries(deployment.model().layers().size() - host.layers(), memory);
        for (int stage = 0; stage < boundaries.length; stage++) {
            boundaries[stage] += host.layers();
        }
        for (int stage = 0; stage < memory.length; stage++) {
            planned.add(onDevices(stage, boundaries, devices.get(stage)));
        }
        if (!host.isNone()) {
            planned.add(onHost());
        }
        return ImmutableList.copyOf(planned);
    }

    private Stage onDevices(int stage, int[] boundaries, List<Accelerator> devices) {
        Rank rank = Rank.of(
                deployment.model(),
                deployment.layout(),
                stage,
                deployment.isSpeculative(),
                engine.vocabularyMultiple(),
                boundaries);
        Rank experts = host.expertLayers() > boundaries[stage]
                ? rank.withLayers(host.expertLayers(), boundaries[stage + 1])
                : rank;
        Serving serving = serving(
                rank,
                experts,
                host.isNone() ? Serving.Side.DEVICE : Serving.Side.DEVICE_BESIDE_HOST,
                Optional.of(smallest(devices)));
        int like = likeBefore(rank, devices);
        if (like < stage) {
            alike.add(like);
            fixed.add(fixed.get(like));
            Stage before = planned.get(like);
            return new Stage(
                    serving, devices, before.budget(), before.leastBudget(), before.mostBudget(), before.draft());
        }
        Optional<Serving> draft = rank.isLast()
                ? deployment.draft().map(model -> Drafting.serving(model, engine, serving))
                : Optional.empty();
        TotalLedger held = account(serving, draft);
        TotalLedger outside = new TotalLedger();
        engine.accountOutside(outside, serving);
        Ratio fraction = deployment.askedFraction().orElseGet(() -> engine.defaultMemoryFraction(serving));
        if (stage == 0) {
            firstFraction = fraction;
        }
        return new Stage(
                serving,
                devices,
                budget(serving, smallest(devices, DeviceMemory::usable), fraction, held.bytes(), outside),
                budget(serving, smallest(devices, DeviceMemory::usableLow), fraction, held.high(), outside),
                budget(serving, smallest(devices, DeviceMemory::usableHigh), fraction, held.low(), outside),
                draft);
    }

    /** The first stage that holds as much on such devices; the next one where there is none yet. */
    private int likeBefore(Rank rank, List<Accelerator> devices) {
        for (int stage = 0; host.isNone() && stage < planned.size(); stage++) {
            boolean first = alike.get(stage) == stage;
            if (first
                    && planned.get(stage).serving().rank().holdsAsMuchAs(rank)
                    && planned.get(stage).devices().equals(devices)) {
                return stage;
            }
        }
        return planned.size();
    }

    private Stage onHost() {
        Rank rank = Rank.of(deployment.model(), ParallelLayout.SINGLE, 0, false, engine.vocabularyMultiple())
                .withLayers(0, host.layers());
        Rank experts = rank.withLayers(0, Math.max(host.layers(), host.expertLayers()));
        ByteSize size = host.memory().or(deployment.cluster()::hostMemory).orElse(ByteSize.ofBytes(Long.MAX_VALUE));
        MemoryBudget budget = new MemoryBudget(size, size, 0, 0);
        Serving serving = serving(rank, experts, Serving.Side.HOST, Optional.empty());
        account(serving, Optional.empty());
        return new Stage(serving, List.of(), budget, budget, budget, Optional.empty());
    }

    private TotalLedger account(Serving serving, Optional<Serving> draft) {
        TotalLedger held = new TotalLedger();
        FixedMemory.account(held, engine, serving, deployment.loraSlots(), draft);
        alike.add(fixed.size());
        fixed.add(held);
        return held;
    }

    /** What each of the planned stages holds whatever it serves. */
    List<TotalLedger> fixed() {
        return fixed;
    }

    /** The first stage that each of the planned ones is like in all that is counted. */
    List<Integer> alike() {
        return alike;
    }

    /** The share of the devices of the first stage. */
    Ratio memoryFraction() {
        return firstFraction;
    }

    private Serving serving(Rank rank, Rank experts, Serving.Side side, Optional<Accelerator> device) {
        return new Serving(
                rank,
                experts,
                deployment.weights(),
                deployment.cache(),
                batchedTokens,
                Math.min(maxSequences, batchedTokens),
                deployment.isEager(),
                side,
                device,
                deployment.speculativeTokens());
    }

    private MemoryBudget budget(Serving serving, ByteSize usable, Ratio fraction, long held, TotalLedger outside) {
        return new MemoryBudget(
                usable,
                engine.budget(serving, usable, fraction, held),
                engine.checksFreeMemory() ? outside.low() : 0,
                outside.high());
    }

    private static Accelerator smallest(List<Accelerator> devices) {
        Accelerator smallest = devices.get(0);
        for (Accelerator device : devices) {
            smallest = device.memory().usable().compareTo(smallest.memory().usable()) < 0 ? device : smallest;
        }
        return smallest;
    }

    private static ByteSize smallest(List<Accelerator> devices, Function<DeviceMemory, ByteSize> size) {
        ByteSize smallest = size.apply(devices.get(0).memory());
        for (int i = 1; i < devices.size(); i++) {
            ByteSize other = size.apply(devices.get(i).memory());
            smallest = other.compareTo(smallest) < 0 ? other : smallest;
        }
        return smallest;
    }
}
