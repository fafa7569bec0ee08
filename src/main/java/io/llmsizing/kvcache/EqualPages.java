package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.math.LongMath;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.RecurrentState;
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

/**
 * Makes the pages of unlike layers equal: all get the bytes of the widest layer's. A narrower layer whose row divides the widest
 * keeps as many more tokens in a page; any other leaves the rest of the page empty. A state takes pages whatever its size, and
 * pages are made long enough for it. Layers of one kind are dealt into groups of equal size, the last of them filled up with
 * layers that are not there.
 */
final class EqualPages {
    private final Rank rank;
    private final CacheFormat format;
    private final CachePaging paging;
    private final Map<Content, Layers> layers = new LinkedHashMap<>();

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
    }

    private EqualPages(Rank rank, CacheFormat format, CachePaging paging) {
        this.rank = rank;
        this.format = format;
        this.paging = paging;
    }

    static Optional<PagePool> pool(Rank rank, CacheFormat format, CachePaging paging, long statePages) {
        checkArgument(statePages >= 1, "%s pages for a state; 1 or more", statePages);
        if (rank.model().layers().cachesAlike() && !rank.speculates()) {
            return Optional.empty();
        }
        EqualPages pages = new EqualPages(rank, format, paging);
        return pages.countLayers() && !pages.areAlike() ? Optional.of(pages.pooled(statePages)) : Optional.empty();
    }

    /** Whether every layer can be in a pool. */
    private boolean countLayers() {
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            LayerGroup like = groups.get(group);
            if (!add(like.attention(), new Layers(like.count(), rank.layersOfGroup(group)))) {
                return false;
            }
        }
        if (!rank.speculates()) {
            return true;
        }
        SpeculativeHead head = rank.model().speculativeHead().orElseThrow();
        return add(head.layer().attention(), new Layers(head.depth(), rank.speculativeBlocks()));
    }

    private boolean areAlike() {
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

    private boolean add(Attention attention, Layers count) {
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

    private PagePool pooled(long statePages) {
        long token = widest(false);
        long state = widest(true);
        long smallest = paging.pageTokens();
        long tokens = state == 0 ? smallest : smallest * Exact.ceilDiv(state, Math.multiplyExact(smallest, token));
        long groupLayers = groupLayers();
        List<PageGroup> kinds = new ArrayList<>();
        long layersHere = 0;
        long unit = 0;
        for (Map.Entry<Content, Layers> like : layers.entrySet()) {
            Content content = like.getKey();
            long groups = Exact.ceilDiv(like.getValue().all(), groupLayers);
            layersHere = Math.max(layersHere, Exact.ceilDiv(like.getValue().here(), groups));
            PageGroup kind = kind(content, groups, token, tokens, statePages);
            kinds.add(kind);
            unit = content.isState() ? unit : LongMath.gcd(unit, kind.pageTokens());
        }
        return PagePool.equal(paging.pagesOf(unit), Math.multiplyExact(tokens, token), layersHere, kinds);
    }

    private PageGroup kind(Content content, long groups, long widest, long tokens, long statePages) {
        if (content.isState()) {
            return PageGroup.state(content.label(), groups, tokens, statePages);
        }
        boolean holdsMore = widest % content.bytes() == 0;
        long pageTokens = holdsMore ? Math.multiplyExact(tokens, widest / content.bytes()) : tokens;
        return content.limit().orElseThrow() instanceof CacheRow.Window window
                ? PageGroup.window(content.label(), "", groups, pageTokens, window.tokens(), paging)
                : PageGroup.whole(content.label(), "", groups, pageTokens);
    }

    private long groupLayers() {
        long fewest = Long.MAX_VALUE;
        long most = 0;
        for (Layers like : layers.values()) {
            fewest = Math.min(fewest, like.all());
            most = Math.max(most, like.all());
        }
        return 2 * most < 3 * fewest ? most : fewest;
    }

    private long widest(boolean states) {
        long widest = 0;
        for (Content content : layers.keySet()) {
            widest = Math.max(widest, content.isState() == states ? content.bytes() : 0);
        }
        return widest;
    }
}
