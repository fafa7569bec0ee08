package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.PackedLayout;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How vLLM lays out its cache: the tokens of a page, which layers share a pool, and what it prints of it. */
final class VllmCache {
    /** vLLM v1/attention/backends/mla/indexer.py, flashmla_sparse.py: 132 B a key, 656 B a latent in fp8_ds_mla. */
    private static final CachePaging.Rows ROWS = new CachePaging.Rows(false, false, false, 0, true, 1);

    private final EngineVersion version;
    private final VllmRunner runner;
    private final long pageTokens;
    private final long latentPageTokens;
    private final long latentPageTokensOnBlackwell;
    private final long latentPageTokensElsewhere;
    private final long latentPageTokensBesideStates;
    private final long statePages;
    private final boolean latentIsCached;
    private final boolean windowsSave;
    private final boolean unlikeLayersPooled;
    private final boolean tokensByConcurrency;
    private final PackedLayout packed;

    VllmCache(EngineFacts facts, EngineVersion version, VllmRunner runner) {
        this.version = version;
        this.runner = runner;
        this.pageTokens = facts.constant("page_tokens", version).whole();
        this.latentPageTokens = facts.constant("page_tokens_latent", version).whole();
        this.latentPageTokensOnBlackwell =
                facts.constant("page_tokens_latent_blackwell", version).whole();
        this.latentPageTokensElsewhere =
                facts.constant("page_tokens_latent_elsewhere", version).whole();
        this.latentPageTokensBesideStates =
                facts.constant("page_tokens_latent_beside_states", version).whole();
        this.statePages = facts.constant("state_pages", version).whole();
        this.latentIsCached = facts.constant("latent_cached", version).whole() == 1;
        this.windowsSave = facts.constant("windows_save", version).whole() == 1;
        this.unlikeLayersPooled =
                facts.constant("unlike_layers_pooled", version).whole() == 1;
        this.tokensByConcurrency =
                facts.constant("tokens_by_concurrency", version).whole() == 1;
        this.packed = new PackedLayout(
                facts.constant("packed_page_tokens", version).whole(),
                facts.constant("packed_page_tokens_window", version).whole(),
                facts.constant("packed_page_tokens_overlapping", version).whole(),
                facts.constant("packed_page_tokens_pending", version).whole(),
                facts.constant("packed_page_alignment", version).whole(),
                facts.constant("packed_row_rotary", version).whole(),
                facts.constant("packed_row_scaled", version).whole());
    }

    CachePaging paging(Serving serving) {
        return pool(serving).map(PagePool::paging).orElseGet(() -> apart(serving));
    }

    /** Pages of layers that are in no pool. */
    private CachePaging apart(Serving serving) {
        CachePaging pages = pages(serving, latentPageTokens(serving));
        return windowsSave && (unlikeLayersPooled || !hasUnlikeLimits(serving.rank())) ? pages : pages.keepingWhole();
    }

    private CachePaging pages(Serving serving, long latentTokens) {
        Rank rank = serving.rank();
        boolean latent = LatentLayers.first(rank).isPresent();
        checkArgument(
                latentIsCached || !latent,
                "vLLM %s caches the heads of latent attention and not the latent, which is not counted here; take 0.7 or later",
                version);
        long drafted = serving.speculativeTokens();
        boolean severalModules =
                rank.model().speculativeHead().map(SpeculativeHead::depth).orElse(0) > 1;
        long inFlight = Math.multiplyExact(serving.batchedTokens(), runner.stepsInFlight(rank));
        return new CachePaging(
                        latent ? latentTokens : pageTokens,
                        severalModules && drafted > 0 ? inFlight + drafted - 1 : inFlight,
                        1,
                        (int) (1 - drafted),
                        ROWS)
                .spreadOver(rank.layout().context());
    }

    /** vLLM platforms/cuda.py: the back end of the device says, and sparse attention has one for all. */
    private long latentPageTokens(Serving serving) {
        Optional<Accelerator> device = serving.device();
        if (device.isEmpty() || isSparse(serving.rank())) {
            return latentPageTokens;
        }
        return latentPageTokens(device.orElseThrow());
    }

    /** Of layers that are not sparse. */
    long latentPageTokens(Accelerator known) {
        boolean stacked = known.memory().kind().startsWith("HBM");
        if (known.architecture().startsWith("Blackwell") && stacked) {
            return latentPageTokensOnBlackwell;
        }
        boolean otherKernels = known.vendor().equals("NVIDIA") || known.vendor().equals("AMD");
        return otherKernels && !known.architecture().equals("Hopper") ? latentPageTokensElsewhere : latentPageTokens;
    }

    private static boolean isSparse(Rank rank) {
        for (LayerGroup group : rank.model().layers().groups()) {
            if (group.attention() instanceof IndexedAttention) {
                return true;
            }
        }
        return false;
    }

    /** Whether rows are kept in fp8_ds_mla where the cache has FP8. */
    static boolean isSparse(Model model) {
        return model.layers().indexesLatents() || isCompressed(model);
    }

    private static boolean isCompressed(Model model) {
        for (LayerGroup group : model.layers().groups()) {
            if (group.attention() instanceof CompressedAttention) {
                return true;
            }
        }
        return false;
    }

    Optional<PagePool> pool(Serving serving) {
        if (!unlikeLayersPooled) {
            return Optional.empty();
        }
        CachePaging pages = pages(serving, latentPageTokensBesideStates);
        Optional<PagePool> slabs = PagePool.packed(serving.rank(), pages, packed);
        return slabs.isPresent()
                ? slabs
                : PagePool.of(serving.rank(), serving.cache(), pages, statePages + serving.speculativeTokens());
    }

    /** Whether some layers keep whole sequences and others do not, or windows differ. */
    private static boolean hasUnlikeLimits(Rank rank) {
        CacheRow.Limit first = null;
        for (LayerGroup group : rank.model().layers().groups()) {
            for (CacheRow row : group.attention().cacheRows(1)) {
                if (first != null && !first.equals(row.limit())) {
                    return true;
                }
                first = row.limit();
            }
        }
        return false;
    }

    /**
     * Of unlike layers up to 0.20 the pages of one group, since then what full concurrency holds of the longest sequences
     * (vLLM v1/core/kv_cache_utils.py).
     */
    OptionalLong printedTokens(Serving serving, long poolBytes, long contextTokens) {
        Optional<PagePool> pooled = pool(serving);
        if (pooled.isEmpty()) {
            return OptionalLong.empty();
        }
        PagePool pool = pooled.orElseThrow();
        long pages = pool.pagesIn(poolBytes);
        if (pages == Long.MAX_VALUE) {
            return OptionalLong.of(pages);
        }
        return OptionalLong.of(
                tokensByConcurrency
                        ? Ratio.of(contextTokens, pool.pagesOf(contextTokens)).floorOf(pages)
                        : pages / pool.groups() * pool.fewestPageTokens());
    }

    List<Assumption> assumptions(Serving serving) {
        ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();
        Rank rank = serving.rank();
        if (rank.model().layers().keepsWindows() && !(windowsSave && (unlikeLayersPooled || !hasUnlikeLimits(rank)))) {
            assumptions.add(new Assumption(
                    "kv_cache", "vLLM " + version + " keeps whole sequences in layers with a window too"));
        }
        boolean asked = serving.cache().equals(CacheFormats.FP8_DS_MLA);
        if (!asked && isCompressed(rank.model()) && unlikeLayersPooled) {
            assumptions.add(new Assumption(
                    "kv_cache",
                    "rows of compressed attention are kept in vLLM's fp8_ds_mla, whatever format is asked for; the plain rows"
                            + " of some kernels on Blackwell are not counted"));
        }
        return assumptions.build();
    }
}
