package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.activation.ActivationMemory;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/**
 * TensorRT-LLM with its PyTorch backend: it loads the weights, runs one full step, looks at what the device has left, and
 * gives a fraction of that to the cache.
 */
final class TensorRtLlmProfile implements EngineProfile {
    private static final MemoryLine ROTARY_TABLE = MemoryLine.exact(
            "loading.rotary_table",
            "positions * rotary_width * element_bytes",
            "TensorRT-LLM _torch/attention_backend/interface.py: cosines and sines in FP32");

    /** A profile run has few prompts, and logits of their last tokens alone. */
    private static final long PROFILED_SEQUENCES = 1;

    private static final Set<CacheFormat> CACHE_FORMATS =
            ImmutableSet.of(CacheFormats.BF16, CacheFormats.FP16, CacheFormats.FP8_E4M3, CacheFormats.NVFP4);

    private static final EngineDevices DEVICES = EngineDevices.of("tensorrt-llm");

    private final EngineVersion version;
    private final List<Assumption> assumptions;
    private final Set<EngineFeature> features;
    private final Ratio memoryFraction;
    private final long pageTokens;
    private final long batchedTokens;
    private final long maxSequences;
    private final ActivationMemory activation;
    private final EngineConstant expertAlignment;
    private final LoadedBands loadedBands;
    private final ImmutableList<EngineConstant> runtimeByRanks;

    TensorRtLlmProfile(EngineFacts facts, EngineVersion version) {
        this(facts, version, facts.takenFor("TensorRT-LLM", version));
    }

    TensorRtLlmProfile(EngineFacts facts, EngineVersion version, List<Assumption> aboutVersion) {
        this.version = version;
        this.assumptions = aboutVersion;
        this.features = facts.features(version);
        this.memoryFraction = facts.constant("memory_fraction", version).value();
        this.loadedBands = facts.loadedBands(version);
        this.pageTokens = facts.constant("page_tokens", version).whole();
        this.batchedTokens = facts.constant("batched_tokens", version).whole();
        this.maxSequences = facts.constant("max_sequences", version).whole();
        EngineConstant spread = facts.constant("live_spread", version);
        this.activation = new ActivationMemory(Ratio.ONE, spread.band(), 0, spread.band(), spread.source());
        this.expertAlignment = facts.constant("expert_alignment", version);
        this.runtimeByRanks = ImmutableList.of(
                facts.constant("runtime_tp1", version),
                facts.constant("runtime_tp2", version),
                facts.constant("runtime_tp4", version),
                facts.constant("runtime_tp8", version));
    }

    @Override
    public String name() {
        return "tensorrt-llm";
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
    public Ratio defaultMemoryFraction() {
        return memoryFraction;
    }

    /** All that is fixed, and the fraction of what is then free. */
    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(
                fixed < usable.bytes() ? fixed + fraction.floorOf(usable.bytes() - fixed) : usable.bytes());
    }

    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return batchedTokens;
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return maxSequences;
    }

    @Override
    public long vocabularyMultiple() {
        return 1;
    }

    @Override
    public boolean serves(Accelerator device) {
        return DEVICES.serve(device);
    }

    @Override
    public Set<CacheFormat> cacheFormats() {
        return CACHE_FORMATS;
    }

    @Override
    public List<Assumption> assumptions(Serving serving) {
        ImmutableList.Builder<Assumption> taken = ImmutableList.builder();
        if (serving.rank().model().layers().keepsWindows()) {
            taken.add(new Assumption(
                    "TensorRT-LLM cache",
                    "layers with a window keep whole sequences, as without max_attention_window"));
        }
        if (serving.eager()) {
            taken.add(new Assumption(
                    "eager",
                    "graphs are not known apart from kernels and communication here, and are counted all the same"));
        }
        return taken.build();
    }

    @Override
    public Set<EngineFeature> features() {
        return features;
    }

    @Override
    public CachePaging paging(Serving serving) {
        return CachePaging.wholeSequences(pageTokens);
    }

    @Override
    public SortedSet<Long> cacheEdges(Serving serving) {
        return Collections.emptySortedSet();
    }

    @Override
    public void accountFixed(Ledger ledger, Serving serving) {
        long before = ledger.posted();
        WeightMemory.account(ledger, serving.rank(), serving.weights());
        ledger.enter("loading");
        TorchAllocator.account(ledger, serving.rank(), serving.weights());
        serving.rank()
                .model()
                .rotaryTable()
                .ifPresent(table ->
                        ledger.post(ROTARY_TABLE, "rotary positions", table.positions(), table.width(), Float.BYTES));
        PackedExperts.accountPadding(ledger, serving, expertAlignment);
        loadedBands.account(ledger, serving, ledger.posted() - before);
        ledger.leave();
        activation.account(
                ledger,
                serving.rank(),
                serving.batchedTokens(),
                PROFILED_SEQUENCES,
                PackedExperts.keepWorkspace(serving));
        ledger.enter("runtime");
        EngineConstant runtime =
                runtimeByRanks.get(rankClass(serving.rank().layout().expertRanks()));
        ledger.post(
                runtime.line("runtime.outside_torch", "bytes", Certainty.MEASURED),
                "device context, communication, kernels and graphs",
                runtime.whole());
        ledger.leave();
    }

    private static int rankClass(int ranks) {
        return ranks >= 8 ? 3 : ranks >= 3 ? 2 : ranks - 1;
    }

    @Override
    public String toString() {
        return name() + " " + version;
    }
}
