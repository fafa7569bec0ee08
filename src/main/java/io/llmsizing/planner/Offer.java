package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Cluster;
import java.util.ArrayList;
import java.util.List;

/** What may be taken of offered machines: those of each kind by themselves, and unlike ones together. */
final class Offer {
    private Offer() {}

    /**
     * The machines to plan on.
     *
     * @param offered all of them
     * @param spares how many stay idle, of every kind by itself and of all together
     * @return each kind by itself, and behind them all together where they are unlike
     * @throws IllegalArgumentException if no machine is left
     */
    static List<Cluster> of(Cluster offered, int spares) {
        List<Cluster> machines = new ArrayList<>();
        for (Cluster.Group group : offered.groups()) {
            if (group.count() > spares) {
                machines.add(new Cluster(
                        List.of(new Cluster.Group(group.node(), group.count() - spares)), offered.choices()));
            }
        }
        if (offered.groups().size() > 1) {
            List<Cluster.Group> left = withoutLast(offered.groups(), spares);
            if (!left.isEmpty()) {
                machines.add(new Cluster(left, offered.choices()));
            }
        }
        checkArgument(
                !machines.isEmpty(),
                "%s spare nodes of %s leave none to plan on; offer more, or keep fewer spare",
                spares,
                offered);
        return machines;
    }

    private static List<Cluster.Group> withoutLast(List<Cluster.Group> groups, int spares) {
        List<Cluster.Group> left = new ArrayList<>();
        int idle = spares;
        for (int i = groups.size() - 1; i >= 0; i--) {
            int taken = groups.get(i).count() - idle;
            idle = Math.max(0, -taken);
            if (taken > 0) {
                left.add(0, new Cluster.Group(groups.get(i).node(), taken));
            }
        }
        return left;
    }
}
