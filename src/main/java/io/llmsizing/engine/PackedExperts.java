package io.llmsizing.engine;

import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;

/** What experts in MXFP4 take beyond their tensors: kernels pad their rows and columns, or pack them anew. */
final class PackedExperts {
    private PackedExperts() {}

    /**
     * Posts what padding adds.
     *
     * @param ledger where to
     * @param serving what is served
     * @param alignment to what rows and columns of an expert are padded
     */
    static void accountPadding(Ledger ledger, Serving serving, EngineConstant alignment) {
        MemoryLine line =
                alignment.line("loading.expert_padding", "layers * experts * unused_bytes", Certainty.ESTIMATED);
        long multiple = alignment.whole();
        forEach(serving, (block, tensor, format) -> {
            Rank rank = serving.rank();
            long rows = rank.rows(tensor);
            long columns = rank.columns(tensor);
            long unused = format.bytes(Exact.padTo(rows, multiple), Exact.padTo(columns, multiple))
                    - format.bytes(rows, columns);
            if (columns > 1 && unused > 0) {
                ledger.post(line, tensor.name(), rank.copiesOf(block), rank.count(tensor), unused);
            }
        });
    }

    /**
     * Posts what packing anew leaves.
     *
     * @param ledger where to
     * @param serving what is served
     * @param residue as a share of the experts' bytes
     */
    static void accountResidue(Ledger ledger, Serving serving, EngineConstant residue) {
        MemoryLine line = residue.line("loading.packed_experts", "share * experts * expert_bytes", Certainty.ESTIMATED);
        forEach(serving, (block, tensor, format) -> {
            Rank rank = serving.rank();
            long experts = Math.multiplyExact(rank.copiesOf(block), rank.count(tensor));
            ledger.postShare(
                    line,
                    tensor.name(),
                    residue.value(),
                    experts,
                    format.bytes(rank.rows(tensor), rank.columns(tensor)));
        });
    }

    /** Whether kernels keep a workspace for the experts of a step: those of MXFP4 do not. */
    static boolean keepWorkspace(Serving serving) {
        return !serving.weights().formatOf(TensorRole.EXPERT).equals(Formats.MXFP4);
    }

    private interface ExpertTensor {
        void take(TensorBlock block, WeightTensor tensor, BlockFormat format);
    }

    private static void forEach(Serving serving, ExpertTensor taker) {
        WeightScheme weights = serving.weights();
        for (TensorBlock block : serving.rank().model().blocks()) {
            if (serving.rank().copiesOf(block) > 0) {
                for (WeightTensor tensor : block.tensors()) {
                    BlockFormat format = weights.formatOf(block.name(), tensor);
                    if (tensor.role() == TensorRole.EXPERT && format.equals(Formats.MXFP4)) {
                        taker.take(block, tensor, format);
                    }
                }
            }
        }
    }
}
