package io.llmsizing;

import com.google.common.primitives.ImmutableIntArray;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.Ratio;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the stages of a deployment, or of several that differ in their layouts alone; what stages hold or cache alike is
 * compiled once. Not thread-safe.
 */
final class StageCompiler {
    private final Map<Like, CompiledStage> stages = new HashMap<>();
    private final Map<Like, CompiledStage> held = new HashMap<>();
    private final Map<Like, CacheForm> caches = new HashMap<>();

    /** All that tells one stage on devices from another, where model, engine and what is asked for are the same. */
    private record Like(
            ParallelLayout held,
            ParallelLayout cached,
            ImmutableIntArray layers,
            boolean isFirst,
            boolean isLast,
            List<Accelerator> devices,
            long step) {
        Like heldAlone() {
            return new Like(held, held, layers, isFirst, isLast, devices, step);
        }

        Like cachedAlone() {
            return new Like(cached, cached, layers, isFirst, isLast, devices, step);
        }

        @Override
        public int hashCode() {
            return ((held.hashCode() * 31 + cached.hashCode()) * 31 + layers.hashCode()) * 4
                    + (isFirst ? 2 : 0)
                    + (isLast ? 1 : 0);
        }
    }

    /** The numbers of a stage whose model is all on devices. */
    CompiledStage onDevices(Deployment deployment, StagePlan plan, int stage, int[] layersOfGroup) {
        ImmutableIntArray layers = ImmutableIntArray.copyOf(layersOfGroup);
        Model model = deployment.model();
        EngineProfile engine = deployment.engine();
        ParallelLayout layout = deployment.layout();
        boolean isFirst = stage == 0;
        boolean isLast = stage == layout.pipeline() - 1;
        List<Accelerator> devices = deployment.placement().devicesOf(stage);
        boolean drafts = deployment.draft().isPresent();
        ParallelLayout cached = drafts ? layout : engine.cachedAs(model, layout);
        ParallelLayout fixed = drafts ? layout : engine.heldAs(model, layout);
        Like like = new Like(fixed, cached, layers, isFirst, isLast, devices, plan.maxSequences());
        @Nullable CompiledStage known = stages.get(like);
        if (known == null) {
            known = compiled(deployment, plan, stage, like);
            stages.put(like, known);
        }
        return known;
    }

    private CompiledStage compiled(Deployment deployment, StagePlan plan, int stage, Like like) {
        Serving serving = plan.serving(stage);
        @Nullable CacheForm cache = caches.get(like.cachedAlone());
        if (cache == null) {
            cache = cache(deployment, serving);
            caches.put(like.cachedAlone(), cache);
        }
        @Nullable CompiledStage alike = held.get(like.heldAlone());
        if (alike != null) {
            return alike.caching(cache);
        }
        Optional<Serving> draft = draft(deployment, serving);
        CompiledStage compiled =
                onDevices(deployment, serving, like.devices(), draft, fixed(deployment, serving, draft), cache);
        held.put(like.heldAlone(), compiled);
        return compiled;
    }

    /** The numbers of a stage beside a host that computes too. */
    static CompiledStage besideHost(Deployment deployment, Serving serving, List<Accelerator> devices) {
        Optional<Serving> draft = draft(deployment, serving);
        return onDevices(
                deployment, serving, devices, draft, fixed(deployment, serving, draft), cache(deployment, serving));
    }

    private static CompiledStage onDevices(
            Deployment deployment,
            Serving serving,
            List<Accelerator> devices,
            Optional<Serving> draft,
            TotalLedger held,
            CacheForm cache) {
        EngineProfile engine = deployment.engine();
        TotalLedger outside = new TotalLedger();
        engine.accountOutside(outside, serving);
        Ratio fraction = deployment.askedFraction().orElseGet(() -> engine.defaultMemoryFraction(serving));
        StageBudgets budgets = StageBudgets.of(engine, serving, devices, fraction, held, outside);
        @Nullable CacheForm drafted = draft.isPresent() ? cache(deployment, draft.orElseThrow()) : null;
        return new CompiledStage(serving, fraction, budgets, new StageFootprint(budgets, held, cache, drafted));
    }

    /** The numbers of what the host computes. */
    static CompiledStage onHost(Deployment deployment, Serving serving, StageBudgets budgets) {
        TotalLedger held = fixed(deployment, serving, Optional.empty());
        return new CompiledStage(
                serving, Ratio.ONE, budgets, new StageFootprint(budgets, held, cache(deployment, serving), null));
    }

    private static TotalLedger fixed(Deployment deployment, Serving serving, Optional<Serving> draft) {
        TotalLedger held = new TotalLedger();
        FixedMemory.account(held, deployment.engine(), serving, deployment.loraSlots(), draft);
        return held;
    }

    private static CacheForm cache(Deployment deployment, Serving serving) {
        return CacheForm.of(deployment.engine(), serving, deployment.workload().sharedPrefixTokens());
    }

    /** What the draft model serves beside a stage. */
    static Optional<Serving> draft(Deployment deployment, Serving serving) {
        return serving.rank().isLast()
                ? deployment.draft().map(model -> Drafting.serving(model, deployment.engine(), serving))
                : Optional.empty();
    }
}
