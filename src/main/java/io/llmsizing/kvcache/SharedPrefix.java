package io.llmsizing.kvcache;

import io.llmsizing.attention.CacheRow;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;

/**
 * What sequences that begin with the same tokens hold together: full pages of these in the layers that keep every token.
 * Windows, chunks and states belong to one sequence each.
 *
 * <p>Worked value: 32 sequences of Llama-3.1-8B that begin with 1,000 tokens, in pages of 16: 992 x 131,072 B once instead of 32 times.
 */
public final class SharedPrefix {
    /** Bytes of the rows that all sequences begin with. */
    public static final MemoryLine ROWS = MemoryLine.exact(
            "kv_cache.shared_prefix",
            "layers * heads * head_bytes * shared_tokens",
            "vLLM v1/core/kv_cache_manager.py, SGLang srt/mem_cache/radix_cache.py: full pages of equal tokens are held once");

    /** Bytes of a pool's pages that all sequences begin with. */
    public static final MemoryLine PAGES = MemoryLine.exact(
            "kv_cache.shared_pages",
            "groups * layers * page_bytes * shared_pages",
            "vLLM v1/core/kv_cache_manager.py: full pages of equal tokens are held once");

    private SharedPrefix() {}

    /**
     * Rows that are held once.
     *
     * @param row the row
     * @param paging how tokens are rounded
     * @param held sequences of a rank
     * @return rows of full pages; 0 where nothing is shared, and for a row that is kept of a window or of a source
     */
    public static long rows(CacheRow row, CachePaging paging, HeldSequences held) {
        return row.limit().equals(CacheRow.UNLIMITED) ? paging.wholeRowsOf(held.sharedTokens(), row.stride()) : 0;
    }

    /**
     * Posts the rows of layers of one kind, those that are held once apart from those of each sequence.
     *
     * @param ledger where to
     * @param kind the attention
     * @param part what of it, or the empty text
     * @param layers of the kind
     * @param heads that a rank keeps
     * @param headBytes of one of them
     * @param sequences held at once
     * @param kept rows of each, 0 or more
     * @param shared how many of these all hold together
     */
    public static void post(
            Ledger ledger,
            String kind,
            String part,
            long layers,
            long heads,
            long headBytes,
            long sequences,
            long kept,
            long shared) {
        if (shared > 0) {
            ledger.post(ROWS, kind, part, layers, heads, headBytes, shared, 1);
        }
        if (shared == 0 || kept > shared) {
            ledger.post(KvCacheMemory.ROWS, kind, part, layers, heads, headBytes, sequences, kept - shared);
        }
    }
}
