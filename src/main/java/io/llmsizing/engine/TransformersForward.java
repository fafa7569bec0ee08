package io.llmsizing.engine;

import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.RotaryTable;
import io.llmsizing.parallel.Rank;
import java.util.List;

/**
 * What the forward pass of whole prompts holds at its peak, in the feed-forward block: the stream four times, gate, up and
 * their product; cosines and sines of every position; and blocks of an earlier layer that the allocator can't use again.
 *
 * <p>Worked value: Llama-3.1-8B, 8,192 tokens: 2 x 8,192 x (4 x 4,096 + 3 x 14,336) + 8,192 x 520 = 977,338,368 B, as
 * measured.
 */
final class TransformersForward {
    private static final long POSITION_BYTES = Long.BYTES;

    private final MemoryLine live;
    private final MemoryLine held;
    private final MemoryLine rotary;
    private final MemoryLine logits;
    private final long streams;
    private final long heldBlocks;
    private final long logitBytes;

    TransformersForward(EngineFacts facts, EngineVersion version) {
        EngineConstant blocks = facts.constant("held_blocks", version);
        EngineConstant logit = facts.constant("bytes_per_logit", version);
        EngineConstant stream = facts.constant("live_streams", version);
        String measured = stream.source();
        live = growing("activation.forward", "bytes * sequences * tokens * live_elements", measured);
        held = growing("reserved.held_blocks", "blocks * bytes * sequences * tokens * elements", blocks.source());
        rotary = growing("activation.rotary", "bytes * sequences * tokens", measured);
        logits = growing("activation.logits", "bytes * sequences * tokens * vocabulary", logit.source());
        streams = stream.whole();
        heldBlocks = blocks.whole();
        logitBytes = logit.whole();
    }

    private static MemoryLine growing(String id, String formula, String source) {
        return MemoryLine.banded(id, formula, Certainty.ESTIMATED, source, Band.EXACT);
    }

    void account(Ledger ledger, Serving serving, long sequences, long tokens) {
        Rank rank = serving.rank();
        long hidden = rank.model().hidden();
        long elements = 0;
        long block = 0;
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            if (rank.layersOfGroup(group) > 0) {
                Peak peak = peak(groups.get(group), hidden);
                elements = Math.max(elements, peak.elements());
                block = Math.max(block, peak.block());
            }
        }
        ledger.enter("activation");
        ledger.post(live, "forward pass", 2, sequences, tokens, elements);
        long tables = 2 * 2 * rank.model().rotaryTable().map(RotaryTable::width).orElse(0L);
        ledger.post(rotary, "cosines, sines and positions", tables + POSITION_BYTES, sequences, tokens);
        if (logitBytes > 0 && rank.isLast()) {
            ledger.post(logits, "logits of the prompt", logitBytes, sequences, tokens, rank.paddedVocabulary());
        }
        ledger.leave();
        if (block > 0) {
            ledger.enter("reserved");
            ledger.post(held, "blocks of an earlier layer", "", heldBlocks, 2, sequences, tokens, block);
            ledger.leave();
        }
    }

    private Peak peak(LayerGroup layer, long hidden) {
        long dense = layer.feedForward().denseWidth();
        Peak largest = new Peak(Math.addExact(streams * hidden, 3 * dense), dense);
        for (MixtureOfExperts experts : layer.feedForward().mixtures()) {
            long each = Math.addExact(5 * hidden, experts.expertWidth());
            long elements = Math.addExact(6 * hidden, Math.multiplyExact(experts.activeExperts(), each));
            long block = Math.multiplyExact(2 * experts.activeExperts(), Math.max(hidden, experts.expertWidth()));
            if (elements > largest.elements()) {
                largest = new Peak(elements, block);
            }
        }
        return largest;
    }

    /** What a layer's peak holds for a token, and the largest of it. */
    private record Peak(long elements, long block) {}
}
