package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.tensor.ShardRule.Cut;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.TreeSet;

/**
 * The compute buffer of llama.cpp: the larger of the logits and of what is alive in the widest layer, in FP32, and what
 * grows with the cached tokens, the attention mask and a copy in 16 bits of one layer's cache where that is in blocks.
 *
 * <p>Worked values: Llama-3.1-8B, 512 tokens: 113,246,208 B for the forward pass, 271,056,896 B where all of them have logits.
 */
final class LlamaCppBuffers {
    private static final MemoryLine WIDENED = MemoryLine.banded(
            "scratch.widened",
            "element_bytes * row_elements * sequences * cached_tokens",
            Certainty.ESTIMATED,
            "Qwen3.5-4B, 262,144 tokens: 0.31 GiB of compute buffer with a cache in F16, 1.30 in Q8_0 (unslothai/unsloth#6718)",
            Band.EXACT);

    private static final MemoryLine LENT = MemoryLine.banded(
            "activation.lent",
            "bytes",
            Certainty.ESTIMATED,
            "llama.cpp ggml/src/ggml-backend.cpp: steps of 32 and more tokens copy a host's tensor to the device to multiply it"
                    + " there; at most one at a time",
            new Band(Ratio.of(0, 1), Ratio.ONE));

    private final MemoryLine mask;
    private final long maskBytes;
    private final MemoryLine logits;
    private final MemoryLine dense;
    private final MemoryLine experts;
    private final MemoryLine mixer;
    private final MemoryLine inputs;
    private final long inputCopies;

    LlamaCppBuffers(EngineFacts facts, EngineVersion version) {
        EngineConstant masked = facts.constant("mask_bytes", version);
        mask = masked.line(
                "scratch.mask",
                "copies * element_bytes * batched_tokens * sequences * cached_tokens",
                Certainty.ESTIMATED);
        maskBytes = masked.whole();
        logits = facts.constant("bytes_per_logit", version)
                .line("activation.logits", "bytes * output_rows * elements", Certainty.ESTIMATED);
        dense = forward(facts.constant("forward_dense", version));
        experts = forward(facts.constant("forward_experts", version));
        mixer = forward(facts.constant("forward_mixer", version));
        EngineConstant copies = facts.constant("input_copies", version);
        inputs = copies.line("activation.inputs", "copies * bytes * batched_tokens * hidden", Certainty.ESTIMATED);
        inputCopies = copies.whole();
    }

    private static MemoryLine forward(EngineConstant bytes) {
        return bytes.line("activation.forward", "bytes * batched_tokens * live_elements", Certainty.ESTIMATED);
    }

    /** Posts what does not depend on the cached tokens. */
    void accountStep(Ledger ledger, Serving serving) {
        Rank rank = serving.rank();
        Model model = rank.model();
        long tokens = serving.batchedTokens();
        long throughDense = 0;
        long throughExperts = 0;
        long throughMixer = 0;
        for (LayerGroup layer : layers(rank)) {
            FeedForward block = layer.feedForward();
            throughDense = Math.max(throughDense, 3 * block.denseWidth());
            for (MixtureOfExperts mixture : block.mixtures()) {
                throughExperts = Math.max(
                        throughExperts,
                        Math.multiplyExact(
                                mixture.activeExperts(), Math.addExact(3 * mixture.expertWidth(), model.hidden())));
            }
            throughMixer = Math.max(throughMixer, mixed(layer.attention(), model.hidden()));
        }
        long widest = Math.max(throughDense, Math.max(throughExperts, throughMixer));
        long live = Math.addExact(3 * model.hidden(), widest);
        long outputs = rank.isLast() && !model.embedding().headless() ? serving.maxSequences() : 0;
        long heads = Math.addExact(model.embedding().vocabulary(), model.hidden());
        ledger.enter("activation");
        if (Exact.multiplyCapped(outputs, heads) > Exact.multiplyCapped(tokens, live)) {
            ledger.post(logits, "logits of a full step", 4, outputs, heads);
        } else {
            MemoryLine line = widest == throughDense ? dense : widest == throughExperts ? experts : mixer;
            ledger.post(line, "forward pass", 4, tokens, live);
        }
        if (copies(serving) > 1) {
            ledger.post(inputs, "inputs of the stages", copies(serving), 4, tokens, model.hidden());
        }
        if (serving.side() == Serving.Side.DEVICE_BESIDE_HOST) {
            ledger.post(LENT, "a tensor of the host", largestLayerTensor(serving));
        }
        ledger.leave();
    }

    /** Of any layer, since which of them stand on the host does not matter for layers that are alike. */
    private static long largestLayerTensor(Serving serving) {
        Model model = serving.rank().model();
        Rank whole = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        long largest = 0;
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                if (block.part() == TensorBlock.Part.LAYERS) {
                    TotalLedger one = new TotalLedger();
                    WeightMemory.account(one, whole, serving.weights(), block, tensor);
                    largest = Math.max(largest, one.bytes() / whole.copiesOf(block));
                }
            }
        }
        return largest;
    }

    /** What the projections of the stream make of a token before attention has it. */
    private static long mixed(Attention attention, long hidden) {
        long widest = 0;
        for (Attention part : attention.parts()) {
            long elements = 0;
            if (part instanceof MultiHeadLatent latent) {
                elements = Math.multiplyExact(latent.heads(), 2 * latent.latentRank() + latent.rotaryWidth());
            } else if (part instanceof CompressedAttention compressed) {
                elements = Math.multiplyExact(compressed.heads(), 2 * compressed.width());
            } else {
                for (WeightTensor tensor : part.tensors(hidden)) {
                    if (tensor.role() == TensorRole.ATTENTION
                            && tensor.columns() > 1
                            && tensor.shardRule().cut() != Cut.COLUMNS) {
                        elements = Math.addExact(elements, tensor.rows());
                    }
                }
            }
            widest = Math.max(widest, elements);
        }
        return widest;
    }

    /** Posts what grows with the cached tokens; more streams than one would share a mask, so that it is no less. */
    void accountContext(Ledger ledger, Serving serving, CachePaging paging, long sequences, long tokens) {
        Rank rank = serving.rank();
        long whole = 0;
        long windowed = 0;
        TreeSet<Long> windows = new TreeSet<>();
        for (LayerGroup layer : layers(rank)) {
            for (CacheRow row : layer.attention().cacheRows(1)) {
                long elements = Math.multiplyExact(row.heads(), row.keyWidth() + row.valueWidth());
                if (row.window().isPresent()) {
                    windows.add(paging.windowPages(row.window().getAsLong()));
                    windowed = Math.max(windowed, elements);
                } else if (row.limit().equals(CacheRow.UNLIMITED) && row.stride() == 1) {
                    whole = Math.max(whole, elements);
                }
            }
        }
        long pages = paging.pages(tokens);
        ledger.enter("scratch");
        if (whole > 0) {
            mask(ledger, serving, "all tokens", sequences, paging.rowsOf(pages, 1));
        }
        for (long window : windows) {
            mask(ledger, serving, "a window", sequences, paging.rowsOf(Math.min(pages, window), 1));
        }
        if (serving.cache().blockElements() > 1) {
            widened(ledger, whole, sequences, paging.rowsOf(pages, 1));
            long beyond = Math.max(0, windowed - whole);
            long kept = windows.isEmpty() ? 0 : Math.min(pages, windows.last());
            widened(ledger, beyond, sequences, paging.rowsOf(kept, 1));
        }
        ledger.leave();
    }

    private void mask(Ledger ledger, Serving serving, String subject, long sequences, long cells) {
        long copies = copies(serving);
        ledger.post(mask, subject, "", copies, maskBytes, serving.batchedTokens(), sequences, cells);
    }

    private static void widened(Ledger ledger, long elements, long sequences, long cells) {
        if (elements > 0) {
            ledger.post(WIDENED, "cache of one layer in 16 bits", 2, elements, sequences, cells);
        }
    }

    /** llama.cpp src/llama-context.cpp: stages overlap only where all layers are on devices. */
    private long copies(Serving serving) {
        return serving.side() == Serving.Side.DEVICE && serving.rank().layout().pipeline() > 1 ? inputCopies : 1;
    }

    private static List<LayerGroup> layers(Rank rank) {
        ImmutableList.Builder<LayerGroup> layers = ImmutableList.builder();
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            if (rank.layersOfGroup(group) > 0) {
                layers.add(groups.get(group));
            }
        }
        if (rank.speculativeBlocks() > 0) {
            layers.add(rank.model().speculativeHead().orElseThrow().layer());
        }
        return layers.build();
    }
}
