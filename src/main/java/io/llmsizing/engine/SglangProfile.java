package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.activation.ActivationMemory;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/**
 * SGLang: weights and pools fit into a static share of what is free before the load, behind the device context and the
 * communicators; activations, graphs and the request table go into the rest, which is not checked when the server starts.
 */
final class SglangProfile implements EngineProfile {
    private static final MemoryLine ROTARY_TABLE = MemoryLine.exact(
            "loading.rotary_table",
            "positions * rotary_width * element_bytes",
            "SGLang srt/layers/rotary_embedding: FP32 on CUDA; Llama-3.1-8B then loads 15.02 GiB, as logs say");
    private static final MemoryLine REQUEST_TABLE = MemoryLine.exact(
            "outside.request_table",
            "requests * positions * index_bytes",
            "SGLang srt/mem_cache/memory_pool.py ReqToTokenPool; start log: 1.1 GiB beside the pool of Llama-3.1-8B");
    private static final LatentCopies LATENT_COPIES =
            new LatentCopies("SGLang srt/models/deepseek_v2.py keeps w_kc and w_vc for decoding");

    /** SGLang srt/server_args.py --kv-cache-dtype; auto follows the model's type, so that FP32 is one. */
    private static final Set<CacheFormat> CACHE_FORMATS = ImmutableSet.of(
            CacheFormats.BF16,
            CacheFormats.FP16,
            CacheFormats.FP32,
            CacheFormats.FP8_E4M3,
            CacheFormats.FP8_E5M2,
            CacheFormats.FP4_E2M1);

    private static final Set<CacheFormat> CACHE_FORMATS_OF_SOME = ImmutableSet.of(CacheFormats.FP4_E2M1);
    private static final EngineDevices DEVICES = EngineDevices.of("sglang");

    private final EngineVersion version;
    private final List<Assumption> assumptions;
    private final Set<EngineFeature> features;
    private final Ratio memoryFraction;
    private final long maxSequences;
    private final long uncutTokens;
    private final long pageTokens;
    private final long indexedPageTokens;
    private final long compressedPageTokens;
    private final SglangDefaults defaults;
    private final SglangReserve reserve;
    private final SglangPools pools;
    private final ActivationMemory activation;
    private final EngineConstant context;
    private final ImmutableList<EngineConstant> communicators;
    private final EngineConstant graphs;
    private final EngineConstant packedResidue;
    private final LoadedBands loadedBands;

    SglangProfile(EngineFacts facts, EngineVersion version) {
        this(facts, version, facts.takenFor("SGLang", version));
    }

    SglangProfile(EngineFacts facts, EngineVersion version, List<Assumption> aboutVersion) {
        this.version = version;
        this.assumptions = aboutVersion;
        this.features = facts.features(version);
        this.memoryFraction = facts.constant("memory_fraction", version).value();
        this.maxSequences = facts.constant("max_sequences", version).whole();
        this.uncutTokens = facts.constant("max_prefill_tokens", version).whole();
        this.pageTokens = facts.constant("page_tokens", version).whole();
        this.indexedPageTokens = facts.constant("page_tokens_indexed", version).whole();
        this.compressedPageTokens =
                facts.constant("page_tokens_compressed", version).whole();
        this.defaults = new SglangDefaults(facts, version);
        this.reserve = new SglangReserve(facts, version, defaults);
        this.pools = new SglangPools(facts, version);
        EngineConstant logit = facts.constant("bytes_per_logit", version);
        this.activation = new ActivationMemory(logit.value(), logit.band(), 0, logit.band(), logit.source());
        this.context = facts.constant("device_context", version);
        this.communicators = ImmutableList.of(
                facts.constant("communicators_tp1", version),
                facts.constant("communicators_tp2", version),
                facts.constant("communicators_tp4", version),
                facts.constant("communicators_tp8", version));
        this.graphs = facts.constant("graphs_base", version);
        this.packedResidue = facts.constant("packed_experts_residue", version);
        this.loadedBands = facts.loadedBands(version);
    }

    @Override
    public String name() {
        return "sglang";
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
        return serving.rank().layout().data() == 1
                ? List.of()
                : List.of(
                        new Assumption(
                                "SGLang layout",
                                "data parallel is attention over data (--enable-dp-attention): its --tp is tensor x data here"));
    }

    /** What serves where the device is not known. */
    @Override
    public Ratio defaultMemoryFraction() {
        return memoryFraction;
    }

    @Override
    public Ratio defaultMemoryFraction(Serving serving) {
        return serving.device().map(device -> reserve.share(serving, device)).orElse(memoryFraction);
    }

    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(fraction.floorOf(usable.bytes()));
    }

    /** What stands on the device before the load, and the share of the rest. */
    @Override
    public ByteSize budget(Serving serving, ByteSize usable, Ratio fraction, long fixed) {
        long before =
                Math.min(usable.bytes(), context.whole() + communicator(serving).whole());
        return ByteSize.ofBytes(before + fraction.floorOf(usable.bytes() - before));
    }

    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return defaults.chunk(accelerator);
    }

    @Override
    public OptionalLong uncutTokens() {
        return OptionalLong.of(uncutTokens);
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return maxSequences;
    }

    @Override
    public long vocabularyMultiple() {
        return 64;
    }

    /** SGLang srt/configs/model_config.py: a checkpoint in FP32 is served in 16 bits unless that is asked for. */
    @Override
    public WeightScheme held(WeightScheme stored) {
        return stored.equals(WeightSchemes.FP32) ? WeightSchemes.BF16 : stored;
    }

    /** SGLang srt/server_args.py: expert parallelism says how experts are laid out, of which a dense model has none. */
    @Override
    public boolean ignoresExpertParallelOfDense() {
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

    @Override
    public Set<CacheFormat> cacheFormatsOfSomeVersions() {
        return CACHE_FORMATS_OF_SOME;
    }

    @Override
    public Set<EngineFeature> features() {
        return features;
    }

    @Override
    public CachePaging paging(Serving serving) {
        long page = pageTokens;
        for (LayerGroup group : serving.rank().model().layers().groups()) {
            Attention attention = group.attention();
            if (attention.parts().stream().anyMatch(CompressedAttention.class::isInstance)) {
                page = Math.max(page, compressedPageTokens);
            } else if (attention instanceof IndexedAttention
                    && LatentLayers.first(serving.rank()).isPresent()) {
                page = Math.max(page, indexedPageTokens);
            }
        }
        return CachePaging.wholeSequences(page);
    }

    @Override
    public SortedSet<Long> cacheEdges(Serving serving) {
        return Collections.emptySortedSet();
    }

    @Override
    public long leastPages(Serving serving) {
        return pools.leastPages(serving, paging(serving));
    }

    @Override
    public SortedSet<Long> cacheStrides(Serving serving) {
        return KvCacheMemory.stridePages(serving.rank(), paging(serving));
    }

    @Override
    public void accountCache(Ledger ledger, Serving serving, HeldSequences held) {
        pools.account(ledger, serving, paging(serving), held);
    }

    @Override
    public void accountFixed(Ledger ledger, Serving serving) {
        Rank rank = serving.rank();
        long before = ledger.posted();
        WeightMemory.account(ledger, rank, serving.weights());
        ledger.enter("loading");
        TorchSegments.account(ledger, rank, serving.weights());
        rank.model()
                .rotaryTable()
                .ifPresent(table ->
                        ledger.post(ROTARY_TABLE, "rotary positions", table.positions(), table.width(), Float.BYTES));
        LATENT_COPIES.account(ledger, rank);
        PackedExperts.accountResidue(ledger, serving, packedResidue);
        loadedBands.account(ledger, serving, ledger.posted() - before);
        ledger.leave();
        ledger.enter("runtime");
        ledger.post(context.line("runtime.context", "bytes", Certainty.MEASURED), "device context", context.whole());
        EngineConstant communicator = communicator(serving);
        if (communicator.whole() > 0) {
            ledger.post(
                    communicator.line("runtime.communicators", "bytes", Certainty.MEASURED),
                    "communicators made at the start",
                    communicator.whole());
        }
        ledger.leave();
    }

    private EngineConstant communicator(Serving serving) {
        ParallelLayout layout = serving.rank().layout();
        int ranks = layout.expertRanks();
        return communicators.get(ranks >= 8 ? 3 : ranks >= 3 ? 2 : ranks - 1);
    }

    @Override
    public void accountOutside(Ledger ledger, Serving serving) {
        ParallelLayout layout = serving.rank().layout();
        long batch = serving.device()
                .map(device -> defaults.graphBatch(device, layout.expertRanks()))
                .orElse(serving.maxSequences());
        long captured = Math.min(batch, serving.maxSequences());
        ledger.enter("outside");
        ledger.post(
                REQUEST_TABLE,
                "tokens of each request",
                Math.addExact(serving.maxSequences(), 1),
                serving.rank().model().contextTokens(),
                Integer.BYTES);
        activation.account(
                ledger, serving.rank(), serving.batchedTokens(), captured, PackedExperts.keepWorkspace(serving));
        if (!serving.eager()) {
            ledger.enter("graphs");
            ledger.post(
                    graphs.line("graphs.captured", "bytes", Certainty.ESTIMATED),
                    "CUDA graphs",
                    Math.addExact(
                            graphs.whole(), Math.multiplyExact(1L << 20, reserve.graphMebibytes(serving, captured))));
            ledger.leave();
        }
        ledger.leave();
    }

    @Override
    public String toString() {
        return name() + " " + version;
    }
}
