package io.llmsizing.engine;

import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;

/**
 * What the CUDA graphs of vLLM take: the same for each step size that is captured, however large it is, since captures share
 * their temporary memory and what is left is kernels and their arguments. Steps of prompts are captured in pieces, and steps of
 * answers alone, which are no larger than the sequences, once more as a whole.
 *
 * <p>Worked value: vLLM 0.19, 1,024 sequences, 32 layers: 51 sizes up to 512 twice, 102 x (2,631,720 + 32 x 210,537) =
 * 955,628,208 B; the log of CodeLlama-7B says 0.89 GiB, which are 955,630,223.
 */
final class VllmGraphs {
    private static final String ID = "graphs.captured";
    private static final String FORMULA = "captures * bytes_each";
    private static final long[] SMALLEST = {1, 2, 4};
    private static final long STEP = 8;
    private static final long COARSE_STEP = 16;

    private final long most;
    private final long ofSequences;
    private final long coarseFrom;
    private final boolean wholeToo;
    private final long base;
    private final Kind dense;
    private final Kind experts;

    /** Of models with and without experts: a layer with them launches more kernels, and not the same ones everywhere. */
    private record Kind(long perLayer, MemoryLine line, MemoryLine orNone) {
        static Kind of(EngineConstant perLayer) {
            Band band = perLayer.band();
            return new Kind(
                    perLayer.whole(),
                    perLayer.line(ID, FORMULA, Certainty.ESTIMATED),
                    MemoryLine.banded(
                            ID,
                            FORMULA,
                            Certainty.ESTIMATED,
                            perLayer.source() + "; none where the second model runner serves, whose estimate is 0",
                            new Band(Ratio.of(0, 1), band.high())));
        }
    }

    VllmGraphs(EngineFacts facts, EngineVersion version) {
        this.most = facts.constant("graph_sizes_most", version).whole();
        this.ofSequences = facts.constant("graph_sizes_of_sequences", version).whole();
        this.coarseFrom = facts.constant("graph_sizes_coarse_from", version).whole();
        this.wholeToo = facts.constant("graphs_whole_too", version).whole() == 1;
        this.base = facts.constant("graphs_base", version).whole();
        this.dense = Kind.of(facts.constant("graphs_per_layer", version));
        this.experts = Kind.of(facts.constant("graphs_per_layer_experts", version));
    }

    /** Posts the graphs of a rank, or that there may be none at best. */
    void account(Ledger ledger, Serving serving, boolean orNone) {
        if (serving.eager()) {
            return;
        }
        Kind kind = serving.rank().model().hasExperts() ? experts : dense;
        long each = Math.addExact(
                base, Math.multiplyExact(kind.perLayer(), (long) serving.rank().layers()));
        ledger.enter("graphs");
        ledger.post(orNone ? kind.orNone() : kind.line(), "CUDA graphs", captures(serving), each);
        ledger.leave();
    }

    private long captures(Serving serving) {
        long answers = Exact.multiplyCapped(serving.maxSequences(), 1 + serving.speculativeTokens());
        long largest = ofSequences == 0 ? most : Math.min(most, Exact.multiplyCapped(ofSequences, answers));
        long captured = Math.min(largest, serving.batchedTokens());
        return sizes(captured) + (wholeToo ? sizes(Math.min(captured, answers)) : 0);
    }

    /** 1, 2, 4, every eighth, and from some size on every sixteenth. */
    private long sizes(long largest) {
        long count = 0;
        for (long size : SMALLEST) {
            count += size <= largest ? 1 : 0;
        }
        return count + Math.min(largest, coarseFrom) / STEP + Math.max(0, largest - coarseFrom) / COARSE_STEP;
    }
}
