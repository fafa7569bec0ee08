package io.llmsizing;

import io.llmsizing.hardware.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Picks, of unlike machines, the kinds that a model is laid out on; the others stay idle. */
final class MachineChoice {
    /** Of more kinds of machines than that, each alone and all together are tried, instead of every selection. */
    private static final int MOST_KINDS = 5;

    private MachineChoice() {}

    /**
     * The deployment to be preferred: one that fits for sure, with the fewest pipeline stages, and among those the one with the
     * most headroom, and among those the one on the fewest devices, so that machines without a rank are said to be idle; all
     * machines where none is better than that.
     *
     * @param cluster all machines
     * @param ranks devices that what is asked for takes at least
     * @param onBest the deployment on given machines
     * @throws InvalidLayoutException if what is asked for goes on no machines, for the reason that it does not go on all
     * @throws IllegalArgumentException at once where the machines are not the reason, or there are fewer than the ranks
     */
    static Deployment best(Cluster cluster, int ranks, Function<Cluster, Deployment> onBest) {
        @Nullable Deployment best = null;
        @Nullable InvalidLayoutException refused = null;
        try {
            best = onBest.apply(cluster);
        } catch (InvalidLayoutException onAll) {
            refused = onAll;
        }
        for (Cluster some : selections(cluster)) {
            @Nullable Deployment candidate = some.devices() < ranks ? null : built(some, onBest);
            if (candidate != null && (best == null || isBetter(candidate, best))) {
                best = candidate;
            }
        }
        if (best == null) {
            throw Objects.requireNonNull(refused);
        }
        return best;
    }

    /** Nothing where what is asked for can't be laid out on these machines. */
    private static @Nullable Deployment built(Cluster some, Function<Cluster, Deployment> onBest) {
        try {
            return onBest.apply(some);
        } catch (InvalidLayoutException notOnThese) {
            return null;
        }
    }

    private static boolean isBetter(Deployment candidate, Deployment best) {
        boolean fits = Sizing.fits(candidate);
        if (fits != Sizing.fits(best)) {
            return fits;
        }
        int stages = candidate.layout().pipeline() - best.layout().pipeline();
        if (fits && stages != 0) {
            return stages < 0;
        }
        int headroom = Long.compare(LayoutChoice.headroom(candidate), LayoutChoice.headroom(best));
        return headroom > 0
                || (headroom == 0
                        && candidate.cluster().devices() < best.cluster().devices());
    }

    private static List<Cluster> selections(Cluster cluster) {
        int kinds = cluster.groups().size();
        List<Cluster> selections = new ArrayList<>();
        for (int selected = 1; kinds <= MOST_KINDS && selected < (1 << kinds) - 1; selected++) {
            List<Cluster.Group> groups = new ArrayList<>();
            for (int kind = 0; kind < kinds; kind++) {
                if (((selected >> kind) & 1) == 1) {
                    groups.add(cluster.groups().get(kind));
                }
            }
            selections.add(new Cluster(groups));
        }
        if (kinds > MOST_KINDS) {
            cluster.groups().forEach(group -> selections.add(new Cluster(List.of(group))));
        }
        return selections;
    }
}
