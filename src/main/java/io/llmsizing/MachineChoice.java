package io.llmsizing;

import io.llmsizing.hardware.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Picks, of unlike machines, the kinds that a model is laid out on; the others stay idle.
 *
 * <ul>
 *   <li>Of up to 5 kinds every selection is tried, in the cluster's order.
 *   <li>Of more, the lines of {@link MachineLines} are tried: machines with the most memory first. Where ranks take the first
 *       devices of a line, those behind the last rank are left out again. Where layers are spread over all devices there are,
 *       every beginning of the line is tried, up to the most devices that can have a stage.
 * </ul>
 */
final class MachineChoice {
    private static final int MOST_KINDS = 5;

    private final Function<Cluster, Deployment> onBest;
    private final int ranks;
    private @Nullable Deployment best;

    private MachineChoice(Function<Cluster, Deployment> onBest, int ranks) {
        this.onBest = onBest;
        this.ranks = ranks;
    }

    /**
     * The deployment to be preferred: one that fits for sure, with the fewest pipeline stages, and among those the one with the
     * most headroom, and among those the one on the fewest devices, so that machines without a rank are said to be idle; all
     * machines where none is better than that. Parts of machines with unlike devices only where no whole machines fit for sure.
     *
     * @param cluster all machines
     * @param ranks devices that what is asked for takes at least
     * @param spreadsLayers whether layers are spread over all devices there are
     * @param onBest the deployment on given machines
     * @throws InvalidLayoutException if what is asked for goes on no machines, for the reason that it does not go on all
     * @throws IllegalArgumentException at once where the machines are not the reason, or there are fewer than the ranks
     */
    static Deployment best(Cluster cluster, int ranks, boolean spreadsLayers, Function<Cluster, Deployment> onBest) {
        MachineChoice choice = new MachineChoice(onBest, ranks);
        @Nullable InvalidLayoutException refused = null;
        try {
            choice.best = onBest.apply(cluster);
        } catch (InvalidLayoutException onAll) {
            refused = onAll;
        }
        for (Cluster part : cluster.parts()) {
            boolean isWhole = part.groups().equals(cluster.groups());
            if (!isWhole && choice.best != null && Sizing.fits(choice.best)) {
                break;
            }
            if (!isWhole) {
                choice.tried(part.groups());
            }
            if (part.groups().size() <= MOST_KINDS) {
                selections(part.groups()).forEach(choice::tried);
            } else {
                MachineLines.of(part).forEach(spreadsLayers ? choice::tryBeginnings : choice::tryUsed);
            }
        }
        if (choice.best == null) {
            throw Objects.requireNonNull(refused);
        }
        return choice.best;
    }

    private void tryUsed(List<Cluster.Group> line) {
        @Nullable Deployment onLine = tried(line);
        if (onLine != null) {
            List<Cluster.Group> used =
                    line.subList(0, kinds(line, onLine.layout().ranks()));
            if (used.size() < line.size()) {
                tried(used);
            }
        }
    }

    private void tryBeginnings(List<Cluster.Group> line) {
        int most = kinds(line, LayoutChoice.MOST_STAGES);
        for (int kinds = 1; kinds <= most; kinds++) {
            tried(line.subList(0, kinds));
        }
    }

    /** How many kinds from the front have so many devices; all where they are fewer. */
    private static int kinds(List<Cluster.Group> line, int devices) {
        long before = 0;
        for (int kind = 0; kind < line.size(); kind++) {
            before += (long) line.get(kind).count() * line.get(kind).node().deviceCount();
            if (before >= devices) {
                return kind + 1;
            }
        }
        return line.size();
    }

    /** Nothing where what is asked for can't be laid out on these machines. */
    private @Nullable Deployment tried(List<Cluster.Group> some) {
        Cluster machines = new Cluster(some);
        if (machines.devices() < ranks) {
            return null;
        }
        try {
            Deployment candidate = onBest.apply(machines);
            if (best == null || isBetter(candidate, best)) {
                best = candidate;
            }
            return candidate;
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

    /** Every selection but that of all. */
    private static List<List<Cluster.Group>> selections(List<Cluster.Group> all) {
        List<List<Cluster.Group>> selections = new ArrayList<>();
        for (int selected = 1; selected < (1 << all.size()) - 1; selected++) {
            List<Cluster.Group> groups = new ArrayList<>();
            for (int kind = 0; kind < all.size(); kind++) {
                if (((selected >> kind) & 1) == 1) {
                    groups.add(all.get(kind));
                }
            }
            selections.add(groups);
        }
        return selections;
    }
}
