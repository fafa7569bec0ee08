package io.llmsizing.engine;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.kvcache.SharedPrefix;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.List;

/**
 * SGLang's pools. Tokens of all sequences stand in one pool, and those of layers with a window in a second one of a fixed
 * ratio to the first. Where a model keeps states, memory is split between them and tokens before either is counted: each byte
 * of tokens has a share of a byte of states beside it, and a sequence needs some slots of states whatever its length.
 */
final class SglangPools {
    private static final MemoryLine WINDOW_POOL = MemoryLine.exact(
            "kv_cache.window_pool",
            "share_bytes * sequences * tokens",
            "SGLang srt/model_executor/pool_configurator.py: the pool of windows is a ratio of the whole one");
    private static final MemoryLine STATE_POOL = MemoryLine.exact(
            "kv_cache.state_pool",
            "share_bytes * sequences * tokens",
            "SGLang srt/mem_cache/kv_cache_configurator.py: mamba_full_memory_ratio splits what is free");

    /** An indexer's key is FP8 with an FP32 scale for 128 elements, whatever the cache's format. */
    private final boolean windowPools;

    private final Ratio windowRatio;
    private final Ratio stateRatio;
    private final long stateSlots;

    SglangPools(EngineFacts facts, EngineVersion version) {
        this.windowPools = facts.constant("window_pools", version).whole() == 1;
        this.windowRatio = facts.constant("window_ratio", version).value();
        this.stateRatio = facts.constant("state_ratio", version).value();
        this.stateSlots = facts.constant("state_slots", version).whole();
    }

    void account(Ledger ledger, Serving serving, CachePaging paging, HeldSequences held) {
        Rank rank = serving.rank();
        long page = bytesOfPage(serving, paging);
        long pages = Math.max(paging.pages(held.tokens()), leastPages(serving, paging));
        ledger.enter("kv_cache");
        for (Layers layers : layers(rank)) {
            accountRows(ledger, rank, layers, serving.cache(), paging, held, pages);
            if (page == 0) {
                accountStates(ledger, rank, layers, Math.multiplyExact(held.count(), stateSlots));
            }
        }
        if (page > 0 && stateBytes(rank) > 0) {
            long share = stateRatio.floorOf(page) / paging.pageTokens();
            ledger.post(STATE_POOL, "recurrent states", share, held.count(), paging.rowsOf(pages, 1));
        }
        ledger.leave();
    }

    /** The pages that a sequence takes at least, those beside which its states' slots stand. */
    long leastPages(Serving serving, CachePaging paging) {
        long page = bytesOfPage(serving, paging);
        long states = stateBytes(serving.rank());
        if (page == 0 || states == 0) {
            return 0;
        }
        long share = stateRatio.floorOf(page) / paging.pageTokens() * paging.pageTokens();
        return Exact.ceilDiv(Math.multiplyExact(states, stateSlots), Math.max(1, share));
    }

    /** Bytes of a page of tokens, rows that tokens share divided evenly. */
    private long bytesOfPage(Serving serving, CachePaging paging) {
        long bytes = 0;
        for (Layers layers : layers(serving.rank())) {
            for (Row row : rows(layers, serving.rank(), serving.cache())) {
                bytes = Math.addExact(bytes, Math.multiplyExact(row.bytes(), paging.pageTokens()) / row.stride());
            }
        }
        return bytes;
    }

    private void accountRows(
            Ledger ledger,
            Rank rank,
            Layers layers,
            CacheFormat format,
            CachePaging paging,
            HeldSequences held,
            long pages) {
        String kind = layers.attention().label();
        for (Row row : rows(layers, rank, format)) {
            if (row.pooled()) {
                ledger.post(WINDOW_POOL, kind, row.bytes(), held.count(), paging.rowsOf(pages, 1));
            } else {
                long kept = row.row().limit() instanceof CacheRow.Source source
                        ? paging.rowsOf(paging.pages(source.tokens()), 1)
                        : paging.rowsOf(pages, row.stride());
                SharedPrefix.post(
                        ledger,
                        kind,
                        row.name(),
                        layers.count(),
                        row.row().heads(),
                        row.headBytes(),
                        held.count(),
                        kept,
                        SharedPrefix.rows(row.row(), paging, held));
            }
        }
    }

    private static void accountStates(Ledger ledger, Rank rank, Layers layers, long slots) {
        for (RecurrentState state : layers.attention().states()) {
            ledger.post(
                    KvCacheMemory.STATE,
                    layers.attention().label(),
                    state.name(),
                    layers.count(),
                    state.channelsOnRank(rank.layout().tensor()),
                    columns(state),
                    state.elementBytes(),
                    slots);
        }
    }

    private static long stateBytes(Rank rank) {
        long bytes = 0;
        for (Layers layers : layers(rank)) {
            for (RecurrentState state : layers.attention().states()) {
                long each = Math.multiplyExact(
                        Math.multiplyExact(state.channelsOnRank(rank.layout().tensor()), columns(state)),
                        state.elementBytes());
                bytes = Math.addExact(bytes, Math.multiplyExact(layers.count(), each));
            }
        }
        return bytes;
    }

    private static long columns(RecurrentState state) {
        return state.columns() - (state.convolution() ? 1 : 0);
    }

    private List<Row> rows(Layers layers, Rank rank, CacheFormat format) {
        List<Row> rows = new ArrayList<>();
        List<CacheRow> cached = layers.attention().cacheRows(rank.layout().tensor());
        for (int i = 0; i < cached.size(); i++) {
            CacheRow row = cached.get(i);
            boolean key = layers.attention() instanceof IndexedAttention && i == cached.size() - 1;
            long headBytes = key ? KvCacheMemory.scaledBytes(row.keyWidth()) : row.headBytes(format);
            long bytes = Math.multiplyExact(Math.multiplyExact(layers.count(), row.heads()), headBytes);
            boolean pooled = windowPools && row.window().isPresent();
            rows.add(new Row(
                    row, key ? "index keys" : "", headBytes, pooled ? windowRatio.floorOf(bytes) : bytes, pooled));
        }
        return rows;
    }

    private static List<Layers> layers(Rank rank) {
        List<Layers> layers = new ArrayList<>();
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            if (rank.layersOfGroup(group) > 0) {
                layers.add(new Layers(groups.get(group).attention(), rank.layersOfGroup(group)));
            }
        }
        if (rank.speculativeBlocks() > 0) {
            layers.add(new Layers(
                    rank.model().speculativeHead().orElseThrow().layer().attention(), rank.speculativeBlocks()));
        }
        return layers;
    }

    /** Layers of one kind on a rank. */
    private record Layers(Attention attention, long count) {}

    /** A cached row, with the bytes that all layers of its kind take of it for a token. */
    private record Row(CacheRow row, String name, long headBytes, long bytes, boolean pooled) {
        long stride() {
            return row.stride();
        }
    }
}
