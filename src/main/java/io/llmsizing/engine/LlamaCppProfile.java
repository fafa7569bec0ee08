package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * llama.cpp with flash attention and all layers on devices, or some of them or their experts on the host: the tensors as they are stored without those that only look up
 * tokens, the cache in cells, and the compute buffer, within what is usable less a margin.
 *
 * <p>Every sequence has a stream of its own (no unified cache): its cells are its tokens padded to 256, those of a window
 * at most the window and a step's tokens padded to 256. States are FP32.
 */
final class LlamaCppProfile implements EngineProfile {
    /** llama.cpp common/arg.cpp: the cache types, as far as formats have a name here; BF16 takes as much as F16. */
    private static final Set<CacheFormat> CACHE_FORMATS = ImmutableSet.of(
            CacheFormats.FP16,
            CacheFormats.BF16,
            CacheFormats.FP32,
            CacheFormats.Q8_0,
            CacheFormats.Q5_1,
            CacheFormats.Q5_0,
            CacheFormats.Q4_1,
            CacheFormats.Q4_0);

    private static final Set<EngineSetting> SETTINGS =
            Sets.immutableEnumSet(EngineSetting.BATCHED_TOKENS, EngineSetting.MAX_SEQUENCES, EngineSetting.SPECULATIVE);

    private static final Set<EngineSetting> SETTINGS_BEFORE_SLOTS =
            Sets.immutableEnumSet(EngineSetting.BATCHED_TOKENS, EngineSetting.SPECULATIVE);

    private static final EngineDevices DEVICES = EngineDevices.of("llama.cpp");

    /** Sums of memory are cut down to 40 bits, so that they can be multiplied by a number of layers. */
    private static final int MOST_BITS = 64 - 40;

    private static final CachePaging.Rows ROWS = new CachePaging.Rows(true, true, true, 4);

    private final EngineVersion version;
    private final List<Assumption> assumptions;
    private final Ratio memoryFraction;
    private final long margin;
    private final long batchedTokens;
    private final long maxSequences;
    private final long pageTokens;
    private final boolean outputsOfSlots;
    private final LlamaCppBuffers buffers;

    LlamaCppProfile(EngineFacts facts, EngineVersion version) {
        this(facts, version, facts.takenFor("llama.cpp", version));
    }

    LlamaCppProfile(EngineFacts facts, EngineVersion version, List<Assumption> aboutVersion) {
        this.version = version;
        this.outputsOfSlots = facts.constant("outputs_of_slots", version).whole() == 1;
        this.assumptions = assumptions(aboutVersion, outputsOfSlots);
        this.memoryFraction = facts.constant("memory_fraction", version).value();
        this.margin = facts.constant("memory_margin", version).whole();
        this.batchedTokens = facts.constant("batched_tokens", version).whole();
        this.maxSequences = facts.constant("max_sequences", version).whole();
        this.pageTokens = facts.constant("page_tokens", version).whole();
        this.buffers = new LlamaCppBuffers(facts, version);
    }

    private static List<Assumption> assumptions(List<Assumption> aboutVersion, boolean outputsOfSlots) {
        return ImmutableList.<Assumption>builder()
                .addAll(aboutVersion)
                .add(new Assumption(
                        "llama.cpp weights",
                        "on the devices, as far as the host takes no layers or experts; tables that tokens are looked up in stay in host memory, the embedding"
                                + " too unless it is the head; padding of buffers is not counted"))
                .add(new Assumption(
                        "llama.cpp cache",
                        "a stream for each sequence, padded to 256 cells, and flash attention; a unified cache pads all"
                                + " together"))
                .add(new Assumption(
                        "llama.cpp step",
                        outputsOfSlots
                                ? "logits of one row for each slot, as the server has them; the command line tools keep"
                                        + " one for each batched token"
                                : "logits of one row for each batched token, as the server had them before b9464 and the"
                                        + " command line tools have them"))
                .build();
    }

    @Override
    public String name() {
        return "llama.cpp";
    }

    @Override
    public String version() {
        return version.toString();
    }

    @Override
    public List<Assumption> assumptions() {
        return assumptions;
    }

    @Override
    public List<Assumption> assumptions(Serving serving) {
        return serving.rank().model().layers().keepsWindows()
                ? List.of(new Assumption("llama.cpp cache", "a unified cache would give windows more cells"))
                : List.of();
    }

    @Override
    public Ratio defaultMemoryFraction() {
        return memoryFraction;
    }

    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(Math.max(0, fraction.floorOf(usable.bytes()) - margin));
    }

    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return batchedTokens;
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return maxSequences;
    }

    /** A server has a slot for each sequence that it holds. */
    @Override
    public long defaultMaxSequences(Accelerator accelerator, long sequences) {
        return Math.max(maxSequences, sequences);
    }

    /** No device is told from another. */
    @Override
    public Object traits(Accelerator device) {
        return "";
    }

    @Override
    public long vocabularyMultiple() {
        return 1;
    }

    @Override
    public boolean spreadsLayers() {
        return true;
    }

    @Override
    public Optional<String> violation(ParallelLayout layout) {
        return layout.expertRanks() > 1 || layout.expert()
                ? Optional.of("layout " + layout + ": llama.cpp spreads whole layers over devices and cuts none; use"
                        + " pipeline stages, with tensor and data parallel 1 and no expert parallel")
                : Optional.empty();
    }

    /** llama.cpp src/llama-model.cpp: layers and head, one more than the layers, over devices by the memory free on each. */
    @Override
    public int[] stageBoundaries(int layers, long[] memory) {
        int shift = Math.max(
                0, MOST_BITS - Long.numberOfLeadingZeros(Arrays.stream(memory).sum()));
        long all = Arrays.stream(memory).map(size -> size >> shift).sum();
        int[] boundaries = new int[memory.length + 1];
        long before = 0;
        for (int stage = 1; stage < memory.length; stage++) {
            before += memory[stage - 1] >> shift;
            boundaries[stage] = (int) Math.min(layers, Exact.ceilDiv(before * (layers + 1), all));
        }
        boundaries[memory.length] = layers;
        return boundaries;
    }

    @Override
    public boolean sharesWithHost() {
        return true;
    }

    /** llama.cpp common/arg.cpp: --fit-target leaves a margin and no share; graphs are captured or not by a build. */
    @Override
    public Set<EngineSetting> settings() {
        return outputsOfSlots ? SETTINGS : SETTINGS_BEFORE_SLOTS;
    }

    /** llama.cpp ggml/src/ggml-rpc: back ends of any kind serve together. */
    @Override
    public boolean joinsVendors() {
        return true;
    }

    @Override
    public boolean serves(Accelerator device) {
        return DEVICES.serve(device);
    }

    @Override
    public Set<CacheFormat> cacheFormats() {
        return CACHE_FORMATS;
    }

    /** A window keeps its tokens and those of a step: one more than where the step's newest is the window's. */
    @Override
    public CachePaging paging(Serving serving) {
        return new CachePaging(pageTokens, serving.batchedTokens() + 1, 0, 1, ROWS);
    }

    @Override
    public void accountFixed(Ledger ledger, Serving serving) {
        accountWeights(ledger, serving);
        if (serving.side() != Serving.Side.HOST) {
            buffers.accountStep(ledger, serving);
        }
    }

    private static void accountWeights(Ledger ledger, Serving serving) {
        ledger.enter("weights");
        for (TensorBlock block : serving.rank().model().blocks()) {
            List<WeightTensor> tensors = block.tensors().stream()
                    .filter(tensor -> LlamaCppPlaces.isHeld(serving, block, tensor))
                    .toList();
            if (!tensors.isEmpty()) {
                ledger.enter(block.name());
                for (WeightTensor tensor : tensors) {
                    WeightMemory.account(
                            ledger, LlamaCppPlaces.rank(serving, tensor), serving.weights(), block, tensor);
                }
                ledger.leave();
            }
        }
        ledger.leave();
    }

    @Override
    public void accountCache(Ledger ledger, Serving serving, HeldSequences held) {
        CachePaging paging = paging(serving);
        KvCacheMemory.account(ledger, serving.rank(), serving.cache(), paging, held);
        if (serving.side() != Serving.Side.HOST) {
            buffers.accountContext(ledger, serving, paging, held.count(), held.tokens());
        }
    }

    @Override
    public String toString() {
        return name() + " " + version;
    }
}
