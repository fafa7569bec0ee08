package io.llmsizing;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.model.LayerStack;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.parallel.Rank;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Deals a deployment's layers out over the devices of its stages and the host. */
final class StagePlan {
    private final Deployment deployment;
    private final EngineProfile engine;
    private final Placement placement;
    private final HostShare host;
    private final StepSizes step;
    private final int[] boundaries;
    private final CompiledStage[] compiled;

    StagePlan(Deployment deployment, StageCompiler compiler) {
        this.deployment = deployment;
        this.engine = deployment.engine();
        this.placement = deployment.placement();
        this.host = deployment.hostShare();
        this.step = StepSizes.of(deployment, deployment.workload());
        this.boundaries = boundaries();
        this.compiled = host.isNone() ? onDevices(compiler) : besideHost();
    }

    private int[] boundaries() {
        ParallelLayout layout = deployment.layout();
        int layers = deployment.model().layers().size() - host.layers();
        long[] memory = new long[layout.pipeline()];
        for (int stage = 0; stage < memory.length; stage++) {
            memory[stage] =
                    smallest(placement.devicesOf(stage)).memory().usable().bytes();
        }
        int[] firstLayers = engine.stageBoundaries(layers, memory);
        for (int stage = 0; stage < firstLayers.length; stage++) {
            firstLayers[stage] += host.layers();
        }
        return firstLayers;
    }

    /** A stage that is as the one before it needs no look at what has been compiled. */
    private CompiledStage[] onDevices(StageCompiler compiler) {
        LayerStack stack = deployment.model().layers();
        CompiledStage[] stages = new CompiledStage[deployment.layout().pipeline()];
        int[] before = {};
        for (int stage = 0; stage < stages.length; stage++) {
            int[] layers = stack.countsWithin(boundaries[stage], boundaries[stage + 1]);
            boolean isInner = stage > 1 && stage < stages.length - 1;
            boolean isLikeBefore = isInner
                    && Arrays.equals(layers, before)
                    && placement.devicesOf(stage).equals(placement.devicesOf(stage - 1));
            stages[stage] = isLikeBefore ? stages[stage - 1] : compiler.onDevices(deployment, this, stage, layers);
            before = layers;
        }
        return stages;
    }

    private CompiledStage[] besideHost() {
        CompiledStage[] stages = new CompiledStage[deployment.layout().pipeline() + 1];
        for (int stage = 0; stage < stages.length - 1; stage++) {
            stages[stage] = StageCompiler.besideHost(deployment, serving(stage), placement.devicesOf(stage));
        }
        ByteSize size = host.memory().or(deployment.cluster()::hostMemory).orElse(ByteSize.ofBytes(Long.MAX_VALUE));
        StageBudgets budgets = StageBudgets.of(new MemoryBudget(size, size, 0, 0));
        stages[stages.length - 1] = StageCompiler.onHost(deployment, onHost(), budgets);
        return stages;
    }

    /** The numbers of each stage, the host's last; of stages that are alike the very same. */
    CompiledStage[] compiled() {
        return compiled;
    }

    /** The share of the devices of the first stage. */
    Ratio memoryFraction() {
        return compiled[0].fraction();
    }

    /** Sequences of a full step. */
    long maxSequences() {
        return step.maxSequences();
    }

    List<Stage> stages() {
        ImmutableList.Builder<Stage> stages = ImmutableList.builder();
        for (int stage = 0; stage < compiled.length; stage++) {
            boolean isHost = stage == deployment.layout().pipeline();
            Serving serving = isHost ? onHost() : serving(stage);
            stages.add(new Stage(
                    serving,
                    isHost ? List.of() : placement.devicesOf(stage),
                    compiled[stage].budgets().stated(),
                    compiled[stage].budgets().least(),
                    compiled[stage].budgets().most(),
                    isHost ? Optional.empty() : StageCompiler.draft(deployment, serving)));
        }
        return stages.build();
    }

    /** What a stage on devices serves. */
    Serving serving(int stage) {
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
        return serving(
                rank,
                experts,
                host.isNone() ? Serving.Side.DEVICE : Serving.Side.DEVICE_BESIDE_HOST,
                Optional.of(smallest(placement.devicesOf(stage))));
    }

    private Serving onHost() {
        Rank rank = Rank.of(deployment.model(), ParallelLayout.SINGLE, 0, false, engine.vocabularyMultiple())
                .withLayers(0, host.layers());
        Rank experts = rank.withLayers(0, Math.max(host.layers(), host.expertLayers()));
        return serving(rank, experts, Serving.Side.HOST, Optional.empty());
    }

    private Serving serving(Rank rank, Rank experts, Serving.Side side, Optional<Accelerator> device) {
        return new Serving(
                rank,
                experts,
                deployment.weights(),
                deployment.cache(),
                step.batchedTokens(),
                Math.min(step.maxSequences(), step.batchedTokens()),
                deployment.isEager(),
                side,
                device,
                deployment.speculativeTokens());
    }

    private static Accelerator smallest(List<Accelerator> devices) {
        Accelerator smallest = devices.get(0);
        for (int i = 1; i < devices.size(); i++) {
            DeviceMemory memory = devices.get(i).memory();
            smallest = memory.usable().compareTo(smallest.memory().usable()) < 0 ? devices.get(i) : smallest;
        }
        return smallest;
    }
}
