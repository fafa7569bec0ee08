package io.llmsizing.activation;

import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.List;

/**
 * The peak of temporary memory while one full step runs: the larger of the forward pass and the sampler, and the workspace of
 * the fused expert kernels, which stands beside both where it stays and beside the forward pass alone where it does not.
 *
 * <p>Worked value: Llama-3.1-8B, 8,192 batched tokens, 1,024 sequences, 14.75 bytes a logit: 1,937,178,624 + 67,108,864 +
 * 16,777,216 = 2,021,064,704 B.
 */
public final class ActivationMemory {
    /** More logits than any forward pass could outweigh. */
    private static final long LARGEST_LOGITS = 1L << 53;

    private final MemoryLine logits;
    private final MemoryLine stream;
    private final MemoryLine samples;
    private final MemoryLine forward;
    private final MemoryLine firstStages;
    private final MemoryLine expertWorkspace;
    private final MemoryLine encoded;
    private final Ratio bytesPerLogit;
    private final long stageBytes;
    private final boolean workspaceStays;

    /**
     * The peak of an engine version that keeps the workspace of its experts.
     *
     * @param bytesPerLogit as documented below
     * @param band as documented below
     * @param stageBytes as documented below
     * @param stageBand as documented below
     * @param source as documented below
     */
    public ActivationMemory(Ratio bytesPerLogit, Band band, long stageBytes, Band stageBand, String source) {
        this(bytesPerLogit, band, stageBytes, stageBand, true, source);
    }

    /**
     * The peak as an engine version has it.
     *
     * @param bytesPerLogit bytes that the sampler holds for each sequence and word of the vocabulary
     * @param band how far off the figures of sampler, forward pass and workspace may be
     * @param stageBytes bytes that a stage without the head holds beside its forward pass
     * @param stageBand how far off these may be
     * @param workspaceStays whether the workspace of the experts is held while the sampler runs, or given back before
     * @param source where formula and constants were checked
     */
    public ActivationMemory(
            Ratio bytesPerLogit, Band band, long stageBytes, Band stageBand, boolean workspaceStays, String source) {
        this.bytesPerLogit = bytesPerLogit;
        this.stageBytes = stageBytes;
        this.workspaceStays = workspaceStays;
        logits = MemoryLine.banded(
                "activation.logits", "bytes_per_logit * sequences * vocabulary", Certainty.ESTIMATED, source, band);
        stream = MemoryLine.banded(
                "activation.stream", "bytes * batched_tokens * hidden", Certainty.ESTIMATED, source, band);
        samples = MemoryLine.banded(
                "activation.samples", "bytes * sequences * hidden", Certainty.ESTIMATED, source, band);
        forward = MemoryLine.banded(
                "activation.forward", "bytes * batched_tokens * live_elements", Certainty.ESTIMATED, source, band);
        firstStages = MemoryLine.banded("activation.stage_buffers", "bytes", Certainty.ESTIMATED, source, stageBand);
        encoded = MemoryLine.banded(
                "activation.encoder_outputs",
                "bytes * batched_tokens * hidden",
                Certainty.ESTIMATED,
                "vLLM v1/worker/gpu_model_runner.py profile_run: what the encoder gives for a full budget stays in its cache",
                band);
        expertWorkspace = MemoryLine.banded(
                "activation.expert_workspace",
                "bytes * batched_tokens * active_experts * elements",
                Certainty.ESTIMATED,
                source,
                band);
    }

    /**
     * Posts the peak of one rank.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param batchedTokens tokens of a full step
     * @param sequences sequences of a full step
     * @param expertWorkspace whether the kernels of the experts keep a workspace; those of MXFP4 do not
     */
    public void account(Ledger ledger, Rank rank, long batchedTokens, long sequences, boolean expertWorkspace) {
        account(ledger, rank, batchedTokens, sequences, expertWorkspace, false);
    }

    /**
     * Posts the peak of one rank.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param batchedTokens tokens of a full step
     * @param sequences sequences of a full step
     * @param expertWorkspace whether the kernels of the experts keep a workspace; those of MXFP4 do not
     * @param encoderOutputs whether what a vision encoder gives for the tokens of a step is held while the step is measured
     */
    public void account(
            Ledger ledger,
            Rank rank,
            long batchedTokens,
            long sequences,
            boolean expertWorkspace,
            boolean encoderOutputs) {
        ledger.enter("activation");
        long hidden = rank.model().hidden();
        long liveElements = Math.addExact(
                4 * hidden, 3 * Exact.ceilDiv(widestDense(rank), rank.layout().tensor()));
        Workspace workspace = expertWorkspace ? workspace(rank) : Workspace.NONE;
        long inTurn = workspaceStays ? 0 : Exact.multiplyCapped(2 * batchedTokens, workspace.ofToken());
        boolean sampled = rank.isLast()
                && samplerPeak(rank, batchedTokens, sequences)
                        > Exact.addCapped(Exact.multiplyCapped(2 * batchedTokens, liveElements), inTurn);
        if (sampled) {
            ledger.postShare(logits, "sampler", bytesPerLogit, sequences, rank.paddedVocabulary());
            ledger.post(stream, "hidden states", 2, batchedTokens, hidden);
            ledger.post(samples, "sampled states", 4, sequences, hidden);
        } else {
            ledger.post(forward, "forward pass", 2, batchedTokens, liveElements);
            if (!rank.isLast()) {
                ledger.post(firstStages, "a stage without the head", stageBytes);
            }
        }
        if (workspace.active() > 0 && (workspaceStays || !sampled)) {
            ledger.post(
                    this.expertWorkspace,
                    "fused expert kernels",
                    2,
                    batchedTokens,
                    workspace.active(),
                    workspace.elements());
        }
        if (encoderOutputs && rank.stage() == 0 && rank.model().visionTower().isPresent()) {
            ledger.post(encoded, "encoder outputs", 2, batchedTokens, hidden);
        }
        ledger.leave();
    }

    /** For the comparison only; what is posted is checked by the ledger. */
    private long samplerPeak(Rank rank, long batchedTokens, long sequences) {
        long hidden = rank.model().hidden();
        long words = Exact.multiplyCapped(sequences, rank.paddedVocabulary());
        if (words > LARGEST_LOGITS) {
            return Long.MAX_VALUE;
        }
        long stream = Exact.multiplyCapped(Exact.addCapped(2 * batchedTokens, 4 * sequences), hidden);
        return Exact.addCapped(bytesPerLogit.ceilOf(words), stream);
    }

    private static long widestDense(Rank rank) {
        long widest = 0;
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            if (rank.layersOfGroup(group) > 0) {
                widest = Math.max(widest, groups.get(group).feedForward().denseWidth());
            }
        }
        return widest;
    }

    /** Of one layer, the one that needs most: elements for each expert that a token takes. */
    private record Workspace(long active, long elements) {
        static final Workspace NONE = new Workspace(0, 0);

        long ofToken() {
            return Exact.multiplyCapped(active, elements);
        }
    }

    private static Workspace workspace(Rank rank) {
        Workspace most = Workspace.NONE;
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            List<MixtureOfExperts> mixtures = rank.layersOfGroup(group) > 0
                    ? groups.get(group).feedForward().mixtures()
                    : List.of();
            for (MixtureOfExperts experts : mixtures) {
                long cuts = rank.layout().expert() ? 1 : rank.layout().expertRanks();
                long width = Exact.ceilDiv(experts.expertWidth(), cuts);
                long hidden = rank.model().hidden();
                Workspace needed =
                        new Workspace(experts.activeExperts(), Math.max(width, hidden) + Math.max(2 * width, hidden));
                most = needed.ofToken() > most.ofToken() ? needed : most;
            }
        }
        return most;
    }
}
