package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * The transformers library, generating in eager mode: no budget but the device. Prompts go through whole and all at once, so
 * that what a forward pass holds grows with every token, as the cache does; a step behind the prompt joins the cache of one
 * layer at a time to a new one, which is less.
 */
final class TransformersProfile implements EngineProfile {
    private static final Set<CacheFormat> CACHE_FORMATS =
            ImmutableSet.of(CacheFormats.BF16, CacheFormats.FP16, CacheFormats.FP32);

    private static final EngineDevices DEVICES = EngineDevices.of("transformers");

    private final EngineVersion version;
    private final List<Assumption> assumptions;
    private final EngineConstant context;
    private final TransformersForward forward;
    private final LoadedBands loadedBands;

    TransformersProfile(EngineFacts facts, EngineVersion version) {
        this(facts, version, facts.takenFor("transformers", version));
    }

    TransformersProfile(EngineFacts facts, EngineVersion version, List<Assumption> aboutVersion) {
        this.version = version;
        this.assumptions = ImmutableList.<Assumption>builder()
                .addAll(aboutVersion)
                .add(new Assumption("transformers prompts", "all sequences are prefilled at once and whole"))
                .build();
        this.context = facts.constant("device_context", version);
        this.loadedBands = facts.loadedBands(version);
        this.forward = new TransformersForward(facts, version);
    }

    @Override
    public String name() {
        return "transformers";
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
                ? List.of(new Assumption(
                        "transformers prompts",
                        "layers with a window keep whole prompts until the next step, and their mask of prompt x prompt"
                                + " bytes is not counted"))
                : List.of();
    }

    @Override
    public Ratio defaultMemoryFraction() {
        return Ratio.ONE;
    }

    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(fraction.floorOf(usable.bytes()));
    }

    /** Nothing is scheduled: a step is what it is given. */
    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return 1;
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return 1;
    }

    @Override
    public long vocabularyMultiple() {
        return 1;
    }

    /** Layers are spread with device_map="auto"; a forward pass goes through one device after the other. */
    @Override
    public boolean spreadsLayers() {
        return true;
    }

    @Override
    public Optional<String> violation(ParallelLayout layout) {
        return layout.expertRanks() > 1 || layout.expert()
                ? Optional.of("layout " + layout + ": transformers spreads whole layers over devices here; use pipeline"
                        + " stages, with tensor and data parallel 1 and no expert parallel")
                : Optional.empty();
    }

    /** It takes what it is given, in eager mode; its assisted generation drafts with another model. */
    @Override
    public Set<EngineSetting> settings() {
        return Set.of();
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
    public CachePaging paging(Serving serving) {
        return CachePaging.wholeSequences(1);
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
        loadedBands.account(ledger, serving, ledger.posted() - before);
        ledger.leave();
        ledger.enter("runtime");
        ledger.post(
                context.line("runtime.context", "bytes", Certainty.MEASURED),
                "device context and libraries",
                context.whole());
        ledger.leave();
    }

    @Override
    public void accountCache(Ledger ledger, Serving serving, HeldSequences held) {
        KvCacheMemory.account(ledger, serving.rank(), serving.cache(), paging(serving), held);
        forward.account(ledger, serving, held.count(), held.tokens());
    }

    @Override
    public String toString() {
        return name() + " " + version;
    }
}
