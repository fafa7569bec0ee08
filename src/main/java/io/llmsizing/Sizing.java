package io.llmsizing;

import static com.google.common.base.Preconditions.checkElementIndex;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.PrefixSharing;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.units.ByteSize;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import java.util.Optional;

/**
 * Does a model fit a cluster, how well, and why.
 *
 * <p>Worked value: DeepSeek-R1 in its own FP8 on eight H200 under vLLM 0.26 fits with 163,840 tokens of context.
 */
public final class Sizing {
    private Sizing() {}

    /**
     * The one-line question, with the documented defaults: the checkpoint's own weight format, a BF16 cache, the
     * accelerator's usual engine, the best layout (see {@link DeploymentBuilder#layout}), one sequence of 8,192 tokens (or of the model's
     * context if that is shorter).
     *
     * @param model what is to be served
     * @param cluster on what
     * @return true only if it fits for sure; false also where it is too close to call
     */
    public static boolean fits(Model model, Cluster cluster) {
        return fits(Deployment.builder(model, cluster).build());
    }

    /**
     * Whether a deployment fits for sure. Allocates nothing.
     *
     * @param deployment everything spelled out
     * @return true only if it fits for sure
     */
    public static boolean fits(Deployment deployment) {
        return deployment
                .footprint()
                .fits(
                        deployment.workload().contextTokens(),
                        deployment.workload().sequences());
    }

    /**
     * The closed form of a deployment's memory, for asking many times.
     *
     * @param deployment everything spelled out
     * @return its footprint
     */
    public static Footprint compile(Deployment deployment) {
        return deployment.footprint();
    }

    /**
     * The verdict with the tightest rank, headroom or shortfall, longest context, most sequences and what binds.
     *
     * @param deployment everything spelled out
     * @return the verdict
     */
    public static Verdict size(Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        long sequences = deployment.workload().sequences();
        boolean neverFits = footprint.neverFits(tokens, sequences);
        int stage = neverFits ? footprint.neediestStage(tokens, sequences) : footprint.tightestStage(tokens, sequences);
        long low = footprint.lowBytes(stage, tokens, sequences);
        long high = footprint.highBytes(stage, tokens, sequences);
        boolean fits = footprint.fits(tokens, sequences);
        boolean hopeless = footprint.neverStarts() || neverFits;
        long maxContext = longestContext(deployment);
        Finding finding = new Finding(
                deployment,
                deployment.stages().get(stage).label(),
                stage,
                ByteSize.ofBytes(footprint.bytes(stage, tokens, sequences)),
                ByteSize.ofBytes(low),
                ByteSize.ofBytes(high),
                ByteSize.ofBytes(footprint.budget(stage)),
                maxContext,
                mostSequences(deployment),
                constraint(deployment, stage, maxContext));
        if (fits) {
            return new Verdict.Fits(finding);
        }
        return hopeless ? new Verdict.DoesNotFit(finding) : new Verdict.TooCloseToCall(finding);
    }

    /**
     * The longest context that fits for sure on a deployment's layout. Unlike {@link Footprint#maxContext} it counts that steps
     * may grow with it.
     *
     * @param deployment everything spelled out
     * @return tokens of each of its sequences, at most the model's context; 0 if not even one fits
     */
    public static long longestContext(Deployment deployment) {
        return new Reach(deployment).context();
    }

    /**
     * The most sequences that fit for sure on a deployment's layout. Unlike {@link Footprint#maxSequences} it counts that steps
     * may grow with them.
     *
     * @param deployment everything spelled out
     * @return sequences of its context, at most {@link #mostAsked}; 0 if not even one fits
     */
    public static long mostSequences(Deployment deployment) {
        return new Reach(deployment).sequences();
    }

    /**
     * The most sequences that can be asked of a deployment, be there memory for them or not.
     *
     * @param deployment whose replicas and limit of a step hold for all
     * @return as many as a step of each replica takes if that is limited, 2^31 at most
     */
    public static long mostAsked(Deployment deployment) {
        return Reach.mostAsked(deployment);
    }

    /**
     * What runs out on the ranks of one stage.
     *
     * @param deployment everything spelled out
     * @param stage the pipeline stage, 0 to the last
     * @return the constraint; nothing where they have room for what is asked for sure
     * @throws IndexOutOfBoundsException if there is no such stage
     */
    public static Optional<Constraint> constraintOf(Deployment deployment, int stage) {
        checkElementIndex(stage, deployment.stages().size(), "pipeline stage");
        Footprint footprint = deployment.footprint();
        Workload workload = deployment.workload();
        boolean hasRoom = footprint.headroom(stage, workload.contextTokens(), workload.sequences()) >= 0
                && footprint.startsForSure(stage);
        return hasRoom ? Optional.empty() : Optional.of(exhausted(deployment, stage, footprint.startsForSure(stage)));
    }

    private static Constraint constraint(Deployment deployment, int stage, long maxContext) {
        return maxContext == deployment.model().contextTokens()
                ? Constraint.MODEL_CONTEXT
                : exhausted(deployment, stage, deployment.footprint().startsForSure());
    }

    private static Constraint exhausted(Deployment deployment, int stage, boolean starts) {
        Footprint footprint = deployment.footprint();
        Workload workload = deployment.workload();
        if (footprint.headroom(stage, workload.contextTokens(), workload.sequences()) >= 0 && !starts) {
            return Constraint.DEVICE_CONTEXT;
        }
        if (footprint.headroom(stage, 0, 0) >= 0) {
            return Constraint.KV_CACHE;
        }
        Serving serving = deployment.stages().get(stage).serving();
        TotalLedger weights = new TotalLedger();
        WeightMemory.account(weights, serving.rank(), serving.weights());
        return weights.bytes() > footprint.budget(stage) ? Constraint.WEIGHTS : Constraint.ENGINE;
    }

    /**
     * Where every byte of the tightest rank comes from.
     *
     * @param deployment everything spelled out
     * @return a tree of lines whose sum is the need in the verdict
     * @throws ArithmeticException naming the line whose bytes are beyond 2^63
     */
    public static LineItem explain(Deployment deployment) {
        return explain(
                deployment,
                deployment
                        .footprint()
                        .tightestStage(
                                deployment.workload().contextTokens(),
                                deployment.workload().sequences()));
    }

    /**
     * Where every byte of the ranks of one stage comes from.
     *
     * @param deployment everything spelled out
     * @param stage the pipeline stage, 0 to the last
     * @return a tree of lines
     * @throws IndexOutOfBoundsException if there is no such stage
     * @throws ArithmeticException naming the line whose bytes are beyond 2^63
     */
    public static LineItem explain(Deployment deployment, int stage) {
        checkElementIndex(stage, deployment.stages().size(), "pipeline stage");
        ItemizedLedger ledger =
                new ItemizedLedger(deployment.stages().get(stage).label());
        walk(deployment, stage, ledger);
        return ledger.root();
    }

    /**
     * What the engine takes of the devices of one stage beside its budget, without which it can't start.
     *
     * @param deployment everything spelled out
     * @param stage the pipeline stage, 0 to the last
     * @return a tree of lines; no line for an engine that counts all within its budget, and for the host
     * @throws IndexOutOfBoundsException if there is no such stage
     */
    public static LineItem explainOutside(Deployment deployment, int stage) {
        checkElementIndex(stage, deployment.stages().size(), "pipeline stage");
        Stage planned = deployment.stages().get(stage);
        ItemizedLedger ledger = new ItemizedLedger(planned.label());
        if (!planned.isHost()) {
            deployment.engine().accountOutside(ledger, planned.serving());
        }
        return ledger.root();
    }

    /** Posts all memory of a rank: the one arithmetic behind footprint and explanation. */
    static void walk(Deployment deployment, int stage, Ledger ledger) {
        Stage planned = deployment.stages().get(stage);
        EngineProfile engine = deployment.engine();
        Workload workload = deployment.workload();
        HeldSequences held = PrefixSharing.held(engine, deployment.sequencesOnRank(workload.sequences()), workload);
        FixedMemory.account(ledger, engine, planned.serving(), deployment.loraSlots(), planned.draft());
        engine.accountCache(ledger, planned.serving(), held);
        planned.draft().ifPresent(draft -> {
            ledger.enter("kv_cache.draft");
            engine.accountCache(ledger, draft, held);
            ledger.leave();
        });
    }
}
