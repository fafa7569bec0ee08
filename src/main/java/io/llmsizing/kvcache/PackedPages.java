package io.llmsizing.kvcache;

import com.google.common.math.LongMath;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.parallel.Rank;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Packs the pages of compressed attention: entries and index keys of all layers are one group that keeps whole sequences;
 * windows, and what compressors have not made an entry of yet, are kinds that keep windows, by the tokens of a page and of the
 * window. A page of a window is rounded up to the next larger page of the whole sequences. Pages are counted in tuples, one page of
 * each size; kinds are cut into groups of so many tuples as fill up the fewest, and not fewer than the whole sequences have.
 */
final class PackedPages {
    private final Rank rank;
    private final PackedLayout layout;
    private final SortedMap<Long, Layers> whole = new TreeMap<>();
    private final Map<Kind, SortedMap<Long, Layers>> windows = new LinkedHashMap<>();

    /** Layers whose pages are found by one table. */
    private record Kind(String detail, long pageTokens, long window) {}

    private PackedPages(Rank rank, PackedLayout layout) {
        this.rank = rank;
        this.layout = layout;
    }

    static Optional<PagePool> pool(Rank rank, CachePaging paging, PackedLayout layout) {
        PackedPages pages = new PackedPages(rank, layout);
        return pages.countLayers() ? Optional.of(pages.packed(paging)) : Optional.empty();
    }

    /** Whether there are layers, and all that cache are compressed attention. */
    private boolean countLayers() {
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            LayerGroup like = groups.get(group);
            if (!add(like.attention(), new Layers(like.count(), rank.layersOfGroup(group)))) {
                return false;
            }
        }
        if (rank.speculates()) {
            SpeculativeHead head = rank.model().speculativeHead().orElseThrow();
            if (!add(head.layer().attention(), new Layers(head.depth(), rank.speculativeBlocks()))) {
                return false;
            }
        }
        return !windows.isEmpty();
    }

    private boolean add(Attention attention, Layers layers) {
        if (!(attention instanceof CompressedAttention compressed)) {
            return attention.cacheRows(1).isEmpty() && attention.states().isEmpty();
        }
        long row = layout.rowBytes(compressed.width());
        addWindow("windows", layout.windowPageTokens(), compressed.window(), row, layers);
        if (compressed.ratio() > 0) {
            addEntries(compressed, row, layers);
            addPending(compressed, compressed.width(), layers);
        }
        if (compressed.indexHeads() > 0) {
            addEntries(compressed, KvCacheMemory.scaledBytes(compressed.indexWidth()), layers);
            addPending(compressed, compressed.indexWidth(), layers);
        }
        return true;
    }

    private void addEntries(CompressedAttention compressed, long rowBytes, Layers layers) {
        long rows = Exact.ceilDiv(layout.pageTokens(), compressed.ratio());
        whole.merge(layout.pageBytes(rows, rowBytes), layers, Layers::plus);
    }

    private void addPending(CompressedAttention compressed, long keyWidth, Layers layers) {
        long tokens = compressed.overlapping() ? layout.overlappingPageTokens() : layout.pendingPageTokens();
        long rowBytes = Math.multiplyExact(compressed.pendingElements(keyWidth), Float.BYTES);
        addWindow("states", tokens, compressed.pendingTokens(), rowBytes, layers);
    }

    private void addWindow(String detail, long pageTokens, long window, long rowBytes, Layers layers) {
        windows.computeIfAbsent(new Kind(detail, pageTokens, window), kind -> new TreeMap<>())
                .merge(layout.pageBytes(pageTokens, rowBytes), layers, Layers::plus);
    }

    private PagePool packed(CachePaging paging) {
        String label = "compressed attention";
        windows.replaceAll((kind, pages) -> padded(pages));
        long tuples = tuplesOfGroup();
        List<PageGroup> kinds = new ArrayList<>();
        long slab = slabBytes(whole, 1);
        long unit = 0;
        if (!whole.isEmpty()) {
            kinds.add(PageGroup.whole(label, "entries", 1, layout.pageTokens()));
            unit = layout.pageTokens();
        }
        for (Map.Entry<Kind, SortedMap<Long, Layers>> like : windows.entrySet()) {
            Kind kind = like.getKey();
            long groups = Exact.ceilDiv(tuplesOf(like.getValue()), tuples);
            slab = Math.max(slab, slabBytes(like.getValue(), groups));
            kinds.add(PageGroup.window(label, kind.detail(), groups, kind.pageTokens(), kind.window(), paging));
            unit = LongMath.gcd(unit, kind.pageTokens());
        }
        return PagePool.slabs(paging.pagesOf(unit), slab, kinds);
    }

    /** Pages of windows at the next larger size of a page of whole sequences, where there is one. */
    private SortedMap<Long, Layers> padded(SortedMap<Long, Layers> pages) {
        SortedMap<Long, Layers> padded = new TreeMap<>();
        pages.forEach((bytes, layers) -> {
            SortedMap<Long, Layers> larger = whole.tailMap(bytes);
            padded.merge(larger.isEmpty() ? bytes : larger.firstKey(), layers, Layers::plus);
        });
        return padded;
    }

    private long slabBytes(SortedMap<Long, Layers> pages, long groups) {
        long sum = 0;
        for (Map.Entry<Long, Layers> page : pages.entrySet()) {
            long here = Exact.ceilDiv(page.getValue().here(), groups);
            sum = Math.addExact(sum, Math.multiplyExact(page.getKey(), here));
        }
        return sum;
    }

    private static long tuplesOf(SortedMap<Long, Layers> pages) {
        long most = 0;
        for (Layers layers : pages.values()) {
            most = Math.max(most, layers.all());
        }
        return most;
    }

    /** Of the numbers from the whole sequences' up that which leaves the fewest tuples unfilled, the largest of equals; all where there are none. */
    private long tuplesOfGroup() {
        long[] kinds = new long[windows.size() + 1];
        kinds[0] = tuplesOf(whole);
        long most = kinds[0];
        int next = 1;
        for (SortedMap<Long, Layers> pages : windows.values()) {
            kinds[next] = tuplesOf(pages);
            most = Math.max(most, kinds[next]);
            next++;
        }
        if (whole.isEmpty()) {
            return most;
        }
        long best = kinds[0];
        long fewest = Long.MAX_VALUE;
        for (long tuples = kinds[0]; tuples <= most; tuples++) {
            long unfilled = 0;
            for (long kind : kinds) {
                unfilled += Exact.padTo(kind, tuples) - kind;
            }
            if (unfilled <= fewest) {
                fewest = unfilled;
                best = tuples;
            }
        }
        return best;
    }
}
