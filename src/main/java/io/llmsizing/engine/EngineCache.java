package io.llmsizing.engine;

import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.ledger.Ledger;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/** How an engine keeps the cache. */
public interface EngineCache {
    /**
     * How the engine rounds cached tokens.
     *
     * @param serving what is served
     * @return the pages
     */
    CachePaging paging(Serving serving);

    /**
     * The one pool in which the engine keeps layers that cache unlike amounts; {@link #cacheEdges} and {@link #cacheStrides}
     * are asked only where there is none.
     *
     * @param serving what is served
     * @return the pool, or nothing where every layer has pages of its own
     */
    default Optional<PagePool> pool(Serving serving) {
        return Optional.empty();
    }

    /**
     * Posts the cache: section {@code kv_cache}.
     *
     * @param ledger where to
     * @param serving what is served
     * @param held sequences on the rank
     */
    default void accountCache(Ledger ledger, Serving serving, HeldSequences held) {
        Optional<PagePool> pool = pool(serving);
        if (pool.isPresent()) {
            pool.orElseThrow().account(ledger, held);
        } else {
            KvCacheMemory.account(ledger, serving.rank(), serving.cache(), paging(serving), held);
        }
    }

    /**
     * Posts the cache of sequences that share nothing: section {@code kv_cache}.
     *
     * @param ledger where to
     * @param serving what is served
     * @param sequences held at once on the rank
     * @param tokens of each
     */
    default void accountCache(Ledger ledger, Serving serving, long sequences, long tokens) {
        accountCache(ledger, serving, HeldSequences.apart(sequences, tokens));
    }

    /**
     * The tokens of which the engine speaks when it has made its cache, where these are not the pages that one long sequence
     * could take.
     *
     * @param serving what is served
     * @param poolBytes bytes of the cache on the rank
     * @param contextTokens of the longest sequence
     * @return tokens, or nothing for the usual
     */
    default OptionalLong printedTokens(Serving serving, long poolBytes, long contextTokens) {
        return OptionalLong.empty();
    }

    /**
     * The numbers of pages at which the cache of one sequence begins to grow more slowly.
     *
     * @param serving what is served
     * @return ascending, empty where it grows evenly
     */
    default SortedSet<Long> cacheEdges(Serving serving) {
        return KvCacheMemory.windowPages(serving.rank(), paging(serving));
    }

    /**
     * The pages that a sequence takes however short it is. Where there are any, the cache has no {@link #cacheEdges}.
     *
     * @param serving what is served
     * @return 0 where a sequence takes those of its tokens
     */
    default long leastPages(Serving serving) {
        return 0;
    }

    /**
     * The numbers of pages that share one cached row.
     *
     * @param serving what is served
     * @return ascending, each 2 or more; empty where every page takes as much as the last
     */
    default SortedSet<Long> cacheStrides(Serving serving) {
        return KvCacheMemory.stridePages(serving.rank(), paging(serving));
    }
}
