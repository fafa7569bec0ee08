package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One pool of equal pages for layers that cache unlike amounts: whole sequences, windows, states. Every page has the bytes of
 * the widest layer's; a narrower layer keeps more tokens in a page, or leaves a part of it empty, and a state takes a page
 * whatever its size. Layers of one kind are dealt into groups of equal size, the last of them filled up with layers that
 * are not there; a page of the pool holds one of each layer of a group. Groups are made of the layers of all pipeline stages;
 * a rank has its own share of each, spread evenly.
 *
 * <p>Worked values (vLLM): gemma-3-27b has 52 layers of a window and 10 without; groups of 10 make 6 + 1 groups, a page of the pool
 * takes 10 x 131,072 B. Qwen3.5-35B on one device keeps 2,048 B a token and a layer and states of 2,146,304 B: pages of
 * 1,056 tokens, 2,162,688 B.
 */
public final class PagePool {
    /** Bytes of the pages that layers of one kind take. */
    public static final MemoryLine PAGES = MemoryLine.exact(
            "kv_cache.pages",
            "groups * layers * page_bytes * sequences * pages",
            "vLLM v1/core/kv_cache_utils.py: one pool of equal pages for groups of equally many layers");

    private final CachePaging paging;
    private final long pageBytes;
    private final long groupLayers;
    private final long statePages;
    private final ImmutableList<Kind> kinds;

    /**
     * Layers that cache alike.
     *
     * @param label for people
     * @param limit what bounds the tokens kept; nothing for a state
     * @param bytes of a token, or of a state
     */
    private record Content(String label, Optional<CacheRow.Limit> limit, long bytes) {
        boolean isState() {
            return limit.isEmpty();
        }

        boolean isWindow() {
            return limit.isPresent() && limit.get() instanceof CacheRow.Window;
        }
    }

    /** How many layers all stages have together, and how many this rank has. */
    private record Layers(long all, long here) {
        Layers plus(Layers other) {
            return new Layers(all + other.all, here + other.here);
        }
    }

    private record Kind(Content content, long groups, long pageTokens) {}

    private PagePool(CachePaging paging, long pageBytes, long groupLayers, long statePages, List<Kind> kinds) {
        this.paging = paging;
        this.pageBytes = pageBytes;
        this.groupLayers = groupLayers;
        this.statePages = statePages;
        this.kinds = ImmutableList.copyOf(kinds);
    }

    /**
     * The pool of a rank.
     *
     * @param rank what it holds
     * @param format how vectors are stored
     * @param paging pages of tokens before they are made equal, and what windows keep beyond their own
     * @param statePages pages that a state takes, 1 or more
     * @return the pool; nothing where all layers cache alike, and where rows are shared by tokens or belong to an encoder
     */
    public static Optional<PagePool> of(Rank rank, CacheFormat format, CachePaging paging, long statePages) {
        checkArgument(statePages >= 1, "%s pages for a state; 1 or more", statePages);
        Map<Content, Layers> layers = new LinkedHashMap<>();
        for (int group = 0; group < rank.model().layers().groups().size(); group++) {
            LayerGroup like = rank.model().layers().groups().get(group);
            Layers count = new Layers(like.count(), rank.layersOfGroup(group));
            if (!add(layers, like.attention(), count, rank, format, paging)) {
                return Optional.empty();
            }
        }
        if (rank.speculates()) {
            SpeculativeHead head = rank.model().speculativeHead().orElseThrow();
            Layers count = new Layers(head.depth(), rank.speculativeBlocks());
            if (!add(layers, head.layer().attention(), count, rank, format, paging)) {
                return Optional.empty();
            }
        }
        return areAlike(layers) ? Optional.empty() : Optional.of(pooled(layers, paging, statePages));
    }

    private static boolean areAlike(Map<Content, Layers> layers) {
        Iterator<Content> contents = layers.keySet().iterator();
        if (!contents.hasNext()) {
            return true;
        }
        Optional<CacheRow.Limit> first = contents.next().limit();
        while (contents.hasNext()) {
            if (!contents.next().limit().equals(first)) {
                return false;
            }
        }
        return true;
    }

    private static boolean add(
            Map<Content, Layers> layers,
            Attention attention,
            Layers count,
            Rank rank,
            CacheFormat format,
            CachePaging paging) {
        long ranks = rank.layout().tensor();
        Map<CacheRow.Limit, Long> bytes = new LinkedHashMap<>();
        for (CacheRow row : attention.cacheRows(ranks)) {
            if (row.stride() > 1 || row.limit() instanceof CacheRow.Source) {
                return false;
            }
            bytes.merge(row.limit(), Math.multiplyExact(row.heads(), row.headBytes(format)), Math::addExact);
        }
        bytes.forEach((limit, token) ->
                layers.merge(new Content(attention.label(), Optional.of(limit), token), count, Layers::plus));
        long state = 0;
        for (RecurrentState one : attention.states()) {
            long columns = paging.columnsOf(one);
            state = Math.addExact(state, Math.multiplyExact(one.channelsOnRank(ranks), columns * one.elementBytes()));
        }
        if (state > 0) {
            layers.merge(new Content(attention.label(), Optional.empty(), state), count, Layers::plus);
        }
        return true;
    }

    private static PagePool pooled(Map<Content, Layers> layers, CachePaging paging, long statePages) {
        long token = widest(layers, false);
        long state = widest(layers, true);
        long smallest = paging.pageTokens();
        long tokens = state == 0 ? smallest : smallest * Exact.ceilDiv(state, Math.multiplyExact(smallest, token));
        long pageBytes = Math.multiplyExact(tokens, token);
        long fewest = Long.MAX_VALUE;
        long most = 0;
        for (Layers like : layers.values()) {
            fewest = Math.min(fewest, like.all());
            most = Math.max(most, like.all());
        }
        long groupLayers = 2 * most < 3 * fewest ? most : fewest;
        List<Kind> kinds = new ArrayList<>();
        long layersHere = 0;
        for (Map.Entry<Content, Layers> like : layers.entrySet()) {
            Content content = like.getKey();
            long groups = Exact.ceilDiv(like.getValue().all(), groupLayers);
            layersHere = Math.max(layersHere, Exact.ceilDiv(like.getValue().here(), groups));
            boolean holdsMore = !content.isState() && token % content.bytes() == 0;
            kinds.add(new Kind(content, groups, holdsMore ? tokens * (token / content.bytes()) : tokens));
        }
        long common = 0;
        long longest = 0;
        for (Kind kind : kinds) {
            common = Math.max(common, kind.content().isWindow() ? kind.pageTokens() : 0);
            longest = Math.max(longest, kind.pageTokens());
        }
        common = common == 0 ? tokens : common;
        boolean shared = longest > common;
        CachePaging.Rows rows = paging.rows();
        CachePaging equal = new CachePaging(
                common,
                paging.windowSlackTokens(),
                paging.windowSlackPages(),
                paging.sparedTaps(),
                new CachePaging.Rows(
                        rows.headsJoined(),
                        shared || rows.sharedPaged(),
                        rows.indexValues(),
                        rows.stateBytes(),
                        rows.scaledIndex()));
        return new PagePool(equal, pageBytes, layersHere, statePages, kinds);
    }

    private static long widest(Map<Content, Layers> layers, boolean states) {
        long widest = 0;
        for (Content content : layers.keySet()) {
            widest = Math.max(widest, content.isState() == states ? content.bytes() : 0);
        }
        return widest;
    }

    /**
     * The pages by which sequences are counted.
     *
     * @return as many tokens as a page of the layers with a window has, or of the widest; a kind whose pages hold fewer tokens
     *     is rounded up to these, one whose pages hold more takes one for several
     */
    public CachePaging paging() {
        return paging;
    }

    /**
     * Bytes of a page of one layer.
     *
     * @return the same for every layer
     */
    public long pageBytes() {
        return pageBytes;
    }

    /**
     * Layers of a group on this rank, those that are not there included.
     *
     * @return 1 or more, 0 on a stage without layers that cache
     */
    public long groupLayers() {
        return groupLayers;
    }

    /**
     * Groups of layers.
     *
     * @return 2 or more
     */
    public long groups() {
        return kinds.stream().mapToLong(Kind::groups).sum();
    }

    /**
     * The fewest tokens of a page.
     *
     * @return 1 or more
     */
    public long fewestPageTokens() {
        return kinds.stream()
                .filter(kind -> !kind.content().isState())
                .mapToLong(Kind::pageTokens)
                .min()
                .orElse(paging.pageTokens());
    }

    /**
     * Pages of the pool in some memory, each of one layer's page for every layer of a group.
     *
     * @param bytes 0 or more
     * @return whole pages
     */
    public long pagesIn(long bytes) {
        return groupLayers == 0 ? Long.MAX_VALUE : bytes / pageBytes / groupLayers;
    }

    /**
     * Pages of the pool that a sequence takes.
     *
     * @param tokens of it, 0 or more
     * @return the sum over all groups
     */
    public long pagesOf(long tokens) {
        long pages = paging.pages(tokens);
        long sum = 0;
        for (Kind kind : kinds) {
            sum = Math.addExact(sum, Math.multiplyExact(kind.groups(), pagesOf(kind, pages)));
        }
        return sum;
    }

    private long pagesOf(Kind kind, long pages) {
        if (kind.content().isState()) {
            return statePages;
        }
        long kept = kind.content().limit().orElseThrow() instanceof CacheRow.Window window
                ? Math.min(pages, paging.windowPages(window.tokens())) + paging.windowSlackPages()
                : pages;
        return kind.pageTokens() > paging.pageTokens()
                ? Exact.ceilDiv(kept, kind.pageTokens() / paging.pageTokens())
                : Math.multiplyExact(kept, Exact.ceilDiv(paging.pageTokens(), kind.pageTokens()));
    }

    /**
     * Posts the pages of a rank: section {@code kv_cache}.
     *
     * @param ledger where to
     * @param sequences held at once on this rank, 0 or more
     * @param tokens of each, 0 or more
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public void account(Ledger ledger, long sequences, long tokens) {
        ledger.enter("kv_cache");
        long pages = paging.pages(tokens);
        for (Kind kind : kinds) {
            ledger.post(
                    PAGES,
                    kind.content().label(),
                    kind.content().isState() ? "states" : "",
                    kind.groups(),
                    groupLayers,
                    pageBytes,
                    sequences,
                    pagesOf(kind, pages));
        }
        ledger.leave();
    }

    /**
     * The numbers of pages at which layers with a window stop growing.
     *
     * @return ascending
     */
    public SortedSet<Long> windowPages() {
        SortedSet<Long> edges = new TreeSet<>();
        for (Kind kind : kinds) {
            kind.content().limit().ifPresent(limit -> {
                if (limit instanceof CacheRow.Window window) {
                    edges.add(paging.windowPages(window.tokens()));
                }
            });
        }
        return edges;
    }

    /**
     * The numbers of pages that share one page of a kind that holds more tokens.
     *
     * @return ascending, each 2 or more
     */
    public SortedSet<Long> stridePages() {
        SortedSet<Long> strides = new TreeSet<>();
        for (Kind kind : kinds) {
            if (!kind.content().isState() && kind.pageTokens() > paging.pageTokens()) {
                strides.add(kind.pageTokens() / paging.pageTokens());
            }
        }
        return strides;
    }
}
