package io.llmsizing.planner;

import java.util.ArrayList;
import java.util.List;

/** How much of what is free can be taken by what is left to be placed. */
final class Fillings {
    private final Packing packing;

    /** By demand, kind and part: the most devices of as many that ways of that demand and later ones can fill. */
    private final List<int[][][]> most = new ArrayList<>();

    Fillings(Packing packing) {
        this.packing = packing;
        for (int first = 0; first < packing.demands().size(); first++) {
            most.add(new int[packing.kinds().size()][][]);
        }
    }

    /** Devices of a part that can be filled on all machines in use. */
    long touched(int first, int kind, int part, Rooms rooms) {
        long sum = 0;
        for (int i = 0; i < rooms.size(); i++) {
            Rooms.Room room = rooms.room(i);
            if (room.kind() == kind) {
                sum += (long) rooms.machines(i)
                        * of(first, kind)[part][room.free().get(part)];
            }
        }
        return sum;
    }

    /** Devices of a part that can be filled on one machine that is not in use. */
    long untouched(int first, int kind, int part) {
        int[] sums = of(first, kind)[part];
        return sums[sums.length - 1];
    }

    /** How often a share can be taken of machines that are not in use. */
    long opening(Packing.Share share, Rooms rooms) {
        return (long) rooms.untouched(share.kind())
                * share.timesIn(packing.kinds().get(share.kind()).parts());
    }

    /** How often a share can be taken of machines in use. */
    long within(Packing.Share share, Rooms rooms) {
        long sum = 0;
        for (int i = 0; i < rooms.size(); i++) {
            Rooms.Room room = rooms.room(i);
            if (room.kind() == share.kind()) {
                sum += (long) rooms.machines(i) * share.timesIn(room.free());
            }
        }
        return sum;
    }

    /** The most replicas that can go a way, whichever machines each takes. */
    long most(Packing.Way way, Rooms rooms) {
        return way.shares().stream()
                .mapToLong(share -> (opening(share, rooms) + within(share, rooms)) / share.machines())
                .min()
                .orElse(0);
    }

    private int[][] of(int first, int kind) {
        int[][][] kinds = most.get(first);
        if (kinds[kind] == null) {
            List<Integer> parts = packing.kinds().get(kind).parts();
            kinds[kind] = new int[parts.size()][];
            for (int part = 0; part < parts.size(); part++) {
                kinds[kind][part] = sums(first, kind, part, parts.get(part));
            }
        }
        return kinds[kind];
    }

    private int[] sums(int first, int kind, int part, int devices) {
        boolean[] reached = new boolean[devices + 1];
        reached[0] = true;
        for (Packing.Demand demand :
                packing.demands().subList(first, packing.demands().size())) {
            for (Packing.Way way : demand.ways()) {
                for (Packing.Share share : way.shares()) {
                    if (share.kind() == kind && share.devices().get(part) > 0) {
                        reach(reached, share.devices().get(part));
                    }
                }
            }
        }
        int[] most = new int[devices + 1];
        for (int free = 1; free <= devices; free++) {
            most[free] = reached[free] ? free : most[free - 1];
        }
        return most;
    }

    private static void reach(boolean[] reached, int amount) {
        for (int sum = amount; sum < reached.length; sum++) {
            reached[sum] |= reached[sum - amount];
        }
    }
}
