package io.llmsizing.engine;

import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.RotaryTable;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Optional;

/** What vLLM holds beside the tensors of the checkpoint once they are loaded: section {@code loading}. */
final class VllmLoading {
    private static final MemoryLine ROTARY_TABLE = MemoryLine.exact(
            "loading.rotary_table",
            "positions * rotary_width * element_bytes",
            "vLLM model_executor/layers/rotary_embedding; Llama-3.1-8B loads 14.9888 GiB with it, log 14.9889");
    private static final MemoryLine EXPERT_PADDING = MemoryLine.banded(
            "loading.expert_padding",
            "matrices * padding_bytes",
            Certainty.ESTIMATED,
            "vLLM layers/quantization/mxfp4.py: Marlin takes inner widths of whole 128 and outer ones of whole 256;"
                    + " gpt-oss-20b loads 13.712 GiB with it, log 13.7193; other kernels pad less",
            new Band(Ratio.of(0, 1), Ratio.ONE));
    private static final String ROCM_VENDOR = "AMD";

    private final LatentCopies latentCopies = new LatentCopies(
            "vLLM keeps W_UK_T and W_UV for decoding; DeepSeek-V2-Lite v0.19 29.426 GiB with them, log 29.43");
    private final MemoryLine residue;
    private final long residueBytes;
    private final Multiples marlin;
    private final Multiples rocm;
    private final LoadedBands bands;

    VllmLoading(EngineFacts facts, EngineVersion version) {
        EngineConstant residue = facts.constant("repacking_residue", version);
        this.residue = residue.line("loading.repacking_residue", "bytes", Certainty.MEASURED);
        this.residueBytes = residue.whole();
        this.marlin = Multiples.of(facts, version, "");
        this.rocm = Multiples.of(facts, version, "_rocm");
        this.bands = facts.loadedBands(version);
    }

    /** To what a kernel pads the widths of an expert in MXFP4. */
    private record Multiples(long inner, long outer) {
        static Multiples of(EngineFacts facts, EngineVersion version, String kernel) {
            return new Multiples(
                    facts.constant("mxfp4_inner_multiple" + kernel, version).whole(),
                    facts.constant("mxfp4_outer_multiple" + kernel, version).whole());
        }
    }

    private static boolean isRocm(Serving serving) {
        return serving.device().isPresent() && isRocm(serving.device().get());
    }

    static boolean isRocm(Accelerator device) {
        return device.vendor().equals(ROCM_VENDOR);
    }

    /** Which kernels are taken to serve. */
    List<Assumption> assumptions(Serving serving) {
        boolean packed = serving.rank().model().hasExperts()
                && serving.weights().formatOf(TensorRole.EXPERT).equals(Formats.MXFP4);
        if (!packed) {
            return List.of();
        }
        Multiples multiples = isRocm(serving) ? rocm : marlin;
        return List.of(new Assumption(
                "experts",
                "in MXFP4, padded to " + multiples.inner() + " x " + multiples.outer() + " as the "
                        + (isRocm(serving) ? "ROCm" : "Marlin") + " kernels do"
                        + serving.device().map(device -> " on " + device.name()).orElse("")
                        + "; other kernels pad less, down to nothing"));
    }

    /** Posts what stands beside the tensors, which were posted since the ledger held so many bytes. */
    void account(Ledger ledger, Serving serving, long before) {
        Rank rank = serving.rank();
        ledger.enter("loading");
        TorchAllocator.account(ledger, rank, serving.weights());
        Optional<RotaryTable> table = rank.model().rotaryTable();
        if (table.isPresent()) {
            RotaryTable rotary = table.get();
            ledger.post(ROTARY_TABLE, "rotary positions", rotary.positions(), rotary.width(), rotary.elementBytes());
        }
        accountExpertPadding(ledger, serving);
        if (serving.weights().formatOf(TensorRole.ATTENTION).isPacked()) {
            ledger.post(residue, "left over from repacking", residueBytes);
        }
        latentCopies.account(ledger, rank);
        bands.account(ledger, serving, ledger.posted() - before);
        ledger.leave();
    }

    private void accountExpertPadding(Ledger ledger, Serving serving) {
        BlockFormat format = serving.weights().formatOf(TensorRole.EXPERT);
        if (!format.equals(Formats.MXFP4)) {
            return;
        }
        Rank rank = serving.rank();
        Multiples multiples = isRocm(serving) ? rocm : marlin;
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            for (MixtureOfExperts experts : groups.get(group).feedForward().mixtures()) {
                accountExpertPadding(ledger, rank, experts, rank.layersOfGroup(group), format, multiples);
            }
        }
    }

    private void accountExpertPadding(
            Ledger ledger, Rank rank, MixtureOfExperts experts, int layers, BlockFormat format, Multiples multiples) {
        boolean dealt = rank.layout().expert();
        long ranks = rank.layout().expertRanks();
        long held = dealt ? Exact.ceilDiv(experts.experts(), ranks) : experts.experts();
        long inner = dealt ? experts.expertWidth() : Exact.ceilDiv(experts.expertWidth(), ranks);
        long outer =
                experts.latentWidth() > 0 ? experts.latentWidth() : rank.model().hidden();
        long padding = format.bytes(Exact.padTo(inner, multiples.inner()), Exact.padTo(outer, multiples.outer()))
                - format.bytes(inner, outer);
        long matrices = Math.multiplyExact(held * layers, experts.gated() ? 3 : 2);
        if (matrices > 0 && padding > 0) {
            ledger.post(EXPERT_PADDING, "experts", matrices, padding);
        }
    }
}
