package io.llmsizing.kvcache;

import com.google.common.collect.ImmutableList;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import java.util.List;
import java.util.Optional;

/**
 * One pool of equal slabs for layers that cache unlike amounts: whole sequences, windows, states. Layers that are cut into pages
 * alike form groups, and a slab holds one page of each layer of a group, of whichever group it is given to. Groups are made of the
 * layers of all pipeline stages; a rank has its own share of each, spread evenly.
 *
 * <p>There are two ways to make slabs. {@linkplain #of Equal pages}: every page has the bytes of the widest layer's, and
 * groups have equally many layers. {@linkplain #packed Packed pages}: pages keep their own bytes and lie side by side, and a slab
 * is as long as the longest group.
 *
 * <p>Worked values (vLLM): gemma-3-27b has 52 layers of a window and 10 without; groups of 10 make 6 + 1 groups, a slab
 * takes 10 x 131,072 B. Qwen3.5-35B on one device keeps 2,048 B a token and a layer and states of 2,146,304 B: pages of
 * 1,056 tokens, 2,162,688 B. DeepSeek-V4-Flash takes slabs of 1,002,240 B.
 */
public final class PagePool {
    /** Bytes of the equal pages that layers of one kind take. */
    public static final MemoryLine PAGES = MemoryLine.exact(
            "kv_cache.pages",
            "groups * layers * page_bytes * sequences * pages",
            "vLLM v1/core/kv_cache_utils.py: one pool of equal pages for groups of equally many layers");

    /** Bytes of the slabs of packed pages that layers of one kind take. */
    public static final MemoryLine SLABS = MemoryLine.exact(
            "kv_cache.slabs",
            "groups * slab_bytes * sequences * pages",
            "vLLM v1/core/kv_cache_utils.py: pages side by side in a block as long as the longest group");

    private final CachePaging paging;
    private final long pageBytes;
    private final long groupLayers;
    private final boolean packed;
    private final ImmutableList<PageGroup> kinds;

    private PagePool(CachePaging paging, long pageBytes, long groupLayers, boolean packed, List<PageGroup> kinds) {
        this.paging = paging;
        this.pageBytes = pageBytes;
        this.groupLayers = groupLayers;
        this.packed = packed;
        this.kinds = ImmutableList.copyOf(kinds);
    }

    /** Slabs of equal pages, one for each layer of a group. */
    static PagePool equal(CachePaging paging, long pageBytes, long groupLayers, List<PageGroup> kinds) {
        return new PagePool(paging, pageBytes, groupLayers, false, kinds);
    }

    /** Slabs of pages of any bytes. */
    static PagePool slabs(CachePaging paging, long slabBytes, List<PageGroup> kinds) {
        return new PagePool(paging, slabBytes, slabBytes == 0 ? 0 : 1, true, kinds);
    }

    /**
     * The pool of equal pages of a rank.
     *
     * @param rank what it holds
     * @param format how vectors are stored
     * @param paging pages of tokens before they are made equal, and what windows keep beyond their own
     * @param statePages pages that a state takes, 1 or more
     * @return the pool; nothing where all layers cache alike, and where rows are shared by tokens or belong to an encoder
     */
    public static Optional<PagePool> of(Rank rank, CacheFormat format, CachePaging paging, long statePages) {
        return EqualPages.pool(rank, format, paging, statePages);
    }

    /**
     * The pool of packed pages of a rank.
     *
     * @param rank what it holds
     * @param paging what windows keep beyond their own
     * @param layout how many tokens a page of each kind has, and how rows are stored
     * @return the pool; nothing where not all layers that cache are compressed attention
     */
    public static Optional<PagePool> packed(Rank rank, CachePaging paging, PackedLayout layout) {
        return PackedPages.pool(rank, paging, layout);
    }

    /**
     * The pages by which sequences are counted.
     *
     * @return as many tokens as all pages hold a whole number of
     */
    public CachePaging paging() {
        return paging;
    }

    /**
     * Bytes of a page of one layer.
     *
     * @return the same for every layer; of packed pages the slab
     */
    public long pageBytes() {
        return pageBytes;
    }

    /**
     * Layers of a group on this rank, those that are not there included.
     *
     * @return 1 or more, 1 for packed pages, 0 on a stage without layers that cache
     */
    public long groupLayers() {
        return groupLayers;
    }

    /**
     * Bytes of a slab, which one page of every layer of a group takes.
     *
     * @return layers of a group x bytes of a page
     */
    public long slabBytes() {
        return Math.multiplyExact(groupLayers, pageBytes);
    }

    /**
     * Groups of layers.
     *
     * @return 1 or more
     */
    public long groups() {
        long sum = 0;
        for (PageGroup kind : kinds) {
            sum += kind.groups();
        }
        return sum;
    }

    /**
     * The fewest tokens of a page.
     *
     * @return 1 or more
     */
    public long fewestPageTokens() {
        long fewest = Long.MAX_VALUE;
        for (PageGroup kind : kinds) {
            fewest = kind.limitTokens() > 0 ? Math.min(fewest, kind.pageTokens()) : fewest;
        }
        return fewest;
    }

    /**
     * Slabs of the pool in some memory.
     *
     * @param bytes 0 or more
     * @return whole slabs
     */
    public long pagesIn(long bytes) {
        return groupLayers == 0 ? Long.MAX_VALUE : bytes / pageBytes / groupLayers;
    }

    /**
     * Slabs that a sequence takes.
     *
     * @param tokens of it, 0 or more
     * @return the sum over all groups
     */
    public long pagesOf(long tokens) {
        long units = paging.pages(tokens);
        long sum = 0;
        for (PageGroup kind : kinds) {
            sum = Math.addExact(sum, Math.multiplyExact(kind.groups(), kind.pagesOf(units, paging.pageTokens())));
        }
        return sum;
    }

    /**
     * Posts the pages of a rank: section {@code kv_cache}. Full pages of a shared prefix are held once by the layers that
     * keep every token.
     *
     * @param ledger where to
     * @param held sequences on this rank
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public void account(Ledger ledger, HeldSequences held) {
        ledger.enter("kv_cache");
        long units = paging.pages(held.tokens());
        for (PageGroup kind : kinds) {
            long each = kind.pagesOf(units, paging.pageTokens());
            long shared = kind.isWhole() ? held.sharedTokens() / kind.pageTokens() : 0;
            if (shared > 0) {
                ledger.post(
                        SharedPrefix.PAGES,
                        kind.label(),
                        kind.detail(),
                        kind.groups(),
                        groupLayers,
                        pageBytes,
                        shared,
                        1);
            }
            if (shared == 0 || each > shared) {
                post(ledger, kind, held.count(), each - shared);
            }
        }
        ledger.leave();
    }

    private void post(Ledger ledger, PageGroup kind, long sequences, long pages) {
        if (packed) {
            ledger.post(SLABS, kind.label(), kind.detail(), kind.groups(), pageBytes, sequences, pages, 1);
        } else {
            ledger.post(PAGES, kind.label(), kind.detail(), kind.groups(), groupLayers, pageBytes, sequences, pages);
        }
    }

    /**
     * Bytes that a sequence takes whatever its length.
     *
     * @return those of the states, and of the pages in which windows begin
     */
    public long fixedBytes() {
        long pages = 0;
        for (PageGroup kind : kinds) {
            pages = Math.addExact(pages, Math.multiplyExact(kind.groups(), kind.fixedPages()));
        }
        return Math.multiplyExact(pages, slabBytes());
    }

    /**
     * How a sequence grows beyond {@link #fixedBytes}, in the pages of {@link #paging}.
     *
     * @return a step for each kind of layers that grows
     */
    public List<PageStep> steps() {
        ImmutableList.Builder<PageStep> steps = ImmutableList.builder();
        for (PageGroup kind : kinds) {
            if (kind.limitTokens() > 0) {
                steps.add(new PageStep(
                        Math.multiplyExact(kind.groups(), slabBytes()),
                        kind.limitUnits(paging.pageTokens()),
                        kind.pageTokens() / paging.pageTokens()));
            }
        }
        return steps.build();
    }
}
