package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.EngineFeature;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import java.util.List;
import java.util.Optional;

/**
 * A second, whole model that drafts: all its layers on the tensor ranks of the last pipeline stage, cut as the target is (vLLM
 * config/speculative.py: draft_tensor_parallel_size is the target's unless it is set).
 */
final class Drafting {
    private Drafting() {}

    private static ParallelLayout layout(Model draft, ParallelLayout target) {
        return ParallelLayout.tensor(target.tensor()).data(target.data()).expert(target.expert() && draft.hasExperts());
    }

    /** What the draft serves beside the ranks of a stage: the same steps, its cache in the same format. */
    static Serving serving(Model draft, EngineProfile engine, Serving target) {
        Rank rank = Rank.of(draft, layout(draft, target.rank().layout()), 0, false, engine.vocabularyMultiple());
        return new Serving(
                rank,
                rank,
                engine.held(draft.weights()),
                target.cache(),
                target.batchedTokens(),
                target.maxSequences(),
                target.eager(),
                Serving.Side.DEVICE,
                target.device(),
                0);
    }

    static boolean isValid(Model draft, EngineProfile engine, ParallelLayout target) {
        return LayoutRules.isValid(draft, engine.held(draft.weights()), layout(draft, target));
    }

    /** Why a deployment's draft can't be cut as its target is. */
    static Optional<String> violation(Deployment deployment) {
        return deployment
                .draft()
                .flatMap(draft -> LayoutRules.violation(
                                draft, deployment.engine().held(draft.weights()), layout(draft, deployment.layout()))
                        .map(reason -> "draft " + draft.name() + ", " + reason));
    }

    /** Refuses what can't draft, whatever the layout of tensor ranks. */
    static void check(Deployment deployment) {
        if (deployment.draft().isEmpty()) {
            return;
        }
        Model draft = deployment.draft().orElseThrow();
        Model target = deployment.model();
        EngineProfile engine = deployment.engine();
        checkArgument(
                engine.features().contains(EngineFeature.DRAFT_MODEL),
                "draft %s: %s does not draft with a second model, as far as is known here; leave it out, or take %s",
                draft.name(),
                engine,
                Engines.vllm());
        checkArgument(
                !deployment.isSpeculative(),
                "draft %s together with %s tokens of multi-token prediction; leave one of them out",
                draft.name(),
                deployment.speculativeTokens());
        checkArgument(
                draft.embedding().vocabulary() == target.embedding().vocabulary(),
                "draft %s has a vocabulary of %s tokens, %s one of %s; take a draft with the same",
                draft.name(),
                draft.embedding().vocabulary(),
                target.name(),
                target.embedding().vocabulary());
        for (Model model : List.of(target, draft)) {
            checkArgument(
                    engine.equals(Engines.NONE) || !keepsStates(model),
                    "draft %s: how many states %s of %s holds while it drafts is not known here; leave the draft out",
                    draft.name(),
                    engine,
                    model.name());
        }
    }

    private static boolean keepsStates(Model model) {
        return model.layers().groups().stream()
                .anyMatch(group -> !group.attention().states().isEmpty());
    }

    /** What is taken for granted of a deployment's draft; nothing where it has none. */
    static List<Assumption> assumptions(Deployment deployment) {
        if (deployment.draft().isEmpty()) {
            return List.of();
        }
        Model draft = deployment.draft().orElseThrow();
        EngineProfile engine = deployment.engine();
        Stage last = deployment.stages().get(deployment.layout().pipeline() - 1);
        ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
        assumptions.add(new Assumption(
                "draft",
                draft.name() + " is cut over the tensor ranks of the last stage, with weights as "
                        + engine.held(draft.weights())
                        + (engine.equals(Engines.NONE)
                                ? ""
                                : "; its steps are taken to need no more than the target's, the engine to run as it does without it, and graphs of its own are not"
                                        + " counted")));
        if (arePagesUnlike(engine, last.serving(), last.draft().orElseThrow())) {
            assumptions.add(new Assumption(
                    "draft",
                    "its cache is estimated in pages of its own, while " + engine
                            + " lays it into one pool with the target's unlike pages, which may take more"));
        }
        long context = deployment.workload().contextTokens();
        if (context > draft.contextTokens()) {
            assumptions.add(new Assumption(
                    "draft",
                    draft.name() + " is made for " + draft.contextTokens() + " of the " + context
                            + " tokens; beyond them nothing is drafted, and its cache is counted all the same"));
        }
        return assumptions.build();
    }

    private static boolean arePagesUnlike(EngineProfile engine, Serving target, Serving draft) {
        CachePaging pages = engine.paging(target);
        return engine.pool(target).isPresent()
                || engine.pool(draft).isPresent()
                || pages.pageTokens() != engine.paging(draft).pageTokens();
    }
}
