package io.llmsizing.kvcache;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

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
        ledger.enter("kv_cache");
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            account(
                    ledger,
                    rank,
                    rank.layersOfGroup(group),
                    groups.get(group).attention(),
                    format,
                    paging,
                    sequences,
                    tokens);
        }
        int speculative = rank.speculativeBlocks();
        if (speculative > 0) {
            Attention attention =
                    rank.model().speculativeHead().orElseThrow().layer().attention();
            account(ledger, rank, speculative, attention, format, paging, sequences, tokens);
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
            long sequences,
            long tokens) {
        if (layers == 0) {
            return;
        }
        CacheRow row = attention.cacheRow(rank.layout().tensor());
        long headBytes = row.headBytes(format);
        long pages = paging.pages(tokens);
        String kind = attention.label();
        if (row.window().isPresent()) {
            pages = Math.min(pages, paging.windowPages(row.window().getAsLong()));
            long slack = Math.multiplyExact(paging.windowSlackPages(), paging.pageTokens());
            if (slack > 0) {
                ledger.post(WINDOW_SLACK, kind, "", layers, row.heads(), headBytes, sequences, slack);
            }
        }
        ledger.post(
                ROWS,
                kind,
                "",
                layers,
                row.heads(),
                headBytes,
                sequences,
                Math.multiplyExact(pages, paging.pageTokens()));
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
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            if (rank.layersOfGroup(group) > 0) {
                addWindow(pages, groups.get(group).attention(), paging);
            }
        }
        if (rank.speculativeBlocks() > 0) {
            addWindow(
                    pages, rank.model().speculativeHead().orElseThrow().layer().attention(), paging);
        }
        return pages;
    }

    private static void addWindow(SortedSet<Long> pages, Attention attention, CachePaging paging) {
        attention.cacheRow(1).window().ifPresent(window -> pages.add(paging.windowPages(window)));
    }
}
