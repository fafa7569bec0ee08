package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.Exact;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Cache memory of one rank: for every layer key-value heads x bytes of a head x cached tokens. A latent stands on every
 * tensor rank; with fewer key-value heads than ranks each rank keeps one.
 */
public final class KvCacheMemory {
    /** Bytes that the layers of one kind cache. */
    public static final MemoryLine ROWS = MemoryLine.exact(
            "kv_cache.rows",
            "layers * heads * head_bytes * sequences * cached_tokens",
            "shape of the cached vectors; tokens rounded to the engine's pages");

    /** Bytes of the pages that a window keeps because it may start inside one. */
    public static final MemoryLine WINDOW_SLACK = MemoryLine.exact(
            "kv_cache.window_slack",
            "layers * heads * head_bytes * sequences * slack_tokens",
            "vLLM v1/kv_cache_interface.py: a window takes one page more than its tokens fill");

    /** Bytes of the states that layers keep of a sequence whatever its length. */
    public static final MemoryLine STATE = MemoryLine.exact(
            "kv_cache.state",
            "layers * channels * columns * element_bytes * sequences",
            "shape of the state; convolutions as the transformers library keeps them, one tap fewer in vLLM");

    private static final long SCALED_ELEMENTS = 128;

    private KvCacheMemory() {}

    /**
     * Posts the cache of one rank.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param format how vectors are stored
     * @param paging how tokens are rounded
     * @param sequences held at once on this rank, 0 or more
     * @param tokens of each, 0 or more
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public static void account(
            Ledger ledger, Rank rank, CacheFormat format, CachePaging paging, long sequences, long tokens) {
        account(ledger, rank, format, paging, HeldSequences.apart(sequences, tokens));
    }

    /**
     * Posts the cache of one rank, whole pages of a shared prefix once in the layers that keep every token.
     *
     * @param ledger where to
     * @param rank what it holds
     * @param format how vectors are stored
     * @param paging how tokens are rounded
     * @param held sequences on this rank
     * @throws ArithmeticException beyond 2^63 bytes
     */
    public static void account(Ledger ledger, Rank rank, CacheFormat format, CachePaging paging, HeldSequences held) {
        ledger.enter("kv_cache");
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            account(ledger, rank, rank.layersOfGroup(group), groups.get(group).attention(), format, paging, held);
        }
        int speculative = rank.speculativeBlocks();
        if (speculative > 0) {
            Attention attention =
                    rank.model().speculativeHead().orElseThrow().layer().attention();
            account(ledger, rank, speculative, attention, format, paging, held);
        }
        ledger.leave();
    }

    private static void account(
            Ledger ledger,
            Rank rank,
            int layers,
            Attention attention,
            CacheFormat format,
            CachePaging paging,
            HeldSequences held) {
        if (layers == 0) {
            return;
        }
        long sequences = held.count();
        long ranks = rank.layout().tensor();
        String kind = attention.label();
        List<CacheRow> rows = attention.cacheRows(ranks);
        for (int i = 0; i < rows.size(); i++) {
            CacheRow row = stored(rows.get(i), format, paging);
            boolean indexKey = attention instanceof IndexedAttention && i == rows.size() - 1;
            long headBytes = headBytes(rank, attention, row, indexKey, format, paging);
            long slack = slackTokens(row, paging);
            if (slack > 0) {
                ledger.post(WINDOW_SLACK, kind, "", layers, row.heads(), headBytes, sequences, slack);
            }
            long kept = keptRows(row, paging, held.tokens());
            long shared = SharedPrefix.rows(row, paging, held);
            SharedPrefix.post(ledger, kind, "", layers, row.heads(), headBytes, sequences, kept, shared);
        }
        if (paging.rows().indexValues()
                && attention instanceof IndexedAttention indexed
                && indexed.inner() instanceof GroupedQuery) {
            CacheRow value = new CacheRow(1, 0, indexed.keyWidth(), CacheRow.UNLIMITED, indexed.pool());
            long kept = keptRows(value, paging, held.tokens());
            long shared = SharedPrefix.rows(value, paging, held);
            SharedPrefix.post(
                    ledger, kind, "index values", layers, 1, value.headBytes(format), sequences, kept, shared);
        }
        List<RecurrentState> states = attention.states();
        for (int i = 0; i < states.size(); i++) {
            RecurrentState state = states.get(i);
            long columns = paging.columnsOf(state);
            long elementBytes = paging.rows().stateBytes() > 0 ? paging.rows().stateBytes() : state.elementBytes();
            ledger.post(
                    STATE, kind, state.name(), layers, state.channelsOnRank(ranks), columns, elementBytes, sequences);
        }
    }

    private static long headBytes(
            Rank rank, Attention attention, CacheRow row, boolean indexKey, CacheFormat format, CachePaging paging) {
        Attention inner = attention instanceof IndexedAttention indexed ? indexed.inner() : attention;
        if (!paging.rows().scaledIndex()
                || !rank.model().layers().indexesLatents()
                || !(inner instanceof MultiHeadLatent latent)) {
            return row.headBytes(format);
        }
        if (indexKey) {
            return scaledBytes(row.keyWidth());
        }
        boolean eightBits = format.equals(CacheFormats.FP8_E4M3) || format.equals(CacheFormats.FP8_DS_MLA);
        return eightBits ? scaledBytes(latent.latentRank()) + 2 * latent.rotaryWidth() : row.headBytes(format);
    }

    /**
     * Bytes of a vector in FP8 with a scale in FP32 for each 128 elements.
     *
     * @param width its elements
     * @return bytes: 132 for a key of 128
     */
    public static long scaledBytes(long width) {
        return Math.addExact(width, Exact.ceilDiv(width, SCALED_ELEMENTS) * Float.BYTES);
    }

    /** The row as it is stored: blocks that run on across heads make one wide head of all. */
    private static CacheRow stored(CacheRow row, CacheFormat format, CachePaging paging) {
        boolean wholeBlocks =
                row.keyWidth() % format.blockElements() == 0 && row.valueWidth() % format.blockElements() == 0;
        return wholeBlocks || !paging.rows().headsJoined()
                ? row
                : new CacheRow(
                        1,
                        Math.multiplyExact(row.heads(), row.keyWidth()),
                        Math.multiplyExact(row.heads(), row.valueWidth()),
                        row.limit(),
                        row.stride());
    }

    private static long keptRows(CacheRow row, CachePaging paging, long tokens) {
        long pages = paging.pages(tokens);
        if (row.limit() instanceof CacheRow.Window window) {
            pages = Math.min(pages, paging.windowPages(window.tokens()));
        } else if (row.limit() instanceof CacheRow.Source source) {
            pages = paging.pages(source.tokens());
        }
        return paging.rowsOf(pages, row.stride());
    }

    private static long slackTokens(CacheRow row, CachePaging paging) {
        return row.limit() instanceof CacheRow.Window
                ? Math.multiplyExact(paging.windowSlackPages(), paging.pageTokens())
                : 0;
    }

    /**
     * The numbers of pages at which a layer of this rank stops growing.
     *
     * @param rank what it holds
     * @param paging how tokens are rounded
     * @return ascending, empty where every layer keeps all tokens
     */
    public static SortedSet<Long> windowPages(Rank rank, CachePaging paging) {
        SortedSet<Long> pages = new TreeSet<>();
        if (paging.keepsWhole()) {
            return pages;
        }
        forEachRow(rank, row -> row.window().ifPresent(window -> pages.add(paging.windowPages(window))));
        return pages;
    }

    /**
     * The numbers of pages that share one cached row, in layers that compress several tokens to one.
     *
     * @param rank what it holds
     * @param paging how tokens are rounded
     * @return ascending, each 2 or more; empty where every page takes as much as the last
     * @throws IllegalArgumentException if neither of page and row holds a whole number of the other
     */
    public static SortedSet<Long> stridePages(Rank rank, CachePaging paging) {
        long page = paging.pageTokens();
        SortedSet<Long> strides = new TreeSet<>();
        forEachRow(rank, row -> {
            checkArgument(
                    paging.rows().sharedPaged() || row.stride() % page == 0 || page % row.stride() == 0,
                    "pages of %s tokens and rows of %s; one must hold a whole number of the other",
                    page,
                    row.stride());
            long pages = paging.rows().sharedPaged() ? row.stride() : row.stride() / page;
            if (pages > 1) {
                strides.add(pages);
            }
        });
        return strides;
    }

    private static void forEachRow(Rank rank, Consumer<CacheRow> row) {
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            if (rank.layersOfGroup(group) > 0) {
                groups.get(group).attention().cacheRows(1).forEach(row);
            }
        }
        if (rank.speculativeBlocks() > 0) {
            rank.model()
                    .speculativeHead()
                    .orElseThrow()
                    .layer()
                    .attention()
                    .cacheRows(1)
                    .forEach(row);
        }
    }
}
