package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.attention.CacheRow;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a model from bottom to top, as groups of equal layers and the order in which they stand. Runs that
 * repeat a kind (one full attention layer after every five windowed ones) make one group of each kind.
 */
public final class LayerStack {
    private static final int MOST_KINDS = 1_024;

    private final List<LayerGroup> runs;
    private final List<LayerGroup> groups;
    private final int[] groupOfLayer;
    private final boolean cachesAlike;
    private final boolean keepsWindows;
    private final boolean indexesLatents;

    private LayerStack(List<LayerGroup> runs) {
        List<LayerGroup> merged = new ArrayList<>();
        Map<LayerGroup, Integer> groupOfKind = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (LayerGroup run : runs) {
            int group = groupOfKind.computeIfAbsent(run.times(1), kind -> merged.size());
            if (group == merged.size()) {
                checkArgument(group < MOST_KINDS, "more than %s kinds of layers", MOST_KINDS);
                merged.add(run);
            } else {
                merged.set(group, run.times(merged.get(group).count() + run.count()));
            }
            for (int i = 0; i < run.count(); i++) {
                order.add(group);
            }
            checkArgument(order.size() <= LayerGroup.MOST_LAYERS, "more than %s layers", LayerGroup.MOST_LAYERS);
        }
        this.runs = ImmutableList.copyOf(runs);
        this.groups = ImmutableList.copyOf(merged);
        this.groupOfLayer = order.stream().mapToInt(Integer::intValue).toArray();
        this.cachesAlike =
                groups.stream().allMatch(group -> group.attention().states().isEmpty())
                        && groups.stream()
                                        .flatMap(group -> group.attention().cacheRows(1).stream())
                                        .map(CacheRow::limit)
                                        .distinct()
                                        .count()
                                <= 1;
        this.keepsWindows = groups.stream()
                .flatMap(group -> group.attention().cacheRows(1).stream())
                .anyMatch(row -> row.limit() instanceof CacheRow.Window);
        this.indexesLatents = groups.stream()
                .anyMatch(group -> group.attention() instanceof IndexedAttention indexed
                        && indexed.inner() instanceof MultiHeadLatent);
    }

    /**
     * Whether all layers that cache keep equally many tokens of a sequence, and none a state beside or instead of them.
     *
     * @return true also where no layer caches
     */
    public boolean cachesAlike() {
        return cachesAlike;
    }

    /**
     * Whether some layer keeps the last tokens of a sequence alone.
     *
     * @return false where every layer keeps all of them, or none
     */
    public boolean keepsWindows() {
        return keepsWindows;
    }

    /**
     * Whether an indexer stands beside latent attention in some layer. Layers between may go by the choice of one below
     * (GLM-5.2: 57 of 78), with an equal row and no key of their own.
     *
     * @return false also where indexers stand beside heads of keys and values
     */
    public boolean indexesLatents() {
        return indexesLatents;
    }

    /**
     * Stacks runs of equal layers.
     *
     * @param runs from the bottom up, at least one
     * @return the stack
     * @throws IllegalArgumentException if there is no run, or more than {@link LayerGroup#MOST_LAYERS} layers
     */
    public static LayerStack of(List<LayerGroup> runs) {
        checkArgument(!runs.isEmpty(), "a model has at least one layer");
        return new LayerStack(runs);
    }

    /**
     * Stacks runs of equal layers.
     *
     * @param runs from the bottom up, at least one
     * @return the stack
     */
    public static LayerStack of(LayerGroup... runs) {
        return of(Arrays.asList(runs));
    }

    /**
     * The runs as they were stacked.
     *
     * @return from the bottom up
     */
    public List<LayerGroup> runs() {
        return runs;
    }

    /**
     * The kinds of layers, each with the number of its layers in the whole stack.
     *
     * @return in the order of their first layer
     */
    public List<LayerGroup> groups() {
        return groups;
    }

    /**
     * All layers.
     *
     * @return their number
     */
    public int size() {
        return groupOfLayer.length;
    }

    /**
     * The kind of one layer.
     *
     * @param layer 0 to {@link #size()} - 1
     * @return its index in {@link #groups()}
     */
    public int groupOf(int layer) {
        return groupOfLayer[layer];
    }

    /**
     * How the layers of a span are divided over the groups.
     *
     * @param from the span's first layer, 0 or more
     * @param to the layer behind its last, at most {@link #size()}
     * @return layers of each group, in the order of {@link #groups()}
     */
    public int[] countsWithin(int from, int to) {
        int[] counts = new int[groups.size()];
        if (from == 0 && to == groupOfLayer.length) {
            for (int group = 0; group < counts.length; group++) {
                counts[group] = groups.get(group).count();
            }
        } else {
            for (int layer = from; layer < to; layer++) {
                counts[groupOfLayer[layer]]++;
            }
        }
        return counts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerStack layerStack
                && groups.equals(layerStack.groups)
                && Arrays.equals(groupOfLayer, layerStack.groupOfLayer);
    }

    @Override
    public int hashCode() {
        return groups.hashCode();
    }

    @Override
    public String toString() {
        return runs.toString();
    }
}
