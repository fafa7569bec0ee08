package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.activation.ActivationMemory;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/**
 * vLLM: a fraction of the device's whole memory must hold the loaded weights, the activation peak of a full step, what
 * communication and kernels allocate, from 0.21 on the CUDA graphs, and the cache in pages.
 */
final class VllmProfile implements EngineProfile {
    /** vLLM config/cache.py: CacheDType, as far as formats have a name here. */
    private static final Set<CacheFormat> CACHE_FORMATS = ImmutableSet.of(
            CacheFormats.BF16,
            CacheFormats.FP16,
            CacheFormats.FP8_E4M3,
            CacheFormats.FP8_PER_TOKEN_HEAD,
            CacheFormats.INT8_PER_TOKEN_HEAD,
            CacheFormats.NVFP4);

    /** vLLM v1/attention/backends/mla/indexer.py, flashmla_sparse.py: 132 B a key, 656 B a latent in fp8_ds_mla. */
    private static final CachePaging.Rows ROWS = new CachePaging.Rows(false, false, false, 0, true);

    private final EngineVersion version;
    private final List<Assumption> assumptions;
    private final Ratio memoryFraction;
    private final MemoryLine context;
    private final long contextBytes;
    private final long pageTokens;
    private final long latentPageTokens;
    private final long latentPageTokensBesideStates;
    private final long statePages;
    private final long uncutContext;
    private final boolean latentIsCached;
    private final boolean tokensByConcurrency;
    private final boolean stepsOverlap;
    private final boolean graphsInBudget;
    private final long graphBase;
    private final long graphPerLayer;
    private final MemoryLine graphs;
    private final ImmutableList<MemoryLine> runtimeByTensorRanks;
    private final ImmutableList<Long> runtimeBytes;
    private final ActivationMemory activation;
    private final MemoryLine allToAll;
    private final long allToAllBytes;
    private final MemoryLine latentWorkspace;
    private final long latentWorkspaceTokens;
    private final VllmLoading loading;
    private final SchedulerDefaults scheduler;

    VllmProfile(EngineFacts facts, EngineVersion version) {
        this(facts, version, facts.takenFor("vLLM", version));
    }

    VllmProfile(EngineFacts facts, EngineVersion version, List<Assumption> assumptions) {
        this.version = version;
        this.memoryFraction = facts.constant("memory_fraction", version).value();
        EngineConstant context = facts.constant("device_context", version);
        this.context = context.line("outside.context", "bytes", Certainty.MEASURED);
        this.contextBytes = context.whole();
        this.pageTokens = facts.constant("page_tokens", version).whole();
        this.latentPageTokens = facts.constant("page_tokens_latent", version).whole();
        this.latentPageTokensBesideStates =
                facts.constant("page_tokens_latent_beside_states", version).whole();
        this.uncutContext = facts.constant("uncut_context", version).whole();
        this.assumptions = uncutContext == 0
                ? assumptions
                : ImmutableList.<Assumption>builder()
                        .addAll(assumptions)
                        .add(new Assumption(
                                "engine step",
                                "vLLM " + version + " profiles the longest prompt whole up to " + uncutContext
                                        + " tokens and cuts longer ones: the step is that of the context asked for, and the"
                                        + " longest context is found with it"))
                        .build();
        this.latentIsCached = facts.constant("latent_cached", version).whole() == 1;
        this.statePages = facts.constant("state_pages", version).whole();
        this.tokensByConcurrency =
                facts.constant("tokens_by_concurrency", version).whole() == 1;
        this.stepsOverlap = facts.constant("steps_overlap", version).whole() == 1;
        this.graphsInBudget = facts.constant("graphs_in_budget", version).whole() == 1;
        EngineConstant perLayer = facts.constant("graphs_per_layer", version);
        this.graphBase = facts.constant("graphs_base", version).whole();
        this.graphPerLayer = perLayer.whole();
        this.graphs = perLayer.line("graphs.captured", "bytes", Certainty.ESTIMATED);
        ImmutableList.Builder<MemoryLine> runtimeLines = ImmutableList.builder();
        ImmutableList.Builder<Long> runtimeSizes = ImmutableList.builder();
        for (String size : List.of("runtime_tp1", "runtime_tp2", "runtime_tp4", "runtime_tp8")) {
            EngineConstant runtime = facts.constant(size, version);
            runtimeLines.add(runtime.line("runtime.growth", "bytes", Certainty.MEASURED));
            runtimeSizes.add(runtime.whole());
        }
        this.runtimeByTensorRanks = runtimeLines.build();
        this.runtimeBytes = runtimeSizes.build();
        EngineConstant logit = facts.constant("sampler_bytes_per_logit", version);
        EngineConstant stage = facts.constant("stage_buffers", version);
        this.activation =
                new ActivationMemory(logit.value(), logit.band(), stage.whole(), stage.band(), logit.source());
        EngineConstant exchange = facts.constant("expert_all_to_all", version);
        this.allToAll = exchange.line("runtime.expert_all_to_all", "bytes", Certainty.ESTIMATED);
        this.allToAllBytes = exchange.whole();
        EngineConstant workspace = facts.constant("latent_workspace_tokens", version);
        this.latentWorkspace = workspace.line(
                "runtime.latent_workspace", "tokens * latent_width * element_bytes", Certainty.ESTIMATED);
        this.latentWorkspaceTokens = workspace.whole();
        this.loading = new VllmLoading(facts, version);
        this.scheduler = new SchedulerDefaults(facts, version);
    }

    @Override
    public String name() {
        return "vllm";
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

    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(fraction.ceilOf(usable.bytes()));
    }

    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return scheduler.batchedTokens(accelerator);
    }

    /** Up to 0.7 prompts are cut only beside contexts that are long; otherwise a step takes the longest of them whole. */
    @Override
    public long defaultBatchedTokens(Accelerator accelerator, long contextTokens) {
        long cut = scheduler.batchedTokens(accelerator);
        return contextTokens > uncutContext ? cut : Math.max(cut, contextTokens);
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return scheduler.maxSequences(accelerator);
    }

    @Override
    public long vocabularyMultiple() {
        return 64;
    }

    /** vLLM config/model.py: a checkpoint in FP32 is served in 16 bits unless that is asked for. */
    @Override
    public WeightScheme held(WeightScheme stored) {
        return stored.equals(WeightSchemes.FP32) ? WeightSchemes.BF16 : stored;
    }

    @Override
    public boolean knows(CacheFormat format) {
        return CACHE_FORMATS.contains(format);
    }

    @Override
    public CachePaging paging(Serving serving) {
        return pool(serving).map(PagePool::paging).orElseGet(() -> plainPaging(serving, latentPageTokens));
    }

    private CachePaging plainPaging(Serving serving, long latentTokens) {
        boolean latent = LatentLayers.first(serving.rank()).isPresent();
        checkArgument(
                latentIsCached || !latent,
                "vLLM %s caches the heads of latent attention and not the latent, which is not counted here; take 0.7 or later",
                version);
        int stages = serving.rank().layout().pipeline();
        long stepsInFlight = stepsOverlap ? stages + 1 : stages;
        return new CachePaging(
                latent ? latentTokens : pageTokens,
                Math.multiplyExact(serving.batchedTokens(), stepsInFlight),
                1,
                1,
                ROWS);
    }

    private Optional<PagePool> pool(Serving serving) {
        return PagePool.of(
                serving.rank(), serving.cache(), plainPaging(serving, latentPageTokensBesideStates), statePages);
    }

    @Override
    public void accountCache(Ledger ledger, Serving serving, long sequences, long tokens) {
        Optional<PagePool> pool = pool(serving);
        if (pool.isPresent()) {
            pool.get().account(ledger, sequences, tokens);
        } else {
            EngineProfile.super.accountCache(ledger, serving, sequences, tokens);
        }
    }

    @Override
    public SortedSet<Long> cacheEdges(Serving serving) {
        return pool(serving).map(PagePool::windowPages).orElseGet(() -> EngineProfile.super.cacheEdges(serving));
    }

    @Override
    public SortedSet<Long> cacheStrides(Serving serving) {
        return pool(serving).map(PagePool::stridePages).orElseGet(() -> EngineProfile.super.cacheStrides(serving));
    }

    /**
     * Of unlike layers up to 0.20 the pages of one group, since then what full concurrency holds of the longest sequences
     * (vLLM v1/core/kv_cache_utils.py).
     */
    @Override
    public OptionalLong printedTokens(Serving serving, long poolBytes, long contextTokens) {
        Optional<PagePool> pool = pool(serving);
        if (pool.isEmpty()) {
            return OptionalLong.empty();
        }
        long pages = pool.get().pagesIn(poolBytes);
        if (pages == Long.MAX_VALUE) {
            return OptionalLong.of(pages);
        }
        return OptionalLong.of(
                tokensByConcurrency
                        ? Ratio.of(contextTokens, pool.get().pagesOf(contextTokens))
                                .floorOf(pages)
                        : pages / pool.get().groups() * pool.get().fewestPageTokens());
    }

    @Override
    public void accountFixed(Ledger ledger, Serving serving) {
        WeightMemory.account(ledger, serving.rank(), serving.weights());
        loading.account(ledger, serving);
        activation.account(
                ledger,
                serving.rank(),
                serving.batchedTokens(),
                serving.maxSequences(),
                PackedExperts.keepWorkspace(serving));
        ledger.enter("runtime");
        ParallelLayout layout = serving.rank().layout();
        int size = runtimeIndex(layout.tensor() * layout.data());
        ledger.post(runtimeByTensorRanks.get(size), "communication and kernels", runtimeBytes.get(size));
        if (layout.expert() && layout.data() > 1) {
            ledger.post(allToAll, "exchange of tokens between experts", allToAllBytes);
        }
        LatentLayers.first(serving.rank())
                .ifPresent(latent -> ledger.post(
                        latentWorkspace,
                        "prefill workspace of latent attention",
                        latentWorkspaceTokens,
                        latent.latentRank() + latent.rotaryWidth(),
                        2));
        ledger.leave();
        if (graphsInBudget) {
            accountGraphs(ledger, serving);
        }
    }

    private void accountGraphs(Ledger ledger, Serving serving) {
        if (serving.eager()) {
            return;
        }
        ledger.enter("graphs");
        ledger.post(
                graphs,
                "CUDA graphs",
                graphBase + graphPerLayer * serving.rank().layers());
        ledger.leave();
    }

    @Override
    public void accountOutside(Ledger ledger, Serving serving) {
        ledger.enter("outside");
        ledger.post(context, "device context", contextBytes);
        if (!graphsInBudget) {
            accountGraphs(ledger, serving);
        }
        ledger.leave();
    }

    private static int runtimeIndex(int ranks) {
        return ranks >= 8 ? 3 : ranks >= 3 ? 2 : ranks - 1;
    }

    @Override
    public String toString() {
        return name() + " " + version;
    }
}
