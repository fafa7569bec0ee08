package io.llmsizing.weights;

import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.Rank;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.Set;

/**
 * The room of LoRA slots: beside each linear layer [out x in], for every slot, A [rank x in] and B [out x rank] in 16 bits. Where
 * ranks cut the outputs each keeps its part of B and all of A, where they cut the inputs its part of A and all of B.
 *
 * <p>Worked value: 4 slots of rank 16 beside all linear layers of Llama-3.1-8B on one device: 4 x 16 x 32 x (8,192 + 2 x 5,120 +
 * 8,192 + 3 x 18,432) x 2 = 335,544,320 B.
 */
public final class LoraMemory {
    private static final String SOURCE =
            "vLLM lora/layers (lora_a_stacked, lora_b_stacked): room for every slot beside each linear layer; which layers have it"
                    + " is the model class's own list, taken to be all of attention and feed-forward";
    private static final MemoryLine A = line("lora.a", "in");
    private static final MemoryLine B = line("lora.b", "out");
    private static final Set<TensorRole> DENSE =
            Set.of(TensorRole.ATTENTION, TensorRole.DENSE_FEED_FORWARD, TensorRole.SHARED_EXPERT);

    private LoraMemory() {}

    private static MemoryLine line(String id, String side) {
        return MemoryLine.banded(
                id,
                "layers * tensors * slot_ranks * " + side + " * element_bytes",
                Certainty.ESTIMATED,
                SOURCE,
                Band.EXACT);
    }

    /**
     * Posts the slots of a rank: section {@code lora}.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param slots how many, and how wide
     * @param besideExperts whether routed experts have slots too
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public static void account(Ledger ledger, Rank rank, LoraSlots slots, boolean besideExperts) {
        long slotRanks = (long) slots.count() * slots.rank();
        ledger.enter("lora");
        for (TensorBlock block : rank.model().blocks()) {
            long layers = rank.copiesOf(block);
            if (layers > 0 && block.part() == TensorBlock.Part.LAYERS) {
                for (WeightTensor tensor : block.tensors()) {
                    if (DENSE.contains(tensor.role()) || (besideExperts && tensor.role() == TensorRole.EXPERT)) {
                        long count = rank.count(tensor);
                        ledger.post(A, tensor.name(), "A", layers, count, slotRanks, rank.columns(tensor), Short.BYTES);
                        ledger.post(B, tensor.name(), "B", layers, count, slotRanks, rank.rows(tensor), Short.BYTES);
                    }
                }
            }
        }
        ledger.leave();
    }
}
