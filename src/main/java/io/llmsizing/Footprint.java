package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.Exact;
import io.llmsizing.workload.Workload;

/**
 * The memory of a deployment in closed form: on the fullest rank of each pipeline stage
 *
 * <pre>  fixed + S x (perSequence + perPage x P + sum of w_i x ceil(min(P, W_i) / R_i)) - (S - 1) x shared,   P = ceil(T / page)</pre>
 *
 * for S sequences of T tokens, S divided over data-parallel replicas and rounded up; shared are the full pages of the workload's
 * shared prefix in layers that keep every token, and a sequence is at least as long as that prefix. Compiled by probing the same
 * accounting that explains, so the two agree to the byte. {@link #fits} is a few multiplications and allocates nothing.
 * Immutable and thread-safe.
 */
public final class Footprint {
    private final long contextTokens;
    private final long prefixTokens;
    private final long replicas;
    private final StageFootprints stages;

    private Footprint(Deployment deployment, StagePlan plan) {
        contextTokens = deployment.model().contextTokens();
        prefixTokens = deployment.workload().sharedPrefixTokens();
        replicas = deployment.layout().data();
        stages = new StageFootprints(plan.compiled());
    }

    private Footprint(Footprint of, StageFootprints stages) {
        contextTokens = of.contextTokens;
        prefixTokens = of.prefixTokens;
        replicas = of.replicas;
        this.stages = stages;
    }

    /** The same needs within the budgets of another device. */
    Footprint on(Deployment deployment, Accelerator device) {
        return new Footprint(this, stages.on(deployment, device));
    }

    /** The form of a deployment whose stages hold so much whatever they serve. */
    static Footprint of(Deployment deployment, StagePlan plan) {
        return new Footprint(deployment, plan);
    }

    /**
     * Whether sequences fit for sure: on every rank even the upper end of all bands is within the budget, and the engine
     * starts.
     *
     * @param tokens of each sequence, 1 to the model's context
     * @param sequences held at once, 1 to 2^31
     * @return whether they fit; false also where the need is beyond 2^63 bytes
     * @throws IllegalArgumentException if a number is out of range
     */
    public boolean fits(long tokens, long sequences) {
        if (tokens < 1 || tokens > contextTokens || sequences < 1 || sequences > Workload.MOST_SEQUENCES) {
            throw outOfRange(tokens, sequences);
        }
        return stages.fit(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * Whether sequences certainly do not fit: on some rank even the lower end of all bands is beyond the budget.
     *
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return whether that is certain
     */
    boolean neverFits(long tokens, long sequences) {
        return stages.neverFit(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * Whether it is certain that a deployment can't hold so much: on some rank even the lower end of all bands is beyond the
     * budget, or the engine does not start.
     *
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return whether the verdict is that it does not fit; false also where it is too close to call
     */
    public boolean isRuledOut(long tokens, long sequences) {
        return stages.neverStarts() || neverFits(tokens, sequences);
    }

    private IllegalArgumentException outOfRange(long tokens, long sequences) {
        return new IllegalArgumentException(
                sequences < 1 || sequences > Workload.MOST_SEQUENCES
                        ? sequences + " sequences; 1 to 2^31 allowed"
                        : tokens + " tokens; 1 to the model's context of " + contextTokens + " allowed");
    }

    private long atLeastPrefix(long tokens) {
        return Math.max(tokens, prefixTokens);
    }

    /**
     * Sequences that the fullest data-parallel replica holds.
     *
     * @param sequences in all
     * @return their share, rounded up
     */
    long sequencesOnRank(long sequences) {
        return replicas == 1 ? sequences : Exact.ceilDiv(sequences, replicas);
    }

    /**
     * Whether the engine refuses to start whatever is asked of it, since less is free than its budget.
     *
     * @return whether that is certain
     */
    boolean neverStarts() {
        return stages.neverStarts();
    }

    /**
     * Whether the engine starts for sure.
     *
     * @return whether budget and device context leave no doubt
     */
    boolean startsForSure() {
        return stages.startsForSure();
    }

    /** Whether the engine starts for sure on the devices of one stage. */
    boolean startsForSure(int stage) {
        return stages.of(stage).startsForSure();
    }

    /**
     * What each rank of a stage may use.
     *
     * @param stage the pipeline stage
     * @return bytes, {@link Long#MAX_VALUE} for a host whose memory is not known
     */
    public long budget(int stage) {
        return stages.of(stage).budget();
    }

    /**
     * What is left for sure on each rank of a stage.
     *
     * @param stage the pipeline stage
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return bytes, negative where it may not fit
     */
    public long headroom(int stage, long tokens, long sequences) {
        return stages.of(stage).headroom(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * What is left for sure on each rank of the tightest stage.
     *
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return bytes, negative where it may not fit
     */
    public long headroom(long tokens, long sequences) {
        return headroom(tightestStage(tokens, sequences), tokens, sequences);
    }

    /**
     * Pipeline stages.
     *
     * @return 1 or more
     */
    public int stages() {
        return stages.count();
    }

    /**
     * Tokens of a cache page of the first stage.
     *
     * @return 1 where nothing is rounded
     */
    public long pageTokens() {
        return pageTokens(0);
    }

    /**
     * Tokens of a cache page; stages differ where their devices do and the engine goes by that.
     *
     * @param stage the pipeline stage
     * @return 1 where nothing is rounded
     */
    public long pageTokens(int stage) {
        return stages.of(stage).pageTokens();
    }

    /**
     * Bytes that a rank needs.
     *
     * @param stage the pipeline stage
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return bytes; {@link Long#MAX_VALUE} where the need is beyond 2^63
     */
    public long bytes(int stage, long tokens, long sequences) {
        return Exact.addCapped(stages.of(stage).fixed(), cacheBytes(stage, tokens, sequences));
    }

    /**
     * The least that a rank may need, by the bands of its lines.
     *
     * @param stage the pipeline stage
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return bytes
     */
    public long lowBytes(int stage, long tokens, long sequences) {
        return stages.of(stage).lowBytes(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * The most that a rank may need, by the bands of its lines.
     *
     * @param stage the pipeline stage
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return bytes
     */
    public long highBytes(int stage, long tokens, long sequences) {
        return stages.of(stage).highBytes(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * Bytes of a rank's cache.
     *
     * @param stage the pipeline stage
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once over all replicas, 0 or more
     * @return bytes, pages rounded up; {@link Long#MAX_VALUE} beyond 2^63
     */
    public long cacheBytes(int stage, long tokens, long sequences) {
        checkArgument(tokens >= 0 && sequences >= 0, "%s sequences of %s tokens; 0 or more of both", sequences, tokens);
        return stages.of(stage).cacheOf(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * Bytes that each further page of a long sequence takes on a rank, windows being full.
     *
     * @param stage the pipeline stage
     * @return bytes a page
     */
    public long bytesPerPage(int stage) {
        return stages.of(stage).perPage();
    }

    /**
     * Bytes of a rank that do not depend on the sequences held.
     *
     * @param stage the pipeline stage
     * @return weights, temporary memory and what the engine takes for itself
     */
    public long fixedBytes(int stage) {
        return stages.of(stage).fixed();
    }

    /**
     * The stage whose ranks have the least left for sure.
     *
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return its number; the first among equals
     */
    public int tightestStage(long tokens, long sequences) {
        return stages.tightest(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * The stage whose ranks have the least left even if every band is taken at its better end.
     *
     * @param tokens of each sequence, 0 or more
     * @param sequences held at once, 0 or more
     * @return its number; the first among equals
     */
    int neediestStage(long tokens, long sequences) {
        return stages.neediest(atLeastPrefix(tokens), sequencesOnRank(sequences));
    }

    /**
     * The longest context that fits for sure.
     *
     * @param sequences held at once, 1 to 2^31
     * @return tokens, at most the model's context; 0 if not even one token fits
     * @throws IllegalArgumentException if the number is out of range
     */
    public long maxContext(long sequences) {
        if (!fits(1, sequences)) {
            return 0;
        }
        return stages.longest(sequencesOnRank(sequences), contextTokens);
    }

    /**
     * The most sequences that fit for sure.
     *
     * @param tokens of each, 1 to the model's context
     * @return sequences, at most 2^31; 0 if not even one fits
     * @throws IllegalArgumentException if the number is out of range
     */
    public long maxSequences(long tokens) {
        checkArgument(
                tokens >= 1 && tokens <= contextTokens,
                "%s tokens; 1 to the model's context of %s allowed",
                tokens,
                contextTokens);
        return Math.min(
                Workload.MOST_SEQUENCES, Exact.multiplyCapped(stages.mostHeld(atLeastPrefix(tokens)), replicas));
    }
}
